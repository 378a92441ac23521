"""Settings for all tests: their tiers, their workers, and one folder for the speech that they share."""

import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from tests import speech, workers
from tests.skips import pytest_runtest_makereport  # noqa: F401
from tests.tiers import TIERS, holds, tier

# A slow machine is no failure, and the same commit always tests the same examples.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

# Started in the background, the tests ignore Ctrl-C, and the programs that they start would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).parents[1]


def pytest_configure(config: pytest.Config) -> None:
    for name, what in TIERS.items():
        config.addinivalue_line("markers", f"{name}: {what}")
    workers.give_way(config)
    if speech.FOLDER not in os.environ:  # this is the process that starts the workers
        folder = os.environ[speech.FOLDER] = tempfile.mkdtemp(prefix="speech-")
        config.add_cleanup(lambda: shutil.rmtree(os.environ.pop(speech.FOLDER, folder)))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out files without a test of the tier that `-m` names."""
    wanted = config.getoption("markexpr")
    is_tests = collection_path.name.startswith("test_") and collection_path.suffix == ".py"
    return True if wanted in TIERS and is_tests and not holds(collection_path, ROOT, wanted) else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test with its tier, before `-m` chooses."""
    for item in items:
        marks = {mark.name for mark in item.iter_markers()}
        item.add_marker(tier(item.path.relative_to(ROOT).as_posix(), marks))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    return workers.number_of_workers(config)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling:
    return workers.TierScheduling(config, log)
