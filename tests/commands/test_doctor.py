"""`back-stretches doctor`: one line for each check, on any machine."""

from pathlib import Path

import pytest

from skill.composition.parts import memory_file
from skill.voice import natural_voice
from tests.commands.conftest import Run

KEYS = ["check", "ok", "text", "needed"]


def test_what_is_needed_is_there(run: Run) -> None:
    result = run("doctor", "--json")
    assert (result.code, result.err) == (0, "")
    assert all(list(finding) == KEYS for finding in result.events)
    found = {finding["check"]: finding for finding in result.events}
    assert {"content", "platform", "speech model", "vocabulary", "voice", "memory", "sound devices"} <= found.keys()
    for check in ("content", "speech model", "vocabulary", "voice", "memory"):
        assert found[check]["ok"], found[check]
    assert not found["sound devices"]["needed"]


def test_each_stretch_counts_once(run: Run) -> None:
    assert "7 stretches" in run("doctor").out


def test_in_words(run: Run) -> None:
    result = run("doctor")
    lines = result.out.splitlines()
    assert result.code == 0
    assert all(line.startswith(("ok       ", "problem  ")) for line in lines)
    assert lines[0].startswith("ok       content: ")


def test_a_missing_model_is_a_failure_with_a_remedy(run: Run) -> None:
    result = run("doctor", "--json", "--model", "nowhere")
    (finding,) = [finding for finding in result.events if finding["check"] == "speech model"]
    assert result.code == 1
    assert not finding["ok"]
    assert "no such folder" in finding["text"]
    assert [f["check"] for f in result.events if f["check"] == "voice"]  # the other checks are done all the same


@pytest.mark.parametrize("option", ["--input", "--output"])
def test_a_named_device_that_does_not_exist_is_a_failure(run: Run, option: str) -> None:
    result = run("doctor", "--json", option, "No such device 123")
    (finding,) = [finding for finding in result.events if finding["check"] == "sound devices"]
    assert (result.code, finding["ok"], finding["needed"]) == (1, False, True)
    assert "There is no " in finding["text"]


def test_the_natural_voice_has_a_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for there, says in (
        (True, "installed; choose it with --voice natural"),
        (False, "not installed; get it with: .venv/bin/pip install --editable"),
    ):
        monkeypatch.setattr(natural_voice, "installed", lambda there=there: there)
        (finding,) = [f for f in run("doctor", "--json").events if f["check"] == "natural voice"]
        assert (finding["ok"], finding["needed"]) == (True, False)
        assert finding["text"].startswith(says)
        assert ("ok" if there else "note") in [
            line.split()[0] for line in run("doctor").out.splitlines() if "natural" in line
        ]


def test_a_memory_that_cannot_be_kept(run: Run, home: Path) -> None:
    home.mkdir()
    (home / "data").write_text("")
    result = run("doctor", "--json")
    (finding,) = [finding for finding in result.events if finding["check"] == "memory"]
    assert (result.code, finding["ok"]) == (0, False)
    assert "your progress cannot be kept" in finding["text"]


def test_a_voice_that_does_not_exist(run: Run) -> None:
    result = run("doctor", "--json", "--voice", "nobody")
    (finding,) = [finding for finding in result.events if finding["check"] == "voice"]
    assert (result.code, finding["ok"], finding["needed"]) == (0, False, False)
    assert finding["text"].startswith("There is no voice called “nobody”; there is “default”")


def test_reading_does_not_create_a_memory(run: Run, home: Path) -> None:
    events = run("doctor", "--json").events
    (finding,) = [finding for finding in events if finding["check"] == "memory"]
    assert (finding["ok"], finding["text"]) == (True, f"{memory_file()}; it is created at the first session")
    assert not (home / "data").exists()


def test_a_folder_in_which_no_memory_can_be_begun_is_reported(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.mkdir()
    monkeypatch.setattr("os.access", lambda place, mode: place != home)
    (finding,) = [finding for finding in run("doctor", "--json").events if finding["check"] == "memory"]
    assert not finding["ok"]
    assert finding["text"] == (
        f"{memory_file()}: your progress cannot be kept: {home} cannot be written; change its rights."
    )
