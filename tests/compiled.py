"""The shipped language, compiled once for all commands that run inside one process of tests.

A program compiles it once, too; and commands that are started as programs compile it for themselves.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from skill.content.language import Language, load_language
from skill.content.routine_catalog import load_routines, routine_list, stretch_list
from skill.settings import ListeningSettings
from skill.understanding.understanding import Understanding

LOADERS = ("skill.composition.load_language", "skill.commands.understand.load_language")
COMPILERS = ("skill.commands.chat.Understanding", "skill.hearing.listener.Understanding")


@cache
def language() -> Language:
    """Return the shipped language."""
    return load_language()


@cache
def understanding() -> Understanding:
    """Return its sentences, compiled."""
    return Understanding(language(), ListeningSettings())


@cache
def _names() -> Mapping[str, object]:
    routines = load_routines()
    return {"stretch": stretch_list(routines), "routine": routine_list(routines)}


def _load(folder: Path | None = None, lists: Mapping[str, object] | None = None) -> Language:
    """Load a language; the shipped one, where the user has no names of their own, is there already."""
    if folder is None and lists in (None, _names()):
        return language()
    return load_language(folder, lists)  # type: ignore[arg-type]


def _compile(found: Language, settings: ListeningSettings) -> Understanding:
    return (
        understanding() if found is language() and settings == ListeningSettings() else Understanding(found, settings)
    )


def share(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands take what is there."""
    for name in LOADERS:
        monkeypatch.setattr(name, _load)
    for name in COMPILERS:
        monkeypatch.setattr(name, _compile)
