"""Checks that YAML values have the kinds that are expected."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass

from skill.content.problems import Problems, Text, suggestion
from skill.content.tokenizer import plain
from skill.content.yaml_value import KINDS, REFUSED, Value

NUMBERS = ("a whole number", "a number")
FLAG = "true or false"


@dataclass
class Checker:
    """Returns YAML values as the kind that is expected; reports a problem if they are of another kind."""

    problems: Problems

    def mapping(self, value: Value, what: str, known: Collection[str] | None = None) -> dict[str, Value]:
        """Return the keys and values of a mapping, keys that are not known left out."""
        if not isinstance(value.data, dict):
            self._wrong(value, what, "a group of keys")
            return {}
        if known is None:
            return value.data
        for key in value.data:
            if key not in known:
                names = ", ".join(sorted(known))
                hint = suggestion(key, known) or f"; known here: {names}"
                self.problems.add(value.keys[key], f'unknown key "{key}" in {what}{hint}.')
        return {key: item for key, item in value.data.items() if key in known}

    def items(self, value: Value, what: str) -> list[Value]:
        """Return the items of a list with at least one."""
        if not isinstance(value.data, list):
            self._wrong(value, what, "a list")
            return []
        if not value.data:
            self.problems.add(value.place, f"{what} is an empty list; add an item or delete it.")
        return value.data

    def text(self, value: Value, what: str) -> Text | None:
        """Return text that is not empty, with plain apostrophes and hyphens: speech engines spell out some others."""
        if not isinstance(value.data, Text):
            self._wrong(value, what, "text")
            return None
        text = Text(plain(value.data), value.data.place)
        if not text.strip():
            self.problems.add(value.place, f"{what} is empty; write its text or delete it.")
            return None
        return text

    def texts(self, value: Value, what: str) -> tuple[Text, ...]:
        """Return a list of texts, none of them empty."""
        found = (self.text(item, f"an item of {what}") for item in self.items(value, what))
        return tuple(text for text in found if text is not None)

    def number(self, value: Value, what: str, *, whole: bool, least: float, most: float) -> float | None:
        """Return a number within bounds."""
        data = value.data
        wanted = NUMBERS[0] if whole else NUMBERS[1]
        if isinstance(data, bool) or not isinstance(data, int if whole else (int, float)):
            self._wrong(value, what, wanted)
            return None
        if not least <= data <= most:
            self.problems.add(value.place, f"{what} is {value.raw}; it must be from {least:g} to {most:g}.")
            return None
        return data

    def flag(self, value: Value, what: str) -> bool:
        """Return true or false."""
        if not isinstance(value.data, bool):
            self._wrong(value, what, FLAG)
        return bool(value.data)

    def plain(self, value: Value, what: str) -> object:
        """Return a value of any kind without its places; report what YAML reads otherwise than it is written."""
        if isinstance(value.data, list):
            return [self.plain(item, what) for item in value.data]
        if isinstance(value.data, dict):
            return {key: self.plain(item, what) for key, item in value.data.items()}
        if value.kind == "timestamp" or (value.kind == "bool" and value.raw.lower() not in ("true", "false")):
            self._not_as_written(value, what)
        return value.data

    def _not_as_written(self, value: Value, what: str) -> None:
        or_true = f", or {str(value.data).lower()}" if value.kind == "bool" else ""
        read = KINDS[value.kind]
        self.problems.add(
            value.place, f'{what} is {value.raw}, which YAML reads as {read}; write "{value.raw}"{or_true}.'
        )

    def _wrong(self, value: Value, what: str, wanted: str) -> None:
        if value.kind == REFUSED:
            return
        if value.kind == "null" and not (value.raw and wanted == "text"):
            self.problems.add(value.place, f"{what} is missing its value; it must be {wanted}.")
        elif wanted == "text" and value.kind not in ("list", "mapping"):
            got = KINDS[value.kind]
            self.problems.add(
                value.place, f'{what} must be text, but YAML reads {value.raw} as {got}; write "{value.raw}".'
            )
        elif wanted == "text":
            one_key = isinstance(value.data, dict) and len(value.data) == 1
            hint = '; put it in quotes if it is text with a ":"' if one_key else ""
            self.problems.add(value.place, f"{what} must be text, not {KINDS[value.kind]}{hint}.")
        elif value.kind == "str" and wanted in NUMBERS:
            self.problems.add(value.place, f'{what} must be {wanted}, not "{value.raw}"; {_number_in(value.raw)}.')
        else:
            written = value.kind in ("int", "float") or (value.kind == "str" and wanted == FLAG)
            got = value.raw if written else KINDS.get(value.kind, "text")
            self.problems.add(value.place, f"{what} must be {wanted}, not {got}.")


def _number_in(text: str) -> str:
    """Say how to write a number that was written as text."""
    try:
        number = float(text)
    except ValueError:
        return "write a number in digits"
    return f"write {number:g}" if math.isfinite(number) else "write a number in digits"
