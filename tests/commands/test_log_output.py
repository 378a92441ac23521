"""`--log-level`: the log goes to standard error, never among the events."""

import json
import logging
import subprocess
import sys

import pytest
import soundfile

from skill.commands.log_output import show_log
from tests.commands.conftest import Run
from tests.speech import say

LINES = "start back stretches\nblue elephants\n"


@pytest.mark.parametrize(
    "arguments", [("--log-level", "info", "chat", "--json"), ("chat", "--json", "--log-level", "info")]
)
def test_decisions_are_logged_in_addition_to_events(run: Run, arguments: tuple[str, ...]) -> None:
    quiet = run("chat", "--json", stdin=LINES)
    result = run(*arguments, stdin=LINES)
    assert (quiet.code, quiet.err, result.code) == (0, "", 0)
    assert [json.loads(line) for line in result.out.splitlines()] == quiet.events
    assert "INFO    skill.session: 2000 ms: 'blue elephants' is rejected" in result.err
    assert "is start_routine, confidence 1.000" in result.err


def test_a_higher_level_logs_less(run: Run) -> None:
    assert run("chat", "--log-level", "error", stdin=LINES).err == ""


def test_replays_log_how_long_loading_took(run: Run, tmp_path) -> None:
    soundfile.write(tmp_path / "speech.wav", say("help"), 16_000)
    result = run("replay", tmp_path / "speech.wav", "--tail", "0", "--log-level", "debug")
    assert "skill.composition.parts: speech model and sentences loaded in " in result.err


@pytest.mark.parametrize("command", [(), ("chat",), ("replay", "a.wav"), ("routines",), ("understand", "a.wav")])
def test_an_unknown_level_is_wrong_usage(run: Run, command: tuple[str, ...]) -> None:
    for arguments in (("--log-level", "loud", *command), (*command, "--log-level", "loud")):
        result = run(*arguments)
        assert (result.code, result.out) == (2, "")
        assert "'loud' is not one of 'debug', 'info', 'warning', 'error'" in result.err


def test_the_package_alone_prints_nothing() -> None:
    code = "import logging, skill; logging.getLogger('skill.session').error('nobody asked')"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout + run.stderr == ""


def test_the_log_is_shown_once_however_often_it_is_chosen(run: Run) -> None:
    run("--log-level", "debug", "chat", "--log-level", "info", stdin="help\n")
    result = run("--log-level", "info", "chat", "--log-level", "info", stdin="help\n")
    assert result.err.count("is help, confidence") == 1
    run("chat", stdin="")
    assert logging.getLogger("skill").level == logging.WARNING


@pytest.mark.parametrize(("level", "traceback"), [("warning", False), ("debug", True)])
def test_only_developers_see_tracebacks(level: str, traceback: bool, capsys: pytest.CaptureFixture[str]) -> None:
    show_log(level)
    try:
        raise ValueError("the disk has gone")
    except ValueError:
        logging.getLogger("skill.background").exception("the thread has failed")
    shown = capsys.readouterr().err
    assert "ERROR   skill.background: the thread has failed" in shown
    assert "ValueError: the disk has gone" in shown
    assert ("Traceback" in shown) is traceback
