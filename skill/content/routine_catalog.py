"""The shipped routines, and the names of routines and stretches that users can say."""

from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path

from skill.content.routine import Routine
from skill.content.routine_file import RoutineFiles

Phrases = list[tuple[str, str]]
"""(spoken phrase, value) pairs of a slot list."""


def shipped_routine_files() -> list[Path]:
    """Return the routine files that come with the coach; users' own files are loaded together with them."""
    folder = Path(str(resources.files("skill.routines")))
    return sorted(folder.glob("*.yaml"))


def load_routines(files: Iterable[Path] | None = None) -> dict[str, Routine]:
    """Read routine files together (the shipped ones by default): routine id -> Routine.

    Raises ContentError with one line a problem.
    """
    files_read = RoutineFiles()
    for file in shipped_routine_files() if files is None else files:
        files_read.read(Path(file))
    return files_read.routines()


def stretch_list(routines: Mapping[str, Routine]) -> Phrases:
    """Return every name and alias of every stretch with the stretch's id."""
    stretches = (stretch for routine in routines.values() for stretch in routine.stretches)
    return list(dict.fromkeys((phrase, s.id) for s in stretches for phrase in (s.name, *s.aliases)))


def routine_list(routines: Mapping[str, Routine]) -> Phrases:
    """Return every name and alias of every routine with the routine's id."""
    return [(phrase, r.id) for r in routines.values() for phrase in (r.name, *r.aliases)]
