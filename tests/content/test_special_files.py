"""What is no plain file among routine and language files: it is told, and nothing waits for it."""

import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from skill.content.language import load_language
from skill.content.own_routines import load
from skill.content.yaml_value import MAX_BYTES
from skill.errors import ContentError
from tests.content.language_files import GOOD

OWN = "routines: {mine: {name: my own, stretches: [cat]}}\n"


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:  # a short path, for the socket
        yield Path(name)


def bind(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(path))


def loop(path: Path) -> None:
    path.symlink_to(path.name)


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 40)  # on disk it takes nothing


SPECIAL: dict[str, tuple[Callable[[Path], object], str]] = {
    "pipe": (os.mkfifo, "this is a pipe, a socket or a device; put a file with text in its place."),
    "socket": (bind, "this is a pipe, a socket or a device; put a file with text in its place."),
    "device": (lambda path: path.symlink_to("/dev/zero"), "this is a pipe, a socket or a device"),
    "folder": (Path.mkdir, "cannot read this file: is a directory; check its name and permissions."),
    "link to nothing": (lambda path: path.symlink_to("nothing"), "cannot read this file: no such file or directory;"),
    "link to itself": (loop, "cannot read this file: too many levels of symbolic links; check"),
    "huge": (huge, f"this file is larger than {MAX_BYTES:,} bytes; split it."),
}


@pytest.mark.parametrize("kind", SPECIAL)
def test_among_routine_files_it_is_reported_and_the_others_are_used(folder: Path, kind: str) -> None:
    make, says = SPECIAL[kind]
    make(folder / "odd.yaml")
    (folder / "own.yaml").write_text(OWN)
    found = load(folder, lambda names, problems: None)
    assert found.own == {"mine"}
    (problem,) = found.problems
    assert f"odd.yaml:1: {says}" in problem


@pytest.mark.parametrize("kind", SPECIAL)
def test_in_a_folder_of_templates_it_is_reported(folder: Path, kind: str) -> None:
    make, says = SPECIAL[kind]
    make(folder / "odd.yaml")
    (folder / "a.yaml").write_text(GOOD)
    with pytest.raises(ContentError) as caught:
        load_language(folder)
    assert f"odd.yaml:1: {says}" in str(caught.value)


def test_a_link_to_a_file_is_that_file(folder: Path) -> None:
    (folder / "elsewhere.txt").write_text(OWN)
    (folder / "own.yaml").symlink_to("elsewhere.txt")
    assert load(folder, lambda names, problems: None).own == {"mine"}


def test_a_folder_that_is_a_link_to_itself_is_reported(folder: Path) -> None:
    loop(folder / "routines")
    (problem,) = load(folder / "routines", lambda names, problems: None).problems
    assert "this folder cannot be read (too many levels of symbolic links)" in problem
    with pytest.raises(ContentError, match=r"no \.yaml files here"):
        load_language(folder / "routines")
