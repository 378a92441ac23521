"""The picture of the live view: it fits into every window, and the newest caption is always in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.panel import Panel
from rich.segment import Segment, SegmentLines
from rich.text import Text

TITLE = "back stretches"

FRAME_WIDTH, FRAME_HEIGHT = 4, 2
"""Columns and rows that the frame takes."""

MIN_ROWS = 2
"""Least rows for captions: in a lower window the frame is left out, then the head."""


@dataclass(frozen=True)
class Picture:
    """A head and captions below it, in at most the rows of the window. What does not fit is left out, oldest first."""

    head: Sequence[RenderableType]
    """Each part takes one row; in a low window the first one stays longest."""

    captions: Sequence[str]
    """The newest last; long ones take several rows."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw it with a frame if there is room for one."""
        height, width = max(1, options.size.height), options.max_width
        inner = height - FRAME_HEIGHT, width - FRAME_WIDTH
        gap = 1 if self.head else 0
        if inner[0] >= len(self.head) + gap + MIN_ROWS and inner[1] > 0:
            yield Panel(self._lines(console, options, *inner, gap), title=TITLE)
        else:
            yield self._lines(console, options, height, width)

    def _lines(self, console: Console, options: ConsoleOptions, height: int, width: int, gap: int = 0) -> SegmentLines:
        options = options.update(width=width, height=None)

        def rows(part: RenderableType) -> list[list[Segment]]:
            return console.render_lines(part, options, pad=False)

        captions = [row for caption in self.captions for row in rows(Text(caption, overflow="fold"))]
        head = [rows(part)[0] for part in self.head[: max(0, height - gap - MIN_ROWS)]] + [[]] * gap
        return SegmentLines([*head, *captions[len(head) - height :]], new_lines=True)
