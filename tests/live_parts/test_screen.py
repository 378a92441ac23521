"""The live view, drawn on a terminal of text."""

import io
import sys
from pathlib import Path

import pytest
from rich.console import Console

from skill.live.screen import LINES, Screen
from tests.dialogue.world import World, holding


def terminal() -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=80, height=24, highlight=False, markup=False)


def drawn(screen: Screen, world: World) -> str:
    console = Console(file=io.StringIO(), width=80, markup=False)
    console.print(screen.render(world.view))
    return console.file.getvalue()  # type: ignore[attr-defined]


def say(screen: Screen, text: str) -> None:
    screen.log({"t": 3.0, "event": "say", "id": 1, "text": text})


def test_captions_stretch_and_a_bar_in_a_hold() -> None:
    screen, world = Screen(terminal()), holding(5)
    say(screen, "Hold for twenty seconds.")
    screen.log({"t": 4.0, "event": "heard", "text": "pause", "intent": "pause", "slots": {}})
    picture = drawn(screen, world)
    assert "1 of 7: knee to chest (right) · holding" in picture
    assert "coach  Hold for twenty seconds." in picture
    assert "you    pause" in picture
    assert "15 s left" in picture
    assert "━" in picture


def test_ticks_are_lines_only_where_no_bar_shows_the_time(capsys: pytest.CaptureFixture[str]) -> None:
    tick = {"t": 4.0, "event": "sound", "name": "tick"}
    screen = Screen(terminal())
    screen.log(tick)
    assert "tick" not in drawn(screen, holding(18))
    Screen(Console(file=io.StringIO())).log(tick)
    assert "♪      tick" in capsys.readouterr().out


def test_no_bar_outside_a_hold() -> None:
    screen = Screen(terminal())
    picture = drawn(screen, World().begin())
    assert "idle" in picture
    assert "left" not in picture


def test_the_bar_grows() -> None:
    def filled(seconds: float) -> str:
        console = Console(file=io.StringIO(), force_terminal=True, width=80, color_system="truecolor")
        console.print(Screen(terminal()).render(holding(seconds).view))
        return console.file.getvalue()  # type: ignore[attr-defined]

    early, late = filled(2), filled(18)
    assert early != late
    assert "18 s left" in early
    assert " 2 s left" in late


def test_old_captions_leave_the_screen() -> None:
    screen = Screen(terminal())
    for number in range(LINES + 3):
        say(screen, f"Line {number}.")
    picture = drawn(screen, World().begin())
    assert "Line 2." not in picture
    assert all(f"Line {number}." in picture for number in range(3, LINES + 3))


def test_what_is_said_is_text_not_markup() -> None:
    screen = Screen(terminal())
    say(screen, "Say [bold]next[/bold] or [/] \\[x].")
    assert "Say [bold]next[/bold] or [/] \\[x]." in drawn(screen, World().begin())


def test_the_usual_console_prints_names_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    Screen().console.print("Microphone: card [hw:0,0].")
    assert capsys.readouterr().out == "Microphone: card [hw:0,0].\n"


def test_a_picture_is_drawn_only_when_it_changes() -> None:
    console = terminal()
    with Screen(console) as screen:
        world = holding(5)
        screen.draw(world.view)
        once = len(console.file.getvalue())  # type: ignore[attr-defined]
        screen.draw(world.view)
        assert len(console.file.getvalue()) == once  # type: ignore[attr-defined]
        world.wait(1000)
        screen.draw(world.view)
        assert len(console.file.getvalue()) > once  # type: ignore[attr-defined]


def test_plain_lines_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    long = "Very " * 40 + "long."
    with Screen(Console(file=io.StringIO())) as screen:
        say(screen, long)
        screen.draw(holding().view)
        screen.log({"t": 4.0, "event": "said", "id": 1, "interrupted": False})
    assert capsys.readouterr().out == f"  0:03  coach  {long}\n"


def test_a_log_that_goes_to_a_file_stays_out_of_the_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "log").open("w+") as log, (tmp_path / "terminal").open("w+") as terminal:
        monkeypatch.setattr("sys.stderr", log)
        with Screen(Console(file=terminal, force_terminal=True)):
            print("INFO a decision", file=sys.stderr)
    assert (tmp_path / "log").read_text() == "INFO a decision\n"
    assert "a decision" not in (tmp_path / "terminal").read_text()
