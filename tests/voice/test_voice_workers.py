"""The voice's worker process: one renders many lines; it may die, hang or never start; nothing of it is left."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from skill.errors import SynthesisError
from skill.memory import Memory
from skill.session import Session
from skill.settings import VoiceSettings
from skill.simulation.replay import pass_time
from skill.voice import worker_process
from skill.voice.system_voice import SystemVoice
from tests.dialogue.world import CONTENT
from tests.voice.voices import NO_WORKER, Counted, Open, is_running, seconds

pytest_plugins = ["tests.voice.voice_fixtures"]


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
        with pytest.raises(SynthesisError):  # tried again, and told again
            voice.wait(line)


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


def test_a_file_in_the_folder_that_is_called_like_a_library_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("soundfile", "numpy", "pyttsx3", "skill"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('not ours')")
    monkeypatch.chdir(tmp_path)
    voice = SystemVoice(VoiceSettings(), tmp_path / "clips")
    try:
        assert seconds(voice.wait("One.")) > 0.2
    finally:
        voice.close()


def test_a_line_that_could_not_be_spoken_is_tried_again_the_next_time(voice_of: Open, tmp_path: Path) -> None:
    fails_until = tmp_path / "mended"
    program = (
        "import pathlib, sys; from skill.voice import pyttsx3_worker as worker\n"
        "render = worker.render_complete\n"
        "def ours(*arguments, **request):\n"
        "    if not pathlib.Path(sys.argv[1]).exists(): raise OSError('no engine')\n"
        "    return render(*arguments, **request)\n"
        "worker.render_complete = ours\n"
        "worker.main()"
    )
    voice = voice_of([sys.executable, "-c", program, str(fails_until)])
    with pytest.raises(SynthesisError):
        voice.wait("Sorry?")
    fails_until.touch()
    assert seconds(voice.wait("Sorry?")) > 0.2


def test_a_line_that_fails_while_it_is_asked_for_twice_does_not_end_the_voice(voice_of: Open, tmp_path: Path) -> None:
    worker = Counted(tmp_path / "pids", "raise OSError('no engine')")
    for _ in range(5):
        voice = voice_of(["false"])
        voice.prepare(["a.", "b.", "two."])
        with pytest.raises(SynthesisError):
            voice.wait("two.")
        with pytest.raises(SynthesisError):
            voice.wait("two, once more.")
    assert seconds(voice_of(worker.command).wait("One.")) > 0.2
