"""The lines that are always the same, so that a slow voice can render them before anybody asks."""

import string
from collections.abc import Iterator

from skill.dialogue import Content
from skill.responses import split
from skill.routine import Routine


def fixed_lines(content: Content) -> tuple[str, ...]:
    """Return every line without a field that changes, the usual routine's first, then answers, then all the rest."""
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
        for text in variants:
            if not any(field for _, field, _, _ in string.Formatter().parse(text)):
                yield from split(text)
