"""Static prompts: lines without fields, and first clauses without fields, which can be rendered in advance."""

import string
from collections.abc import Iterable, Iterator, Mapping

from skill.content.content import Content
from skill.content.responses import split
from skill.content.routine import Routine
from skill.voice.natural_voice import clauses

_PERSONAL = (
    *("condition_", "conditions_", "no_condition", "other_condition", "sore_back", "left_out"),
    *("unwell", "better", "not_better", "place_kept", "nothing_left", "anything_else", "help_asking_better"),
)
"""Prefixes of the keys of responses that are said only to people who have told something about their body."""


def static_prompts(content: Content) -> tuple[str, ...]:
    """Return every line, or first clause, without a field.

    The usual routine's lines come first, then answers, then all the rest.
    """
    default = content.default
    others = [routine for routine in content.routines.values() if routine is not default]
    lines = [*_course(default), *_lines(content.responses.variants), *_explanations(default)]
    for routine in others:
        lines += [*_course(routine), *_explanations(routine)]
    return tuple(dict.fromkeys(lines))


def impersonal_prompts(content: Content) -> tuple[str, ...]:
    """Return the static prompts that reveal nothing about the user's body."""
    variants = content.responses.variants.items()
    personal = {key: texts for key, texts in variants if key.startswith(_PERSONAL)}
    others = {key: texts for key, texts in variants if key not in personal}
    only_personal = {*_lines(personal)} - {*_lines(others)}
    return tuple(line for line in static_prompts(content) if line not in only_personal)


def _course(routine: Routine) -> Iterator[str]:
    for _, _, lines in routine.cues:
        yield from lines
    for stretch in routine.stretches:
        yield from stretch.instructions


def _explanations(routine: Routine) -> Iterator[str]:
    for stretch in routine.stretches:
        yield from (*stretch.how_to, *stretch.why, *stretch.easier)


def _lines(responses: Mapping[str, Iterable[str]]) -> Iterator[str]:
    for variants in responses.values():
        for line in (line for text in variants for line in split(text)):
            beginning = clauses(line)[0]
            yield from (text for text in dict.fromkeys((line, beginning)) if not _fields(text))


def _fields(text: str) -> list[str]:
    return [field for _, field, _, _ in string.Formatter().parse(text) if field]
