"""`back-stretches chat`: the conversation, typed."""

import os
import pty
import shlex
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from skill.commands.chat import USAGE
from skill.memory import Memory
from tests.commands.conftest import Run
from tests.dialogue.world import CONTENT
from tests.session.test_session import KEYS, STATES

CHAT = [sys.executable, "-m", "skill", "chat"]

IN_A_HOLD: list[str] = []
"""What `in_a_hold` has found: it is always the same."""


def of(events: Sequence[dict], kind: str) -> list[dict]:
    return [event for event in events if event["event"] == kind]


def chat(run: Run, *lines: str) -> list[dict]:
    result = run("chat", "--json", stdin="".join(f"{line}\n" for line in lines))
    assert (result.code, result.err) == (0, "")
    return result.events


def in_a_hold(run: Run) -> list[str]:
    """Return lines after which child's pose has been held for some ten seconds."""
    if not IN_A_HOLD:
        start = ["start back stretches", "go to child's pose"]
        events = chat(run, *start, "/wait 600")
        began = next(e["t"] for e in of(events, "state") if (e["state"], e["stretch"]) == ("holding", "childs_pose"))
        over = next(e for e in of(events, "said") if e["t"] > began)["t"]  # the line that announces the hold
        IN_A_HOLD.extend([*start, f"/wait {over + 10 - 4}"])
    return IN_A_HOLD


def after(events: Sequence[dict], intent: str) -> list[dict]:
    """Return what happened from an intent on."""
    index = next(i for i, e in enumerate(events) if e["event"] == "heard" and e["intent"] == intent)
    return list(events[index:])


@pytest.mark.parametrize(
    "line", ["how do I do child’s pose", "how do I do child`s\u00a0pose", "how do I do childʼs‐pose"]
)
def test_typographic_signs_are_as_good_as_plain_ones(run: Run, line: str) -> None:
    (heard,) = of(chat(run, line), "heard")
    assert (heard["intent"], heard["slots"], heard["confidence"]) == ("how_to", {"stretch": "childs_pose"}, 1.0)


def test_a_line_is_an_utterance_after_which_two_seconds_pass(run: Run) -> None:
    events = chat(run, "help", "", "   ", "what can I say", "/wait 60.5", "help", "/wait 0")
    assert [event["t"] for event in of(events, "heard")] == [0.0, 2.0, 64.5]
    assert {event["intent"] for event in of(events, "heard")} == {"help"}


def test_a_line_interrupts_like_a_voice(run: Run) -> None:
    events = chat(run, "help")
    (first,) = [event for event in of(events, "said") if event["interrupted"]]
    assert first["t"] <= 0.1
    assert of(events, "say")[0]["id"] == first["id"]


def test_events_have_the_keys_of_the_contract(run: Run) -> None:
    events = chat(run, "start back stretches", "blah blah", "/wait 100", "next", "pause")
    assert {event["event"] for event in events} >= {"heard", "rejected", "say", "said", "state", "end"}
    for event in events:
        assert list(event) == KEYS[event["event"]]
    assert {event["state"] for event in of(events, "state")} <= STATES
    assert events[-1]["event"] == "end"


def test_the_end_of_input_is_that_of_a_replay(run: Run) -> None:
    """Time goes on until the coach has nothing more to do by itself."""
    idle, paused = chat(run, "help"), chat(run, "start back stretches", "pause")
    assert of(idle, "state")[-1]["state"] == "idle"
    assert of(paused, "state")[-1]["state"] == "paused"
    alone = chat(run, "start back stretches")
    assert of(alone, "state")[-1]["state"] in ("asking", "paused")
    assert alone[-1]["t"] > 60
    for events in (idle, paused, alone):
        assert events[-1]["reason"] == "input ended"


def test_no_input_at_all(run: Run) -> None:
    events = chat(run)
    assert of(events, "say")
    assert events[-1]["reason"] == "input ended"


