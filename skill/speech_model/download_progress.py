"""How a long download is shown: a bar on a terminal, plain lines anywhere else; always on standard error."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Say = Callable[[str], None]
"""Tells the user one line."""

Advance = Callable[[int], None]
"""Tells that so many more bytes have arrived."""


def say(line: str) -> None:
    """One plain line on standard error."""
    print(line, file=sys.stderr, flush=True)


@contextmanager
def download_bar(title: str, total: int | None) -> Iterator[Advance]:
    """Show that something of `total` bytes is being fetched; None: only that it goes on, not how far it is."""
    if not sys.stderr.isatty():
        say(f"{title} ...")
        yield lambda count: None
        return
    from rich.console import Console  # takes a while to load, and is hardly ever needed
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    known = columns if total is not None else columns[:2]
    with Progress(*known, console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=total)
        yield lambda count: bar.advance(task, count)
