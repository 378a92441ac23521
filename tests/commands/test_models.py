"""`back-stretches models`, with the real model and damaged copies of it."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from skill.cli import cli
from skill.errors import ModelError
from skill.speech_model import find
from skill.speech_model.manifest import load_manifest

NAME = "vosk-model-small-en-us-0.15"


@pytest.fixture(scope="session")
def real_model() -> Path:
    """The real model, verified; fetched if this machine has none."""
    return find().resolve()


@pytest.fixture
def run(tmp_path: Path, real_model: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run the command in an empty home, with no network that would answer and no npm client."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home" / ".cache"))
    monkeypatch.setenv("PATH", str(tmp_path))
    for variable in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")
    for variable in ("no_proxy", "NO_PROXY", "VOSK_MODEL_PATH"):
        monkeypatch.delenv(variable, raising=False)

    def invoke(*arguments: object) -> Result:
        return CliRunner().invoke(cli, ["models", *map(str, arguments)])

    return invoke


def linked_copy(model: Path, folder: Path) -> Path:
    """The model again, its files as links, so that single ones can be taken away or replaced."""
    for file in model.rglob("*"):
        if file.is_file():
            link = folder / file.relative_to(model)
            link.parent.mkdir(parents=True, exist_ok=True)
            os.symlink(file, link)
    return folder


def lines(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_lists_every_place_and_marks_the_one_used(
    run: Callable[..., Result], real_model: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cached = linked_copy(real_model, tmp_path / "home/.cache/back-stretches/models" / NAME)
    damaged = linked_copy(real_model, tmp_path / "home/.cache/vosk" / NAME)
    (damaged / "ivector/final.ie").unlink()
    monkeypatch.setenv("VOSK_MODEL_PATH", str(real_model))
    for arguments in (["--json"], ["list", "--json"]):
        result = run(*arguments)
        assert result.exit_code == 0
        by_path = {line["path"]: line for line in lines(result)}
        first = by_path[str(real_model)]
        assert (first["place"], first["status"], first["used"]) == ("VOSK_MODEL_PATH", "verified", True)
        assert (by_path[str(cached)]["status"], by_path[str(cached)]["used"]) == ("verified", False)
        assert by_path[str(damaged)]["status"] == "damaged"
        assert by_path[str(damaged)]["problem"] == "ivector/final.ie is missing"
    text = run().stdout.splitlines()
    assert text[0].startswith(f"{NAME} (US English, Apache-2.0, ")
    assert f"* VOSK_MODEL_PATH: {real_model}: verified" in text
    assert f"  Vosk's cache: {damaged}: damaged (ivector/final.ie is missing)" in text


def test_fetch_touches_no_network_when_a_model_is_there(
    run: Callable[..., Result], real_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOSK_MODEL_PATH", str(real_model))
    assert run("fetch").stdout == f"{real_model}\n"
    (line,) = lines(run("fetch", "--json"))
    assert line == {"model": NAME, "path": str(real_model), "status": "verified", "fetched": False}


def test_verifies_a_folder_or_the_first_model_found(
    run: Callable[..., Result], real_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("verify", real_model).stdout == f"{real_model}: verified\n"
    monkeypatch.setenv("VOSK_MODEL_PATH", str(real_model))
    (line,) = lines(run("verify", "--json"))
    assert line == {"model": NAME, "path": str(real_model), "status": "verified", "problem": None}


@pytest.mark.parametrize("path", [file.path for file in load_manifest().files])
def test_verify_names_every_altered_file_of_the_real_model(
    run: Callable[..., Result], real_model: Path, tmp_path: Path, path: str
) -> None:
    copy = linked_copy(real_model, tmp_path / NAME)
    data = bytearray((real_model / path).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / path).unlink()
    (copy / path).write_bytes(data)
    result = run("verify", "--json", copy)
    assert isinstance(result.exception, ModelError)
    assert result.exception.exit_code == 1
    assert str(copy) in str(result.exception)
    assert f"{path} was altered" in str(result.exception)
    assert "back-stretches models fetch" in str(result.exception)
    assert lines(result)[0]["status"] == "damaged"


@pytest.mark.parametrize("folder", ["nowhere", "."])
def test_verify_of_a_folder_without_a_model_is_an_error(
    run: Callable[..., Result], tmp_path: Path, folder: str
) -> None:
    result = run("verify", tmp_path / folder)
    assert isinstance(result.exception, ModelError)
    assert f"{tmp_path / folder} is not the folder of {NAME} (am/final.mdl is missing)" in str(result.exception)


def test_wrong_usage_is_exit_code_2(run: Callable[..., Result]) -> None:
    assert run("--json", "fetch").exit_code == 2
    assert run("nonsense").exit_code == 2
    assert run("verify", "a", "b").exit_code == 2
