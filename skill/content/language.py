"""A language: phrase templates and the coach's responses, read from a folder of YAML files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from hassil.intents import Intents, TextSlotList

from skill.content.language_check import check_references, check_words
from skill.content.language_file import Key, LanguageFiles
from skill.content.problems import Place, Problems, Text
from skill.content.routine_catalog import Phrases, load_routines, routine_list, stretch_list
from skill.content.states import STATES
from skill.content.yaml_value import shown
from skill.errors import ContentError


@dataclass(frozen=True)
class Language:
    """What users can say, and what the coach answers."""

    intents: Intents
    """The templates with all their slot lists."""

    responses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Key -> variants of a text with {placeholders}; empty for folders that are not the coach's."""

    places: Mapping[Key, Place] = field(default_factory=dict)
    """Where each part is written, by the keys that language_file.Key describes."""

    @property
    def files(self) -> tuple[str, ...]:
        """Return the files that have sentences."""
        return tuple(dict.fromkeys(place.file for key, place in self.places.items() if key[0] == "sentence"))


def load_language(
    folder: Path | None = None,
    lists: Mapping[str, Phrases] | None = None,
    contexts: Collection[str] | None = None,
) -> Language:
    """Read a folder of hassil templates (*.yaml, at any depth; or one file); by default the coach's own.

    `lists` are further slot lists; the coach's own templates use those of its routines unless given.
    `contexts` are the states that templates may name. They are STATES for the coach's own; None allows any name, and
    takes a folder as hassil does: intents may be spread over files, and responses are left alone.
    Raises ContentError with one line a problem.
    """
    if folder is None:
        folder = _own_folder()
        contexts = STATES if contexts is None else contexts
        lists = _shipped_lists() if lists is None else lists
    files = LanguageFiles(contexts)
    for file in _language_files(folder):
        files.read(file)
    start = Place(shown(folder), 1)
    if not files.merged["intents"] and not files.problems.found:
        files.problems.add(start, "no intents in this folder; name a folder of hassil templates.")
    if "language" not in files.merged and not files.problems.found:
        files.problems.add(start, 'no file names its language; add a line such as "language: en".')
    files.problems.check()
    intents = Intents.from_dict(files.merged)
    places = dict(files.places)
    _add_lists(intents, lists or {}, places, files.problems)
    check_references(intents, places, files.problems, strict=files.strict)
    files.problems.check()
    return Language(intents, dict(files.responses), places)


def own_language_files() -> list[Path]:
    """Return the files of the coach's own language."""
    return _language_files(_own_folder())


def _own_folder() -> Path:
    return Path(str(resources.files("skill.intents"))) / "en"


def _shipped_lists() -> dict[str, Phrases]:
    routines = load_routines()
    return {"stretch": stretch_list(routines), "routine": routine_list(routines)}


def _language_files(folder: Path) -> list[Path]:
    if folder.is_file():
        return [folder]
    files = sorted(folder.rglob("*.yaml")) if folder.is_dir() else []
    if not files:
        raise ContentError(f"{shown(folder)}: no .yaml files here; name a folder of hassil templates.")
    return files


def _add_lists(intents: Intents, lists: Mapping[str, Phrases], places: dict[Key, Place], problems: Problems) -> None:
    for name, phrases in lists.items():
        if name in intents.slot_lists:
            problems.add(places["list", name], f"list {{{name}}} is filled by the program; rename this one.")
            continue
        intents.slot_lists[name] = TextSlotList.from_tuples(phrases, allow_template=False, name=name)
        for number, (phrase, _) in enumerate(phrases):
            if isinstance(phrase, Text) and phrase.place is not None:
                places["value", name, str(number)] = phrase.place


def unknown_words(language: Language, knows: Callable[[str], bool]) -> list[str]:
    """Return a line "FILE:LINE: ..." for each word of a template that the speech model does not know.

    `knows` returns whether the model knows a word, given in lower case.
    """
    problems = Problems()
    check_words(language.intents, language.places, knows, problems)
    return problems.lines()
