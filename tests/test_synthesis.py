"""The coach's voice with the real engine: clips, their cache, and workers that die, hang or never come."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from skill.audio.blocks import SAMPLE_RATE, Samples
from skill.errors import SynthesisError
from skill.memory import Memory
from skill.offline import pass_time
from skill.session import Session
from skill.settings import VoiceSettings
from skill.voice import synthesis, worker_process
from skill.voice.synthesis import SilentVoice, SystemVoice, trim
from tests.dialogue.world import CONTENT
from tests.speech import say

NO_WORKER = ["/nowhere/to/be/found"]

Open = Callable[..., SystemVoice]


@pytest.fixture
def voice_of(tmp_path: Path) -> Iterator[Open]:
    """Open voices that keep their clips in one folder; they are closed at the end, and nothing of them is left."""
    voices = []

    def open_voice(worker: list[str] | None = None, cache: Path | None = tmp_path / "clips", **how) -> SystemVoice:
        voices.append(SystemVoice(VoiceSettings(**how), cache, worker))
        return voices[-1]

    threads = set(threading.enumerate())
    yield open_voice
    for voice in voices:
        voice.close()
    assert set(threading.enumerate()) <= threads


class Counted:
    """The real worker, which notes its process ids; at its first request the first one does something bad."""

    def __init__(self, notes: Path, misdeed: str = "pass"):
        program = (
            "import os, pathlib, signal, sys; from skill.voice import synthesis_worker as worker\n"
            "notes = pathlib.Path(sys.argv[1]); first = not notes.exists()\n"
            "notes.open('a').write(f'{os.getpid()}\\n'); render = worker._render\n"
            "def bad(*arguments, **request):\n"
            f"    {misdeed}\n"
            "    return render(*arguments, **request)\n"
            "worker._render = bad if first else render\n"
            "worker.main()"
        )
        self.command = [sys.executable, "-c", program, str(notes)]
        self._notes = notes

    @property
    def pids(self) -> list[int]:
        return [int(line) for line in self._notes.read_text().split()] if self._notes.exists() else []


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def seconds(samples: Samples) -> float:
    return len(samples) / SAMPLE_RATE


LONG = (
    "Kneel, with the tops of your feet down and your big toes touching, let your bottom sink toward your heels and your"
    " trunk between your thighs, stretch your arms long in front of you, rest your forehead on the floor, and breathe"
    " slowly and evenly for as long as it feels good to you."
)


def test_lines_become_speech_of_their_length_in_any_order(voice_of: Open) -> None:
    """Long texts come late from the engine: none may leak into the next one."""
    voice = voice_of()
    assert len(LONG) > 190
    for line in ("Hold.", LONG, "And rest.", LONG[:250], "Number one of seven: knee to chest."):
        clip = voice.wait(line)
        assert clip.dtype == np.int16
        assert np.abs(clip.astype(int)).max() > 3000
        assert seconds(clip) == pytest.approx(seconds(trim(say(line, "gmw/en-us", 150))), abs=0.15), line


def test_the_rate_is_the_settings_rate(voice_of: Open) -> None:
    line = "Breathe in, and breathe out, slowly."
    slow, fast = voice_of(rate=100).wait(line), voice_of(rate=200).wait(line)
    assert 1.5 < len(slow) / len(fast) < 2.5


def test_the_voice_is_the_settings_voice(voice_of: Open) -> None:
    line = "Breathe in."
    assert not np.array_equal(voice_of(voice="en-us").wait(line), voice_of(voice="gmw/de").wait(line))


@pytest.mark.parametrize(
    "line",
    [
        'She said: "breathe", and \\ that\'s it.',
        "Naïve café, “curly” — 你好, ñandú.",
        "{braces} 100 % & <b>tags</b> $HOME `date`; rm",
        "Tabs\tand\nnew lines.",
        "Zero\0byte.",
    ],
)
def test_odd_characters_are_spoken(voice_of: Open, line: str) -> None:
    assert seconds(voice_of().wait(line)) > 0.5


@pytest.mark.parametrize("line", ["", " ", "…", "?!", "😀"])
def test_nothing_to_pronounce_is_a_short_silence(voice_of: Open, line: str) -> None:
    clip = voice_of(NO_WORKER).wait(line)
    assert 0 < seconds(clip) < 1
    assert not clip.any()


def test_get_never_waits(voice_of: Open) -> None:
    voice = voice_of()
    assert voice.get("Hold for twenty seconds.") is None
    clip = voice.wait("Hold for twenty seconds.")
    assert np.array_equal(voice.get("Hold for twenty seconds."), clip)


def test_lines_are_rendered_ahead(voice_of: Open, tmp_path: Path) -> None:
    lines = ["One.", "Two.", "Three."]
    voice_of().prepare(lines)
    while len(list((tmp_path / "clips").glob("*.flac"))) < len(lines):
        time.sleep(0.01)
    for line in lines:
        assert seconds(voice_of(NO_WORKER).wait(line)) > 0.2


def test_clips_are_kept_by_text_voice_and_rate(voice_of: Open, tmp_path: Path) -> None:
    worker = Counted(tmp_path / "pids")
    first = voice_of(worker.command).wait("Well done.")
    again = voice_of(NO_WORKER).wait("Well done.")
    np.testing.assert_array_equal(again, first)
    assert len(worker.pids) == 1
    for other in ({"rate": 160}, {"voice": "gmw/de"}):
        with pytest.raises(SynthesisError):
            voice_of(NO_WORKER, **other).wait("Well done.")
    with pytest.raises(SynthesisError):
        voice_of(NO_WORKER).wait("Well done!")


def test_one_worker_does_for_many_lines(voice_of: Open, tmp_path: Path) -> None:
    worker = Counted(tmp_path / "pids")
    voice = voice_of(worker.command)
    for number in range(5):
        voice.wait(f"Line {number}.")
    assert len(worker.pids) == 1


@pytest.mark.parametrize(
    "misdeed",
    [
        "os.kill(os.getpid(), signal.SIGKILL)",
        "os._exit(0)",
        "os.write(1, b'not json')",
        "raise OSError('the engine fell over')",
    ],
)
def test_a_worker_that_fails_in_the_middle_of_a_line_is_replaced(voice_of: Open, tmp_path: Path, misdeed: str) -> None:
    worker = Counted(tmp_path / "pids", misdeed)
    assert seconds(voice_of(worker.command).wait("Come out of it slowly.")) > 0.8
    replaced = 1 if "write" in misdeed else 2  # what the engine prints is no answer
    assert len(worker.pids) == replaced


def test_a_worker_that_is_killed_between_lines_is_replaced(voice_of: Open, tmp_path: Path) -> None:
    worker = Counted(tmp_path / "pids")
    voice = voice_of(worker.command)
    voice.wait("One.")
    os.kill(worker.pids[0], signal.SIGKILL)
    assert seconds(voice.wait("And now the other side.")) > 0.8
    assert len(worker.pids) == 2


def test_a_worker_that_hangs_is_killed_and_replaced(
    voice_of: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_process, "ANSWER_TIMEOUT_S", 4.0)
    worker = Counted(tmp_path / "pids")
    voice = voice_of(worker.command)
    voice.wait("One.")
    os.kill(worker.pids[0], signal.SIGSTOP)
    assert seconds(voice.wait("And now the other side.")) > 0.8
    assert len(worker.pids) == 2
    assert not is_running(worker.pids[0])


NO_ENGINE = {
    "no program": NO_WORKER,
    "ends at once": [sys.executable, "-c", "raise SystemExit(3)"],
    "no engine": [sys.executable, "-c", """print('{"error": "RuntimeError: no engine here"}')"""],
    "talks nonsense": [sys.executable, "-c", "print('hello'); input()"],
    "answers, writes nothing": [sys.executable, "-c", "\nwhile 1: print('{\"ok\": true}', flush=True); input()"],
}


@pytest.mark.parametrize("kind", NO_ENGINE)
def test_no_engine_is_one_clear_sentence(voice_of: Open, kind: str) -> None:
    voice = voice_of(NO_ENGINE[kind])
    for line in ("Hello.", "Goodbye."):
        with pytest.raises(SynthesisError, match=rf"“{line}” could not be spoken \(.+\); .*espeak-ng") as error:
            voice.wait(line)
        assert "\n" not in str(error.value)
        with pytest.raises(SynthesisError):
            voice.get(line)


def test_a_program_that_cannot_be_started_is_said_to_be_so(voice_of: Open) -> None:
    with pytest.raises(SynthesisError, match="cannot be started"):
        voice_of(NO_WORKER).wait("Hello.")


@pytest.mark.parametrize("wait_for_voice", [True, False])
def test_without_an_engine_a_session_goes_on_in_writing(voice_of: Open, wait_for_voice: bool) -> None:
    events: list[dict] = []
    voice = voice_of(NO_WORKER)
    session = Session(CONTENT, None, voice, Memory(), events.append, wait_for_voice=wait_for_voice)
    session.start()
    for _ in range(1_000_000):
        pass_time(session, 0.02)
        if not session.speaking:
            break
        time.sleep(0)  # let the thread of the voice find out
    assert [event["event"] for event in events].count("problem") == 1
    problem = next(event["text"] for event in events if event["event"] == "problem")
    assert "The coach goes on in writing." in problem
    said = [event["id"] for event in events if event["event"] == "said" and not event["interrupted"]]
    assert said == [event["id"] for event in events if event["event"] == "say"]
    assert len(said) > 1


def test_a_cache_that_cannot_be_written_does_not_matter(voice_of: Open, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/clips")):
        assert seconds(voice_of(cache=place).wait("All right.")) > 0.3


@pytest.mark.parametrize("damage", ["empty", "cut", "other bytes", "folder"])
def test_a_damaged_clip_is_rendered_again(voice_of: Open, tmp_path: Path, damage: str) -> None:
    clip = voice_of().wait("All right.")
    (file,) = (tmp_path / "clips").iterdir()
    whole = file.read_bytes()
    match damage:
        case "empty":
            file.write_bytes(b"")
        case "cut":
            file.write_bytes(whole[: len(whole) // 2])
        case "other bytes":
            file.write_bytes(os.urandom(len(whole)))
        case "folder":
            file.unlink()
            file.mkdir()
    np.testing.assert_array_equal(voice_of().wait("All right."), clip)
    if damage != "folder":
        np.testing.assert_array_equal(voice_of(NO_WORKER).wait("All right."), clip)
    assert list((tmp_path / "clips").iterdir()) == [file]


def test_without_a_cache_folder_nothing_is_left(
    voice_of: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(synthesis.tempfile, "tempdir", str(tmp_path))
    voice = voice_of(cache=None)
    assert seconds(voice.wait("All right.")) > 0.3
    voice.close()
    assert list(tmp_path.iterdir()) == []


def test_closing_leaves_no_process_and_no_thread(tmp_path: Path) -> None:
    threads = set(threading.enumerate())
    worker = Counted(tmp_path / "pids")
    voice = SystemVoice(VoiceSettings(), tmp_path / "clips", worker.command)
    voice.wait("One.")
    voice.prepare(f"Line number {number}, which is not said." for number in range(50))
    voice.close()
    assert set(threading.enumerate()) == threads
    assert not any(is_running(pid) for pid in worker.pids)
    voice.close()  # twice is once
    for line in ("Line number 49, which is not said.", "Another one."):
        with pytest.raises(SynthesisError):
            voice.wait(line)


def test_closing_before_the_worker_is_up(tmp_path: Path) -> None:
    worker = Counted(tmp_path / "pids")
    for number in range(5):
        voice = SystemVoice(VoiceSettings(), tmp_path / "clips", worker.command)
        voice.prepare([f"Line {number}."])
        voice.close()
    assert not any(is_running(pid) for pid in worker.pids)


def test_the_silent_voice_takes_as_long_as_speech() -> None:
    clip = SilentVoice().wait("Draw the right knee gently to your chest.")
    assert not clip.any()
    assert 2 < seconds(clip) < 5
    assert np.array_equal(SilentVoice().get("Two words."), SilentVoice().wait("Two words."))


def test_silence_is_cut_off_at_both_ends() -> None:
    hum = np.full(1000, 500, dtype=np.int16)
    padded = np.concatenate([np.zeros(5000, np.int16), hum, np.zeros(7000, np.int16)])
    cut = trim(padded, lead=100)
    assert len(cut) == pytest.approx(1200, abs=2)
    np.testing.assert_array_equal(cut[100:1100], hum)
    quiet = np.full(300, 5, dtype=np.int16)
    np.testing.assert_array_equal(trim(quiet), quiet)
