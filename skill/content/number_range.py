"""Lists of numbers in language files: {range: {from, to, ...}}."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from skill.content.problems import suggestion
from skill.content.yaml_checker import Checker
from skill.content.yaml_value import Value

_KEYS = ("from", "to", "step", "type", "multiplier", "fractions", "digits", "words", "words_language")
_CHOICES = {"type": ("number", "percentage", "temperature"), "fractions": ("halves", "tenths")}
_FARTHEST = 1e6


def read_range(value: Value, what: str, checker: Checker) -> dict[str, Any] | None:
    """Return a range as hassil takes it; if it is wrong, note problems and return None."""
    before = len(checker.problems.found)
    parts = checker.mapping(value, f"the range of {what}", _KEYS)
    bounds: dict[str, float | None] = {}
    for key, least in (("from", -_FARTHEST), ("to", -_FARTHEST), ("step", 1)):
        if key in parts:
            label = f'"{key}" of {what}'
            bounds[key] = checker.number(parts[key], label, whole=True, least=least, most=_FARTHEST)
        elif key != "step" and isinstance(value.data, dict):
            checker.problems.add(value.place, f'{what} has no "{key}"; add it.')
    start, stop = bounds.get("from"), bounds.get("to")
    if start is not None and stop is not None and start > stop:
        checker.problems.add(value.place, f"{what} goes from {start} to {stop}; turn them round.")
    _check_kind(parts, what, checker)
    if len(checker.problems.found) > before:
        return None
    return {"range": {key: item.data for key, item in parts.items()}}


def _check_kind(parts: Mapping[str, Value], what: str, checker: Checker) -> None:
    for key, allowed in _CHOICES.items():
        given = checker.text(parts[key], f'"{key}" of {what}') if key in parts else None
        if given is not None and given not in allowed:
            hint = suggestion(given, allowed) or f"; use {' or '.join(allowed)}"
            checker.problems.add(parts[key].place, f'unknown {key} "{given}" in {what}{hint}.')
    if "multiplier" in parts:
        checker.number(parts["multiplier"], f'"multiplier" of {what}', whole=False, least=-1e9, most=1e9)
    forms = [checker.flag(parts[key], f'"{key}" of {what}') if key in parts else True for key in ("digits", "words")]
    if not any(forms):
        checker.problems.add(parts["digits"].place, f"{what} has neither digits nor words; allow one of them.")
    if "words_language" in parts:
        checker.text(parts["words_language"], f'"words_language" of {what}')