def test_goodbye_ends_it_and_nothing_is_read_any_more(run: Run) -> None:
    events = chat(run, "goodbye", "/wait 10", "help", "/wait nonsense")
    assert events[-1]["reason"] == "goodbye"
    assert [event["intent"] for event in of(events, "heard")] == ["goodbye"]


@pytest.mark.parametrize("as_json", [True, False])
def test_quit_ends_it_and_help_explains_that(run: Run, as_json: bool) -> None:
    result = run("chat", *(["--json"] if as_json else []), stdin="/help\nhelp\n/quit\nnext\n")
    assert result.code == 0
    assert USAGE in (result.err if as_json else result.out)
    assert "next" not in result.out.replace("[end", "")
    last = result.out.splitlines()[-1]
    assert last.endswith('"reason": "closed"}' if as_json else "[end: closed]")


def test_the_help_says_what_is_kept_and_how_it_ends(run: Run) -> None:
    text = " ".join(run("chat", "--help").out.split())
    for told in ("nothing is kept", "two seconds after every line", "Ctrl-D", "goodbye", "/wait SECONDS", "/quit"):
        assert told in text


@pytest.mark.parametrize(
    ("option", "code", "says"),
    [
        (["--model", "nowhere"], 1, "--model names nowhere, but there is no such folder"),
        (["--voice", "nobody"], 2, "There is no voice called “nobody”"),
    ],
)
def test_options_that_it_does_not_use_are_checked_too(run: Run, option: list[str], code: int, says: str) -> None:
    result = run("chat", *option, stdin="help\n")
    assert (result.code, result.out) == (code, "")
    assert says in result.err


# The three stories


def test_a_whole_routine_from_start_to_end(run: Run) -> None:
    lines = ["start back stretches", *(["/wait 90", "ready"] * 14)]
    events = chat(run, *lines)
    held = [event["stretch"] for event in of(events, "state") if event["state"] == "holding"]
    assert list(dict.fromkeys(held)) == [stretch.id for stretch in CONTENT.default.stretches]
    assert of(events, "state")[-1]["state"] == "idle"


def test_a_hold_is_as_long_as_the_routine_says(run: Run) -> None:
    events = chat(run, "start back stretches", "go to child's pose", "/wait 600")
    held = [e for e in events if (e["event"], e.get("state"), e.get("stretch")) == ("state", "holding", "childs_pose")]
    begin, *_ = [e["t"] for e in of(events, "sound") if e["name"] == "begin" and e["t"] > held[0]["t"]]
    end, *_ = [e["t"] for e in of(events, "sound") if e["name"] == "end" and e["t"] > begin]
    seconds = next(s.hold.seconds for s in CONTENT.default.stretches if s.id == "childs_pose")
    ticks = [e["t"] for e in of(events, "sound") if e["name"] == "tick" and begin < e["t"] < end]
    assert end - begin == pytest.approx(seconds, abs=0.021)
    assert [end - tick for tick in ticks] == pytest.approx([3, 2, 1], abs=0.021)


def test_a_question_in_a_hold_returns_to_the_same_second(run: Run) -> None:
    events = chat(run, *in_a_hold(run), "how do I do child's pose", "/wait 120")
    asked = after(events, "how_to")
    how_to = next(s.how_to for s in CONTENT.default.stretches if s.id == "childs_pose")
    assert tuple(event["text"] for event in of(asked, "say")[: len(how_to)]) == tuple(how_to)
    state = of(asked, "state")[0]
    assert (state["state"], state["stretch"]) == ("holding", "childs_pose")
    assert 0 < state["remaining"] < 60
    answered = next(e["t"] for e in of(asked, "said") if e["id"] == of(asked, "say")[len(how_to) - 1]["id"])
    left = next(e for e in of(asked, "state") if (e["state"], e["stretch"]) != ("holding", "childs_pose"))
    assert left["state"] != "paused"
    assert left["t"] == pytest.approx(answered + state["remaining"], abs=0.05)


