"""The lines that are always the same, and the beginnings of others that are: rendered before anybody asks."""

import string
from collections.abc import Iterator

from skill.dialogue import Content
from skill.responses import split
from skill.routine import Routine
from skill.voice.piper_voice import clauses


def fixed_lines(content: Content) -> tuple[str, ...]:
    """Return every line, or first clause, without a field that changes.

    The usual routine's lines come first, then answers, then all the rest.
    """
    default = content.default
    others = [routine for routine in content.routines.values() if routine is not default]
    lines = [*_course(default), *_answers(content), *_explanations(default)]
    for routine in others:
        lines += [*_course(routine), *_explanations(routine)]
    return tuple(dict.fromkeys(lines))


def _course(routine: Routine) -> Iterator[str]:
    for _, _, lines in routine.cues:
        yield from lines
    for stretch in routine.stretches:
        yield from stretch.instructions


def _explanations(routine: Routine) -> Iterator[str]:
    for stretch in routine.stretches:
        yield from (*stretch.how_to, *stretch.why, *stretch.easier)


def _answers(content: Content) -> Iterator[str]:
    for variants in content.responses.variants.values():
        for line in (line for text in variants for line in split(text)):
            beginning = clauses(line)[0]
            yield from (text for text in dict.fromkeys((line, beginning)) if not _fields(text))


def _fields(text: str) -> list[str]:
    return [field for _, field, _, _ in string.Formatter().parse(text) if field]
