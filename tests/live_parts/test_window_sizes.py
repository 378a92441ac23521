"""The live view in windows of all sizes, as a person sees it: the newest caption is always there."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.live_parts.window import Window

PROGRAM = """
import json, os, sys
from skill.live.screen import Screen
from tests.dialogue.world import holding
view = holding(5).view
with Screen() as screen:
    for line in os.fdopen(int(sys.argv[1])):
        event = json.loads(line)
        if event.get("event") == "show":
            screen.show(event["text"])
            continue
        if event:
            screen.log(event)
        screen.draw(view)
"""
"""Shows the events that come through a pipe."""

SIZES = [
    (1, 10),
    (1, 80),
    (2, 20),
    (3, 30),
    (4, 80),
    (6, 80),
    (8, 40),
    (10, 60),
    (24, 80),
    (60, 200),
    (24, 10),
    (24, 1),
]


class View:
    """The live view in a window."""

    def __init__(self, window: Window, pipe: int):
        self.window = window
        self._pipe = pipe

    def log(self, **event: object) -> None:
        """Let something happen in the session."""
        os.write(self._pipe, json.dumps(event).encode() + b"\n")

    def draw(self) -> None:
        """Let the next block be over."""
        self.log()

    def say(self, number: int, length: int = 12) -> None:
        """Let the coach say a sentence of some words, the last of which is N and the number."""
        self.log(t=number, event="say", id=number, text="move " * length + f"N{number}")


@contextmanager
def view(rows: int, columns: int) -> Iterator[View]:
    reading, writing = os.pipe()
    command = [sys.executable, "-c", PROGRAM, str(reading)]
    try:
        with Window(command, rows, columns, [reading]) as window:
            yield View(window, writing)
    finally:
        os.close(reading)
        os.close(writing)


def words(window: Window) -> str:
    """Return the text in a window, without its frame."""
    return " ".join(row.strip("│╭╮╰╯─ ") for row in window.rows)


@pytest.mark.parametrize(("rows", "columns"), SIZES)
def test_the_newest_caption_is_there_in_every_window(rows: int, columns: int) -> None:
    with view(rows, columns) as shown:
        for number in range(1, 10):
            shown.say(number)
            shown.window.wait_until(lambda end=str(number): words(shown.window).rstrip().endswith(end))  # type: ignore[misc]


def test_captions_leave_from_the_top_and_the_head_stays() -> None:
    with view(8, 40) as shown:
        for number in range(1, 10):
            shown.say(number, length=2)
        shown.window.wait_until(
            lambda: all(text in words(shown.window) for text in ("N8", "N9", "1 of 7", "15 s left"))
        )
        assert "N1" not in words(shown.window)


def test_a_lower_window_loses_its_frame_before_its_captions() -> None:
    with view(24, 80) as shown:
        shown.say(1, length=2)
        shown.window.expect("╭")
        shown.window.resize(4, 80)
        shown.say(2, length=2)
        head, bar, first, second = "1 of 7: knee to chest (right) · holding", "15 s left", "N1", "N2"
        texts = (head, bar, first, second)
        shown.window.wait_until(lambda: all(text in row for text, row in zip(texts, shown.window.rows, strict=True)))


@pytest.mark.parametrize(("before", "after"), [((24, 80), (10, 30)), ((10, 30), (24, 80)), ((24, 80), (6, 80))])
def test_after_a_change_of_size_there_is_one_picture(before: tuple[int, int], after: tuple[int, int]) -> None:
    with view(*before) as shown:
        for number in range(1, 4):
            shown.say(number)
        shown.window.expect("N3")
        shown.window.resize(*after)
        shown.draw()  # nothing else has happened
        for number in range(4, 7):
            shown.say(number, length=2)
            shown.window.wait_until(lambda end=f"N{number}": words(shown.window).rstrip().endswith(end))  # type: ignore[misc]
            assert words(shown.window).count("1 of 7") == 1
            assert words(shown.window).count(f"N{number}") == 1


def test_a_change_of_size_alone_is_drawn() -> None:
    with view(24, 80) as shown:
        shown.say(1)
        shown.window.expect("N1")
        shown.window.resize(12, 30)
        shown.draw()
        shown.window.wait_until(lambda: shown.window.rows[0].endswith("╮") and len(shown.window.rows[0]) == 30)


def test_the_level_check_shows_its_bar_in_a_low_window() -> None:
    with view(2, 30) as shown:
        shown.log(event="show", text="Say hello, from where you will stretch, so that I can hear you.\n###---")
        shown.window.expect("###---")
