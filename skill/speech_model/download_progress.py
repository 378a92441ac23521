"""Progress of a download on standard error: a bar on a terminal, otherwise plain lines."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Say = Callable[[str], None]
"""Shows the user one line."""

Advance = Callable[[int], None]
"""Called with the number of further bytes that have arrived."""


def say(line: str) -> None:
    """One plain line on standard error."""
    print(line, file=sys.stderr, flush=True)


@contextmanager
def download_bar(title: str, total: int | None) -> Iterator[Advance]:
    """Show the progress of a download of `total` bytes; None: the size is unknown."""
    if not sys.stderr.isatty():
        say(f"{title} ...")
        yield lambda count: None
        return
    from rich.console import Console  # slow to import and rarely needed
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    known = columns if total is not None else columns[:2]
    with Progress(*known, console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=total)
        yield lambda count: bar.advance(task, count)
