"""`back-stretches replay`: a session from a sound file."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from skill.audio import wav
from tests.commands.conftest import Run
from tests.session.test_session import KEYS, timeline


@pytest.fixture
def speech(tmp_path: Path) -> Path:
    """Twelve seconds in stereo: a user asks for help, and stops."""
    path = tmp_path / "speech.wav"
    near = timeline(12, (7.5, "what can I say")).astype(np.float32) / 32768
    soundfile.write(path, np.repeat(near, 3)[:, None] * [1.0, 1.0], 48_000, subtype="PCM_24")
    return path


def test_the_contract(run: Run, speech: Path) -> None:
    result = run("replay", speech, "--json")
    assert (result.code, result.err) == (0, "")
    for event in result.events:
        assert list(event) == KEYS[event["event"]]
    (heard,) = [event for event in result.events if event["event"] == "heard"]
    assert heard["intent"] == "help"
    assert 7.5 < heard["t"] < 9.5
    assert result.events[-1]["event"] == "end"
    assert result.events[-1]["t"] > 12  # the answer is said to its end


def test_two_runs_are_the_same(speech: Path, tmp_path: Path) -> None:
    """As a user runs them: each in a process of its own."""
    logs, sounds = [], []
    for name in ("one.wav", "two.wav"):
        command = [sys.executable, "-m", "skill", "replay", str(speech), "--json", "--out", name]
        logs.append(subprocess.run(command, capture_output=True, check=True).stdout)
        sounds.append((tmp_path / name).read_bytes())
    assert logs[0] == logs[1]
    assert sounds[0] == sounds[1]


def test_what_the_speaker_played_is_written(run: Run, speech: Path) -> None:
    result = run("replay", speech, "--json", "--out", "coach.wav")
    assert result.code == 0
    played = wav.read(Path("coach.wav"))
    assert len(played) == round(result.events[-1]["t"] * 16_000)
    loud = np.abs(played.astype(int)).reshape(-1, 320).max(axis=1) > 500
    lines = {event["id"]: event["t"] for event in result.events if event["event"] == "say"}
    assert lines
    for event in result.events:
        if event["event"] == "said" and not event["interrupted"]:
            first, last = round(lines[event["id"]] * 50), round(event["t"] * 50)
            assert loud[first:last].mean() > 0.4


def test_in_words(run: Run, speech: Path) -> None:
    result = run("replay", speech)
    assert result.code == 0
    assert "  0:00  coach  Hello." in result.out
    assert "you    what can i say" in result.out
    assert result.out.splitlines()[-1].endswith("[end: input ended]")


@pytest.mark.parametrize("tail", [0, 3])
def test_the_tail(run: Run, tmp_path: Path, tail: int) -> None:
    path = tmp_path / "start.wav"
    wav.write(path, timeline(11, (7.5, "start back stretches")))
    events = run("replay", path, "--json", "--tail", tail).events
    assert events[-1] == {"t": 11.0 + tail, "event": "end", "reason": "input ended"}


def test_it_starts_with_an_empty_memory_and_keeps_nothing(run: Run, speech: Path, home: Path) -> None:
    assert run("replay", speech, "--tail", 0).code == 0
    assert not list(home.rglob("*.sqlite"))


def interrupted(tmp_path: Path, *options: str, after: int) -> tuple[int, list[str], str]:
    """Break a long replay off after some lines; return exit code, what it printed, and what it said at the end."""
    path = tmp_path / "long.wav"
    wav.write(path, timeline(600, (7.5, "start back stretches")))
    command = [sys.executable, "-m", "skill", "replay", str(path), "--json", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        lines = [process.stdout.readline() for _ in range(after)]
        assert all(lines), process.stderr.read()
        process.send_signal(signal.SIGINT)
        lines += process.stdout.readlines()
        said = process.stderr.read()
    return process.returncode, lines, said


def test_an_interrupted_replay_keeps_what_was_played(tmp_path: Path) -> None:
    code, lines, said = interrupted(tmp_path, "--out", "coach.wav", after=8)
    assert (code, said) == (1, "Stopped; what the coach played until then is in coach.wav.\n")
    played = wav.read(tmp_path / "coach.wav")
    last = json.loads(lines[-1])["t"]
    assert last * 16_000 <= len(played) < 600 * 16_000
    assert np.abs(played.astype(int)).max() > 500
    assert not list(tmp_path.glob(".*coach*"))


def test_an_interrupted_replay_without_a_file_just_stops(tmp_path: Path) -> None:
    code, _, said = interrupted(tmp_path, after=1)
    assert (code, said.strip()) == (1, "Stopped.")


@pytest.mark.parametrize("at", [0.0, 0.3, 1.0])
def test_without_a_room_nothing_is_removed_from_the_file(run: Run, tmp_path: Path, at: float) -> None:
    """A command over the first words: echo control that has not adapted yet would reject it as an echo."""
    path = tmp_path / "at_once.wav"
    wav.write(path, timeline(5, (at, "start back stretches")))
    heard = [event for event in run("replay", path, "--json", "--tail", 0.5).events if event["event"] == "heard"]
    assert [event["intent"] for event in heard] == ["start_routine"]


def test_a_room_that_is_silent_is_refused(run: Run, speech: Path, tmp_path: Path) -> None:
    wav.write(tmp_path / "none.wav", np.zeros(1600, np.int16))
    result = run("replay", speech, "--room", "none.wav")
    assert (result.code, result.out) == (1, "")
    assert result.err == (
        "back-stretches: none.wav is silent, so it is not an impulse response; choose another file.\n"
    )


def test_the_coach_is_ducked_during_near_end_speech_also_without_a_room(run: Run, tmp_path: Path) -> None:
    path, out = tmp_path / "over.wav", tmp_path / "out.wav"
    talk = (np.random.default_rng(4).normal(0, 1500, 16_000)).astype(np.int16)
    user = np.zeros(16_000 * 6, np.int16)
    levels = []
    for said in (user, np.concatenate([user[:12_800], talk, user[28_800:]])):
        wav.write(path, said)
        run("replay", path, "--out", out, "--tail", 0)
        played = wav.read(out).astype(float)
        levels.append([np.sqrt(np.mean(played[a : a + 8000] ** 2)) for a in (2000, 16_000)])
    (_, usual), (before, over) = levels
    assert before == pytest.approx(levels[0][0])
    assert over < 0.2 * usual
