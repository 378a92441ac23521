"""`python -m benchmarks.compare BASE` (`make compare BASE=...`): this checkout and another commit in one table."""

import contextlib
import importlib.util
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from benchmarks.compare import event_logs, start_up
from benchmarks.compare.checkout import ROOT, Checkout, clone, this_checkout
from skill.commands.param_types import BoundedInt
from skill.errors import SkillError

PARTS = ("help", "start", "logs", "blocks")
"""What is compared unless `--only` says otherwise, in this order."""

TARGETS = {
    "`make test`, set-up done, wall time": 0.28,
    "`.ci/run`, wall time": 0.6,
    "`back-stretches --help`, median": 0.25,
    "live session, caches warm: start until it understands speech": 0.5,
    "live session, caches warm: start until its first word": 0.5,
}
"""The largest acceptable ratio of new to old."""

BLOCK_TIME = "benchmarks.compute.block_time"
"""The module that measures the slowest block of a session."""


@dataclass(frozen=True)
class Row:
    """One line of the table, in seconds."""

    what: str
    old: float
    new: float

    def cells(self) -> list[str]:
        """Return the cells of the table."""
        return [self.what, f"{self.old:.2f} s", f"{self.new:.2f} s", f"{self.new / self.old:.2f}", self._target()]

    def _target(self) -> str:
        return f"≤ {TARGETS[self.what]}"


@click.command()
@click.argument("base")
@click.option("--only", multiple=True, type=click.Choice(PARTS), help="Compare only this (repeatable).")
@click.option("--tests", is_flag=True, help="Also time `make test` in both checkouts; this takes long.")
@click.option("--ci", is_flag=True, help="Also time `.ci/run` in both checkouts; this takes longer.")
@click.option(
    "--runs",
    type=BoundedInt(1, 100),
    default=7,
    show_default=True,
    help="Runs of `--help`; a third as many live starts.",
)
@click.option("--keep", type=click.Path(path_type=Path), help="Keep the clone in this folder, and use it next time.")
def compare(base: str, only: tuple[str, ...], tests: bool, ci: bool, runs: int, keep: Path | None) -> None:
    """Compare this checkout with commit BASE on this machine; print one Markdown table.

    BASE is cloned into a temporary folder and set up there with its own Makefile. Both checkouts run in turn, so that
    other load on the machine meets both alike. The exit code is 1 if the event logs of the replays differ.
    """
    chosen = only or PARTS
    with contextlib.ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="compare-")))
        place = keep.resolve() if keep else work
        place.mkdir(parents=True, exist_ok=True)
        _print_now(f"Setting up {base} in {place}.")
        old, new = clone(base, place), this_checkout()
        for checkout in (old, new):
            checkout.make(".venv/.test")
        rows: list[list[str]] = []
        for row in _times(old, new, chosen, tests, ci, runs, work):
            _print_now(" ".join(row.cells()))
            rows.append(row.cells())
        logs = list(_logs(old, new, work)) if "logs" in chosen else []
        rows += [_log_cells(each) for each in logs]
        click.echo(_table(base, rows))
        if "blocks" in chosen:
            click.echo(_blocks())
    different = [each for each in logs if not each.equal]
    if different:
        raise SkillError("Event logs differ.\n" + "\n".join(each.difference for each in different))


def _times(
    old: Checkout, new: Checkout, chosen: tuple[str, ...], tests: bool, ci: bool, runs: int, work: Path
) -> Iterator[Row]:
    """Yield the rows of the table that are times."""
    names = list(TARGETS)
    if tests:
        yield Row(names[0], *(_wall_time(each, ["make", "test"]) for each in (old, new)))
    if ci:
        yield Row(names[1], *(_wall_time(each, [str(each.folder / ".ci" / "run")]) for each in (old, new)))
    if "help" in chosen:
        yield Row(names[2], *start_up.help_times((old, new), runs))
    if "start" in chosen:
        starts = start_up.live_starts((old, new), -(-runs // 3), work)
        yield Row(names[3], *(start.understands for start in starts))
        yield Row(names[4], *(start.speaks for start in starts))


def _wall_time(checkout: Checkout, command: list[str]) -> float:
    """Return the seconds that a command takes in a checkout. Raises SkillError if it fails."""
    _print_now(f"{' '.join(command)} in {checkout.name}")
    began = time.monotonic()
    if subprocess.run(command, cwd=checkout.folder, stdout=sys.stderr, check=False).returncode:
        raise SkillError(f"`{' '.join(command)}` failed in {checkout.folder}; mend that first.")
    return time.monotonic() - began


def _logs(old: Checkout, new: Checkout, work: Path) -> Iterator[event_logs.Comparison]:
    for comparison in event_logs.compare(old, new, work):
        _print_now(f"event log, {comparison.name}: {'identical' if comparison.equal else 'different'}")
        yield comparison


def _log_cells(found: event_logs.Comparison) -> list[str]:
    counts = [f"{len(log.splitlines())} events" for log in (found.old, found.new)]
    return [f"event log, {found.name}", *counts, "identical" if found.equal else "different", "identical"]


def _table(base: str, rows: list[list[str]]) -> str:
    head = ["what", base, "this checkout", "ratio", "target"]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [head, ["---"] * 5, *rows])


def _blocks() -> str:
    """Return what the benchmark of block times prints; it measures this checkout alone."""
    if importlib.util.find_spec(BLOCK_TIME) is None:
        return "\nSlowest block on the session's thread: not measured, this checkout has no benchmark for it."
    done = subprocess.run([sys.executable, "-m", BLOCK_TIME], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SkillError(f"`python -m {BLOCK_TIME}` failed; its error is printed above.")
    return f"\nBlocks on the session's thread, this checkout alone (target: slowest ≤ 20 ms):\n\n{done.stdout}"


def _print_now(line: str) -> None:
    click.echo(line, err=True)


def main() -> None:
    """Run the command line; an error is a sentence and an exit code (1 failed, 2 wrong usage)."""
    try:
        compare(prog_name="compare")
    except SkillError as error:
        click.echo(f"compare: {error}", err=True)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
