"""The user's own routine files: valid ones are added to the shipped routines, problems in the others are reported."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from skill.content.problems import Problems, Text
from skill.content.routine import Routine, Stretch
from skill.content.routine_catalog import Phrases, load_routines, routine_list, shipped_routine_files, stretch_list
from skill.content.tokenizer import tokens
from skill.errors import ContentError

ENDINGS = (".yaml", ".yml")

CheckNames = Callable[[Mapping[str, Phrases], Problems], None]
"""Adds a problem for each of the user's names, by slot list, that is already something to say to the coach."""

Knows = Callable[[str], bool]
"""Returns whether the speech model knows a word, given in lower case."""


@dataclass(frozen=True)
class Routines:
    """All routines there are."""

    all: Mapping[str, Routine]
    """Routine id -> routine, of all valid files."""

    own: frozenset[str] = frozenset()
    """Ids of those that come from files of the user."""

    problems: tuple[str, ...] = ()
    """One line for each problem in the files that were left out."""

    left_out: tuple[Path, ...] = ()
    """Files with problems; the folder itself if it cannot be read."""

    unread: tuple[Path, ...] = ()
    """Other files in the folder, which are no routine files by their names."""

    @property
    def warning(self) -> str | None:
        """What is wrong, with file, line and remedy, and that it was left out; None if all is well."""
        if not self.left_out:
            return None
        names = ", ".join(path.name if _is_routine_file(path) else "your own routines" for path in self.left_out)
        more = " `back-stretches routines` tells what else is wrong." if len(self.problems) > 1 else ""
        return f"{self.problems[0]} Until then the coach goes on without {names}.{more}"


def load(folder: Path, check_names: CheckNames) -> Routines:
    """Read the shipped routine files and those of a folder, which may use stretches of all others.

    A file in which something is wrong is left out whole. ContentError: a shipped file is wrong.
    """
    shipped = shipped_routine_files()
    try:
        here = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except FileNotFoundError:
        here = []
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        problem = f"{folder}: this folder cannot be read ({reason}); check what it is, and its permissions."
        return Routines(load_routines(shipped), problems=(problem,), left_out=(folder,))
    own = [path for path in here if _is_routine_file(path)]
    unread = tuple(path for path in here if path not in own)
    try:
        found = _found(_checked(shipped, own, check_names), shipped, own)
    except ContentError:
        found = _one_by_one(shipped, own, check_names)
    return replace(found, unread=unread)


def _is_routine_file(path: Path) -> bool:
    return path.suffix.lower() in ENDINGS


def _checked(shipped: Sequence[Path], own: Sequence[Path], check_names: CheckNames) -> Mapping[str, Routine]:
    """Read the shipped files and some of the user's; ContentError if a name of theirs means something else."""
    routines = load_routines([*shipped, *own])
    if own:
        alone, problems = load_routines(shipped), Problems()
        ours = {"stretch": set(stretch_list(alone)), "routine": set(routine_list(alone))}
        all_names = {"stretch": stretch_list(routines), "routine": routine_list(routines)}
        own_names = {name: [each for each in names if each not in ours[name]] for name, names in all_names.items()}
        check_names(own_names, problems)
        problems.check()
    return routines


def _one_by_one(shipped: Sequence[Path], own: Sequence[Path], check_names: CheckNames) -> Routines:
    good: list[Path] = []
    wrong: dict[Path, str] = {}
    while True:
        before = len(good)
        for file in [file for file in own if file not in good]:
            try:
                _checked(shipped, [*good, file], check_names)
            except ContentError as error:
                wrong[file] = str(error)
            else:
                good.append(file)
                wrong.pop(file, None)
        if len(good) == before:  # none of the others becomes good by what a later file defines
            break
    problems = dict.fromkeys(line for text in wrong.values() for line in text.splitlines())
    return _found(load_routines([*shipped, *good]), shipped, good, tuple(problems), tuple(wrong))


def _found(
    routines: Mapping[str, Routine],
    shipped: Iterable[Path],
    own: Sequence[Path],
    problems: tuple[str, ...] = (),
    left_out: tuple[Path, ...] = (),
) -> Routines:
    ids = frozenset(routines) - frozenset(load_routines(shipped)) if own else frozenset()
    return Routines(routines, ids, problems, left_out)


def unheard_names(routines: Iterable[Routine], knows: Knows) -> tuple[list[str], list[str]]:
    """Return (problems, notes), a line for each name or alias with a word that the speech model cannot hear.

    It is a problem if a routine or stretch has no name that can be heard, else no more than a note.
    """
    problems: dict[str, None] = {}
    notes: dict[str, None] = {}
    for routine in routines:
        things: tuple[Routine | Stretch, ...] = (routine, *routine.stretches)
        for thing in things:
            lines = [_unheard(phrase, knows) for phrase in (thing.name, *thing.aliases)]
            found = problems if all(lines) else notes
            found.update(dict.fromkeys(line for line in lines if line))
    return list(problems), list(notes)


def audible_lists(routines: Routines, knows: Knows) -> dict[str, Phrases]:
    """Return the names of all stretches and routines without those of the user's that the model cannot hear."""
    shipped = {name: routine for name, routine in routines.all.items() if name not in routines.own}

    def audible(names: Callable[[Mapping[str, Routine]], Phrases]) -> Phrases:
        ours = set(names(shipped))
        return [entry for entry in names(routines.all) if entry in ours or not _unheard(entry[0], knows)]

    return {"stretch": audible(stretch_list), "routine": audible(routine_list)}


def _unheard(phrase: str, knows: Knows) -> str | None:
    unknown = [word for word in tokens(phrase) if not knows(word)]
    if not unknown:
        return None
    place = phrase.place if isinstance(phrase, Text) and phrase.place else "?"
    words = ", ".join(f'"{word}"' for word in unknown)
    return f'{place}: "{phrase}" cannot be heard: the speech model lacks {words}; spell it otherwise or add an alias.'