def test_pause_and_resume_in_a_hold(run: Run) -> None:
    events = chat(run, *in_a_hold(run), "pause", "/wait 300", "resume", "/wait 5", "pause")
    paused = of(after(events, "pause"), "state")[0]
    resumed = of(after(events, "resume"), "state")[0]
    assert (paused["state"], resumed["state"]) == ("paused", "holding")
    assert 0 < resumed["remaining"] == paused["remaining"] < 60
    assert not [e for e in events if e["event"] == "say" and paused["t"] <= e["t"] < resumed["t"]]
    again = of(after(after(events, "resume"), "pause"), "state")[0]
    assert again["remaining"] == pytest.approx(resumed["remaining"] - 7.0, abs=0.05)


# Input that is no good


@pytest.mark.parametrize("wait", ["/wait", "/wait x", "/wait -1", "/wait 1 2", "/wait nan", "/wait inf", "/waiting 3"])
def test_a_bad_wait_names_its_line(run: Run, wait: str) -> None:
    result = run("chat", stdin=f"help\n\n{wait}\nhelp\n")
    assert result.code == 2
    assert f"line 3: “{wait}”: write /wait and a number of seconds" in result.err


@pytest.mark.parametrize("line", ["next " * 100_000, "x" * 1_000_000, "a\0b\x1b[31m", "…«»“”", "🧘 " * 2000])
def test_odd_lines_are_rejected_and_the_session_goes_on(run: Run, line: str) -> None:
    events = chat(run, line, "help")
    assert [event["event"] for event in events if event["event"] in ("heard", "rejected")] == ["rejected", "heard"]


@pytest.mark.parametrize("encoding", ["utf-8:strict", "ascii:strict", "latin-1:strict"])
def test_bytes_that_are_no_text(encoding: str) -> None:
    result = subprocess.run(
        CHAT,
        input=b"start \xff\xfe\n\x80\x81\nhelp\n",
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": encoding},
    )
    assert (result.returncode, result.stderr) == (0, b"")
    assert b"(not understood)" in result.stdout
    assert b"[end: input ended]" in result.stdout


def test_a_reader_that_goes_away_is_no_error() -> None:
    with subprocess.Popen(CHAT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        process.stdin.write(b"start back stretches\n/wait 1000\n")
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def test_at_a_terminal_time_passes_as_it_does() -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(CHAT, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        first = process.stdout.readline()
        os.write(ours, b"/wait soon\ngoodbye\n")
        rest = process.stdout.read()
        errors = process.stderr.read()
    os.close(ours)
    os.close(theirs)
    assert b"coach" in first
    assert b"[end: goodbye]" in rest
    assert errors.startswith("“/wait soon”: write /wait".encode())
    assert process.returncode == 0


def test_control_c_at_a_terminal_keeps_the_session(home: Path) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(CHAT, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        os.write(ours, b"start back stretches\n")
        while b"please listen once" not in process.stdout.readline():
            pass
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 1
    os.close(ours)
    os.close(theirs)
    memory = Memory(home / "data" / "back-stretches" / "memory.sqlite")
    assert [session.routine for session in memory.sessions()] == ["full"]
    assert memory.sessions()[0].seconds >= 2


@pytest.mark.parametrize("closed", ["0<&-", "1>&-", "0<&- 1>&- 2>&-"])
def test_streams_that_are_closed_do_no_harm(closed: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f"exec {shlex.join(CHAT)} {closed}"], stdin=subprocess.DEVNULL, capture_output=True
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_an_output_that_is_full_is_one_sentence() -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(CHAT, stdin=subprocess.DEVNULL, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1
    assert done.stderr.decode().startswith("back-stretches: the output cannot be written (no space left on device)")
    assert len(done.stderr.splitlines()) == 1


def test_stretches_are_called_by_their_names(run: Run) -> None:
    result = run("chat", stdin="start with child's pose\n")
    assert "[child's pose: introducing]" in result.out
