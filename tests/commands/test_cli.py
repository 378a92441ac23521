"""The command line: exit codes, one sentence for each error, help everywhere."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile

from skill.cli import main
from skill.errors import AudioError
from tests.commands.conftest import Run
from tests.speech import model, say

COMMANDS = ("chat", "conditions", "doctor", "forget", "history", "models", "replay", "routines", "understand")


@pytest.fixture
def speech(tmp_path: Path) -> Path:
    path = tmp_path / "speech.wav"
    soundfile.write(path, say("next"), 16000)
    return path


def altered_model(folder: Path) -> None:
    """The model again as links, but for one file with one other byte."""
    real = model().folder.resolve()
    shutil.copytree(real, folder, copy_function=os.symlink)
    file = folder / "am" / "final.mdl"
    file.unlink()
    damaged = bytearray((real / "am" / "final.mdl").read_bytes())
    damaged[1000] ^= 1
    file.write_bytes(damaged)


def incomplete_model(folder: Path) -> None:
    shutil.copytree(model().folder.resolve(), folder, copy_function=os.symlink)
    (folder / "graph" / "HCLr.fst").unlink()


USAGE = {
    "nonsense": "No such command 'nonsense'",
    "--nonsense": "No such option '--nonsense'",
    "replay": "Missing argument 'SPEECH'",
    "understand": "Missing argument 'FILES...'",
    "chat --nonsense": "No such option '--nonsense'",
    "chat --rate fast": "“fast” is not a whole number from 60 to 400.",
    "history --weeks 1.5": "“1.5” is not a whole number from 1 to 520.",
    "replay a.wav --snr nan --noise b.wav": "“nan” is not a number from -200 to 200.",
    "replay a.wav --snr loud": "“loud” is not a number from -200 to 200.",
    "replay a.wav --snr 1e9": "1000000000.0 is not in the range",
    "replay a.wav --speaker-gain inf --room r.wav": "“inf” is not a number from -200 to 200.",
    "replay a.wav --tail many": "“many” is not a number from 0 to 86400.",
    "chat --rate 5": "5 is not in the range",
    "replay a.wav --tail nan": "“nan” is not a number from 0 to 86400.",
    "replay a.wav --tail -1": "-1.0 is not in the range",
    "replay a.wav b.wav": "unexpected extra argument",
    "models nonsense": "No such command 'nonsense'",
    "--input Microphone chat": "do not go with a subcommand",
    "understand --context dancing a.wav": "There is no context dancing; contexts are ",
}


@pytest.mark.parametrize("line", USAGE)
def test_wrong_usage_is_exit_code_2(run: Run, line: str) -> None:
    result = run(*line.split())
    assert (result.code, result.out) == (2, "")
    assert USAGE[line] in result.err


FAILURES = {
    "replay missing.wav": "missing.wav: there is no such file; name a WAV or FLAC file.",
    "understand missing.wav": "missing.wav: there is no such file",
    "replay text.wav": "text.wav: not a sound file that can be read",
    "replay speech.wav --out nowhere/out.wav": "nowhere/out.wav: cannot be written",
    "replay speech.wav --model nowhere": "--model names nowhere, but there is no such folder",
    "understand speech.wav --model nowhere": "--model names nowhere, but there is no such folder",
    "understand speech.wav --intents nowhere": "no .yaml files here",
    "understand speech.wav --intents broken": "broken/lamp.yaml:3: ",
    "replay speech.wav --model altered": "am/final.mdl",
    "replay speech.wav --model incomplete": "graph/HCLr.fst",
    "replay speech.wav --model empty": "no speech model",
}


@pytest.mark.parametrize("line", FAILURES)
def test_a_failure_is_one_sentence_and_exit_code_1(run: Run, tmp_path: Path, speech: Path, line: str) -> None:
    Path("text.wav").write_text("This is not a sound.\n" * 100)
    Path("broken").mkdir()
    Path("broken/lamp.yaml").write_text(
        'language: en\nintents:\n  lamp: {data: [{sentences: ["turn (on the light"]}]}\n'
    )
    Path("empty").mkdir()
    if line.endswith("altered"):
        altered_model(Path("altered"))
    if line.endswith("incomplete"):
        incomplete_model(Path("incomplete"))
    before = {path for path in tmp_path.iterdir() if path.name != "home"}
    result = run(*line.split())
    assert (result.code, result.out) == (1, "")
    assert FAILURES[line] in result.err
    assert result.err.startswith("back-stretches: ")
    assert len(result.err.splitlines()) == 1
    assert result.err.endswith(".\n")
    assert {path for path in tmp_path.iterdir() if path.name != "home"} == before


def test_debug_shows_where_an_error_came_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["back-stretches", "--debug", "replay", "missing.wav"])
    with pytest.raises(AudioError):
        main()
    result = subprocess.run([sys.executable, "-m", "skill", *sys.argv[1:]], capture_output=True, text=True)
    assert result.returncode == 1
    assert "Traceback" in result.stderr


@pytest.mark.parametrize("option", ["-h", "--help"])
@pytest.mark.parametrize("command", ["", *COMMANDS, "models fetch", "models list", "models verify"])
def test_help_everywhere(run: Run, command: str, option: str) -> None:
    result = run(*command.split(), option)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(f"Usage: back-stretches {command}".strip())
    if not command:
        assert all(name in result.out for name in COMMANDS)


def test_the_version(run: Run) -> None:
    result = run("--version")
    assert result.code == 0
    assert "0.1" in result.out


@pytest.mark.parametrize(
    "line", ["chat --json", "replay speech.wav --json --tail 1", "understand speech.wav --json", "models --json"]
)
def test_json_is_one_object_a_line(run: Run, speech: Path, line: str) -> None:
    result = run(*line.split(), stdin="help\n")
    assert (result.code, result.err) == (0, "")
    assert result.events
    assert all(isinstance(event, dict) for event in result.events)


def test_control_c_is_no_traceback() -> None:
    command = [sys.executable, "-m", "skill", "chat"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert b"Traceback" not in (message := process.stderr.read())
        assert message.strip() == b"Stopped."
        assert process.wait() == 1


INTERRUPTED = """
import os, runpy, signal, sys

class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == moment:
            os.kill(os.getpid(), signal.SIGINT)

moment = sys.argv.pop(1)
sys.meta_path.insert(0, Interrupt())
runpy.run_module("skill", run_name="__main__", alter_sys=True)
"""


@pytest.mark.parametrize("moment", ["skill.cli", "click", "numpy", "hassil", "vosk", "skill.commands.chat"])
def test_control_c_while_the_program_is_being_loaded(moment: str) -> None:
    result = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, moment, "chat"], capture_output=True, input=b"goodbye\n"
    )
    assert (result.returncode, result.stdout, result.stderr) == (1, b"", b"Stopped.\n")


def test_an_ignored_control_c_stays_ignored() -> None:
    command = [sys.executable, "-c", INTERRUPTED, "numpy", "models", "--help"]
    quiet = lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)  # noqa: E731
    assert subprocess.run(command, capture_output=True, preexec_fn=quiet).returncode == 0
