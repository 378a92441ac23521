"""`understand`: one file, one utterance, one line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner

from skill.cli import cli
from tests.speech import model, say

KEYS = ["file", "text", "intent", "slots", "confidence", "decided_at", "rejected", "numbers"]


def run(*arguments: str | Path):
    return CliRunner().invoke(cli, ["understand", *map(str, arguments)])


def understood(path: Path, *options: str) -> dict:
    result = run("--json", *options, path)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def of_a_process(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run it as a user does."""
    command = [sys.executable, "-m", "skill", "understand", *arguments]
    environment = {**os.environ, "VOSK_MODEL_PATH": str(model().folder)}
    return subprocess.run(command, input=stdin, capture_output=True, env=environment, check=False)


@pytest.fixture
def question(tmp_path: Path) -> Path:
    path = tmp_path / "question.wav"
    soundfile.write(path, say("how do i do child's pose"), 16000)
    return path


def test_the_contract(question: Path) -> None:
    found = understood(question)
    assert list(found) == KEYS
    assert found["file"] == str(question)
    assert (found["intent"], found["slots"]) == ("how_to", {"stretch": "childs_pose"})
    assert 0.5 < found["confidence"] <= 1
    assert found["rejected"] is None
    spoken = len(say("how do i do child's pose")) / 16000
    assert found["decided_at"] < spoken + 0.6


def test_the_numbers_behind_a_decision(question: Path) -> None:
    numbers = understood(question)["numbers"]
    assert numbers[0] == {"text": "how do i do child's pose", "score": 0.0, "intent": "how_to"}
    scores = [each["score"] for each in numbers]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(("level", "hint"), [(0.003, "; it is very quiet (at most -6"), (0.0, "")])
def test_speech_that_is_too_quiet_to_be_found_gets_a_hint(tmp_path: Path, level: float, hint: str) -> None:
    path = tmp_path / "quiet.wav"
    soundfile.write(path, (say("how do i do child's pose") * level).astype(np.int16), 16000)
    result = run(path)
    assert result.exit_code == 0
    assert result.stdout.startswith(f'{path}: rejected (no speech) ""{hint}')
    assert bool(hint) == ("dBFS" in result.stdout)


def test_hardware_with_swapped_wires_is_understood(tmp_path: Path) -> None:
    path = tmp_path / "swapped.wav"
    speech = say("how do i do child's pose")
    soundfile.write(path, np.stack([speech, -speech], axis=1), 16000)
    assert understood(path)["intent"] == "how_to"


def test_the_context_decides(tmp_path: Path) -> None:
    path = tmp_path / "yes.flac"
    soundfile.write(path, say("yes"), 16000)
    assert understood(path, "--context", "asking")["intent"] == "affirm"
    rejected = understood(path, "--context", "holding")
    assert (rejected["intent"], rejected["slots"], rejected["confidence"]) == (None, {}, 0.0)
    assert rejected["rejected"] == "not now"


def test_any_folder_of_templates(tmp_path: Path) -> None:
    folder = tmp_path / "lamp"
    folder.mkdir()
    (folder / "lamp.yaml").write_text(
        'language: en\nintents:\n  lamp:\n    data:\n      - sentences: ["turn {what} the light"]\n'
        'lists:\n  what:\n    values: ["on", "off"]\n'
    )
    path = tmp_path / "lamp.wav"
    soundfile.write(path, say("turn off the light"), 16000)
    found = understood(path, "--intents", str(folder))
    assert (found["intent"], found["slots"]) == ("lamp", {"what": "off"})


def test_bad_input_is_one_clear_line(tmp_path: Path, question: Path) -> None:
    empty = tmp_path / "empty.wav"
    empty.write_bytes(b"")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.yaml").write_text('language: en\nintents: {a: {data: [{sentences: ["piriformis stretch"]}]}}\n')
    for arguments, message in [
        ((tmp_path / "none.wav",), "no such file"),
        ((empty,), "empty"),
        (("--intents", tmp_path / "nowhere", question), "no .yaml files"),
        (("--intents", folder, question), "piriformis"),
        (("--context", "dancing", question), "no context dancing"),
    ]:
        result = run(*arguments)
        assert result.exit_code != 0
        assert message in str(result.exception), arguments
        assert "Traceback" not in result.output


def test_a_bad_file_does_not_affect_the_others(tmp_path: Path, question: Path) -> None:
    files = [str(question), str(tmp_path / "none.wav"), str(question)]
    done = of_a_process("--json", *files)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["file"] for line in lines] == [str(question)] * 2
    assert done.returncode == 1
    assert done.stderr.decode() == f"back-stretches: {files[1]}: there is no such file; name a WAV or FLAC file.\n"


@pytest.mark.parametrize("name", ["-", "/dev/stdin"])
def test_a_sound_may_come_through_a_pipe(name: str, question: Path) -> None:
    by_name, by_pipe = of_a_process("--json", str(question)), of_a_process("--json", name, stdin=question.read_bytes())
    assert json.loads(by_pipe.stdout) == {**json.loads(by_name.stdout), "file": name}


def test_an_empty_pipe_is_said(tmp_path: Path) -> None:
    done = of_a_process("-", stdin=b"")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode() == "back-stretches: -: nothing came from there; send a WAV or FLAC file.\n"
