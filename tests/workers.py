"""How pytest-xdist shares the tests out: live tests have workers of their own, since they mostly wait.

The other workers compute, and give way to live tests, which so find a machine that answers in time. A unit of work is a
file, since its tests share what is costly to make; files in `APART` give one unit for each test.
"""

import os

import pytest
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

from tests.tiers import tier

LIVE_WORKERS = 2
"""Number of live tests that run at the same time."""

NICENESS = 10
"""Niceness of the workers that compute (see `nice`)."""

APART = ("tests/session/test_spoken_scenarios.py", "tests/live/test_devices.py", "tests/understanding/test_phrases.py")

FIRST = (
    "tests/live/test_stories.py",
    "tests/live/test_lost_devices.py",
    "tests/live/test_echo_story.py",
    "tests/dialogue/test_properties.py",
    "tests/understanding/test_phrases.py",
    "tests/commands/test_chat.py",
    "tests/commands/test_replay.py",
    "tests/commands/test_routines_command.py",
    "tests/commands/test_understand.py",
    "tests/hearing/test_acceptance.py",
)
"""The longest tests begin first, so that all workers end at about the same time."""


def live_workers(config: pytest.Config) -> int:
    """Return the number of workers for live tests: none if the chosen tier has none."""
    return 0 if config.getoption("markexpr") in ("fast", "spoken", "long") else LIVE_WORKERS


def number_of_workers(config: pytest.Config) -> int:
    """Return what `-n auto` stands for: a worker that computes for each processor, and those for live tests."""
    return len(os.sched_getaffinity(0)) + live_workers(config)


def give_way(config: pytest.Config) -> None:
    """Lower the priority of this process if it is a worker that computes while live tests run."""
    worker = getattr(config, "workerinput", None)
    if worker and live_workers(config) and _number(worker["workerid"]) >= LIVE_WORKERS:
        os.nice(NICENESS)


class TierScheduling(LoadScopeScheduling):
    """The first workers take live tests, and then whatever is left; the others take no live tests."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return nodeid if file in APART else file

    def _assign_work_unit(self, node: WorkerController) -> None:
        apart = 0 < live_workers(self.config) < self.numnodes
        for_live = apart and _number(node.gateway.id) < LIVE_WORKERS
        units = [unit for unit in self.workqueue if for_live or not apart or not _is_live(unit)]
        if not units:
            node.shutdown()  # what is left is for others
            return
        self.workqueue.move_to_end(min(units, key=lambda unit: (for_live and not _is_live(unit), _turn(unit))), False)
        super()._assign_work_unit(node)


def _number(worker: str) -> int:
    return int(worker.removeprefix("gw"))


def _is_live(unit: str) -> bool:
    return tier(unit.partition("::")[0]) == "live"


def _turn(unit: str) -> int:
    file = unit.partition("::")[0]
    return FIRST.index(file) if file in FIRST else len(FIRST)
