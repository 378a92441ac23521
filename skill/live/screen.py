"""The live view at a terminal: captions of both sides, the stretch, and a bar for the time left in a hold."""

import sys
from collections import deque
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from skill.dialogue.view import View
from skill.live.captions import caption, headline

LINES = 8
"""Number of captions on the screen."""


class Screen:
    """Shows a session: a live view at a terminal, otherwise plain lines."""

    def __init__(self, console: Console | None = None, names: Mapping[str, str] | None = None):
        """`names`: stretch id -> name."""
        self.console = console or Console(highlight=False, markup=False)
        self._names = names or {}
        self._captions: deque[str] = deque(maxlen=LINES)
        shared = sys.stderr.isatty()  # a log in a file stays there; at the terminal it goes above the live view
        live = Live(console=self.console, auto_refresh=False, redirect_stderr=shared)
        self._live = live if self.console.is_terminal else None
        self._drawn: tuple[object, ...] = ()

    def __enter__(self) -> "Screen":
        if self._live:
            self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        if self._live:
            self._live.stop()

    def log(self, event: dict[str, Any]) -> None:
        """Show an event of the session."""
        line = caption(event, self._names)
        if line is None or (self._live and event.get("name") == "tick"):  # the bar shows the last seconds
            return
        self._captions.append(line)
        if self._live is None:
            print(line, flush=True)

    def show(self, text: str) -> None:
        """Show a text in place of the live view; do nothing if lines are only printed."""
        if self._live:
            self._live.update(Panel(Text(text), title="back stretches"), refresh=True)

    def draw(self, view: View) -> None:
        """Update the live view if it has changed."""
        if self._live is None:
            return
        picture = (headline(view), round(view.remaining or 0, 1), tuple(self._captions))
        if picture != self._drawn:
            self._drawn = picture
            self._live.update(Panel(self.render(view), title="back stretches"), refresh=True)

    def render(self, view: View) -> Group:
        """Return the live view as a renderable of rich."""
        captions = [Text(line, overflow="fold") for line in self._captions]
        parts: list[Any] = [Text(headline(view), style="bold"), *self._bar(view), Text(""), *captions]
        return Group(*parts)

    def _bar(self, view: View) -> list[Table]:
        if view.remaining is None or not view.length:
            return []
        row = Table.grid(padding=(0, 1))
        bar = ProgressBar(total=view.length, completed=view.length - view.remaining, width=40)
        row.add_row(bar, f"{view.remaining:4.0f} s left")
        return [row]
