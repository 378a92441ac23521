"""The live view at a terminal: captions of both sides, the stretch, and a bar for the time left in a hold."""

import sys
from collections import deque
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

from rich.console import Console, RenderableType
from rich.control import Control
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from skill.dialogue.view import View
from skill.live.captions import caption, headline
from skill.live.picture import FRAME_WIDTH, Picture

LINES = 8
"""Most captions on the screen."""

BAR_WIDTH, TIME_WIDTH = 40, 12
"""Columns of the bar, at most, and of the time left beside it."""


class Screen:
    """Shows a session: a live view at a terminal, otherwise plain lines."""

    def __init__(self, console: Console | None = None, names: Mapping[str, str] | None = None):
        """`names`: stretch id -> name."""
        self.console = console or Console(highlight=False, markup=False)
        self._names = names or {}
        self._captions: deque[str] = deque(maxlen=LINES)
        self._live: Live | None = None
        """The live view; None while lines are printed, or while the terminal belongs to another program."""

        self._size = self.console.size
        self._drawn: tuple[object, ...] = ()

    def __enter__(self) -> "Screen":
        self.take()
        return self

    def __exit__(self, kind: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        self.release()

    def take(self) -> None:
        """Begin a live view below what is on the terminal. Idempotent."""
        if self._live or not self.console.is_terminal:
            return
        shared = sys.stderr.isatty()  # a log in a file stays there; at the terminal it goes above the live view
        self._live = Live(console=self.console, auto_refresh=False, redirect_stderr=shared)
        self._size, self._drawn = self.console.size, ()
        self._live.start()

    def release(self) -> None:
        """End the live view and leave the terminal to others; the last picture stays. Idempotent."""
        if self._live:
            self._live.stop()
            self._live = None

    def log(self, event: dict[str, Any]) -> None:
        """Show an event of the session."""
        line = caption(event, self._names)
        if line is None or (self.console.is_terminal and event.get("name") == "tick"):  # the bar shows the last seconds
            return
        self._captions.append(line)
        if not self.console.is_terminal:
            print(line, flush=True)

    def show(self, text: str) -> None:
        """Show a text in place of the live view; do nothing if lines are only printed."""
        self._update((text,), lambda: Picture((), text.splitlines()))

    def draw(self, view: View) -> None:
        """Update the live view if it has changed."""
        content = (headline(view), round(view.remaining or 0, 1), tuple(self._captions))
        self._update(content, lambda: self.render(view))

    def _update(self, content: tuple[object, ...], render: Callable[[], Picture]) -> None:
        """Draw a picture if its content or the size of the window has changed; else it is not even made."""
        if self._live is None:
            return
        if self.console.size != self._size:
            # The terminal has moved rows, and wrapped or cut them: nobody knows where the picture is now.
            self.release()
            self.console.control(Control.clear(), Control.home())
            self.take()
        if self._live and content != self._drawn:
            self._drawn = content
            self._live.update(render(), refresh=True)

    def render(self, view: View) -> Picture:
        """Return the live view as a renderable of rich."""
        return Picture(
            (Text(headline(view), style="bold", overflow="ellipsis", no_wrap=True), *self._bar(view)), self._captions
        )

    def _bar(self, view: View) -> list[RenderableType]:
        if view.remaining is None or not view.length:
            return []
        row = Table.grid(padding=(0, 1))
        width = max(1, min(BAR_WIDTH, self.console.width - TIME_WIDTH - FRAME_WIDTH))
        bar = ProgressBar(total=view.length, completed=view.length - view.remaining, width=width)
        row.add_row(bar, f"{view.remaining:4.0f} s left")
        return [row]
