"""Abbreviations in what the coach is to say: a voice speaks them as they are written. The list of them is data."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources

import yaml

from skill.content.problems import where
from skill.content.routine import Routine


@cache
def _abbreviations() -> list[tuple[re.Pattern[str], str]]:
    """Return what finds each of them, and how to write it out."""
    file = resources.files("skill.content") / "abbreviations.yaml"
    entries = yaml.safe_load(file.read_text(encoding="utf-8"))
    return [(re.compile(entry["find"], re.IGNORECASE), entry["write"]) for entry in entries]


def abbreviations_in(line: str) -> dict[str, str]:
    """Return each abbreviation in a line with an example of how to write it out."""
    found: dict[str, str] = {}
    for pattern, write in _abbreviations():
        for match in pattern.finditer(line):
            if not any(match[0] in longer for longer in found):
                found[match[0]] = write
    return found


def abbreviation_notes(routines: Iterable[Routine]) -> list[str]:
    """Return a line "FILE:LINE: ..." for each sentence of routines with abbreviations."""
    notes: dict[str, None] = {}
    for line in (line for routine in routines for line in _spoken(routine)):
        found = abbreviations_in(line)
        if found:
            words = ", ".join(f'"{short}" (such as: {write})' for short, write in found.items())
            notes[f'{where(line)}: "{line}" is spoken as it is written; write out {words}.'] = None
    return list(notes)


def _spoken(routine: Routine) -> Iterator[str]:
    for stretch in routine.stretches:
        for lines in (stretch.instructions, stretch.how_to, stretch.why, stretch.easier):
            yield from lines
    for _, _, cue in routine.cues:
        yield from cue
