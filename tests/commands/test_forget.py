"""`back-stretches forget`: all that is kept about the user is deleted, and nothing else."""

import errno
import io
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from skill.events import Saved
from skill.memory import Memory
from tests.commands.conftest import Run


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of this test's own: the one of the other tests is not to be forgotten."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "back-stretches"


@pytest.fixture
def kept(home: Path, cache: Path) -> list[Path]:
    """Everything that years of use leave behind; returns what must go."""
    data = home / "data" / "back-stretches"
    data.mkdir(parents=True)
    (data / "memory.sqlite").write_bytes(b"no database" * 500)
    memory = Memory(data / "memory.sqlite")  # moves the damaged file aside
    memory.save(Saved("full", "cat"))
    (data / "memory.sqlite-journal").write_bytes(b"")
    (cache / "speech").mkdir(parents=True)
    (cache / "speech" / "0.flac").write_bytes(b"x")
    (cache / "models").mkdir()
    routine = home / "config" / "back-stretches" / "routines" / "mine.yaml"
    routine.parent.mkdir(parents=True)
    routine.write_text("routines: {}")
    assert len(list(data.glob("memory.damaged-*"))) == 1
    return [*data.iterdir(), cache / "speech"]


def test_everything_is_deleted_and_listed(run: Run, kept: list[Path], home: Path, cache: Path) -> None:
    result = run("forget", "--yes")
    assert (result.code, result.err) == (0, "")
    for path in kept:
        assert not path.exists(), path
        assert f"Deleted: {path} (" in result.out
    assert "(cached speech, 1 line)" in result.out
    assert (cache / "models").is_dir()
    assert (home / "config" / "back-stretches" / "routines" / "mine.yaml").is_file()
    assert run("forget").out == "There is nothing to forget.\n"


def test_as_json(run: Run, kept: list[Path]) -> None:
    events = run("forget", "--yes", "--json").events
    assert {event["deleted"] for event in events} == {str(path) for path in kept}
    assert run("forget", "--yes", "--json").out == ""


def test_without_a_terminal_nothing_is_deleted_without_the_option(run: Run, kept: list[Path]) -> None:
    result = run("forget", stdin="y\n")
    assert result.code == 2
    assert "add --yes" in result.err
    assert all(path.exists() for path in kept)


@pytest.mark.parametrize(("answer", "code"), [("n", 1), ("y", 0)])
def test_at_a_terminal_it_asks(kept: list[Path], answer: str, code: int) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "skill", "forget"], stdin=theirs, stdout=theirs, stderr=theirs, env=os.environ.copy()
    ) as program:
        os.close(theirs)
        shown = read_until(ours, b"[y/N]")
        assert b"memory.sqlite" in shown
        os.write(ours, answer.encode() + b"\n")
        shown = read_until(ours, None)
    os.close(ours)
    assert program.returncode == code
    assert (b"Nothing was deleted." in shown) == (answer == "n")
    assert [path.exists() for path in kept] == [answer == "n"] * len(kept)


def read_until(terminal: int, end: bytes | None) -> bytes:
    """Return what a program writes to its terminal, up to some words or to its end."""
    shown = io.BytesIO()
    while end is None or end not in shown.getvalue():
        try:
            part = os.read(terminal, 1000)
        except OSError:  # the program is gone
            part = b""
        if not part:
            break
        shown.write(part)
    return shown.getvalue()


def test_a_folder_that_cannot_be_read_does_not_count_as_missing(
    run: Run, kept: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It must not be reported as missing, or as deleted."""

    def refused(path: Path) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "iterdir", refused)
        result = run("forget", "--yes")
    assert (result.code, result.out) == (1, "")
    assert "cannot be read (permission denied), so nothing was deleted" in result.err
    assert all(path.exists() for path in kept)
