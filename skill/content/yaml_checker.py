"""Checks that YAML values have the kinds that are expected."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from skill.content.problems import Problems, Text, suggestion
from skill.content.yaml_value import KINDS, Value


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
        """Return text that is not empty."""
        if not isinstance(value.data, Text):
            self._wrong(value, what, "text")
            return None
        if not value.data.strip():
            self.problems.add(value.place, f"{what} is empty; write its text or delete it.")
            return None
        return value.data

    def texts(self, value: Value, what: str) -> tuple[Text, ...]:
        """Return a list of texts, none of them empty."""
        found = (self.text(item, f"an item of {what}") for item in self.items(value, what))
        return tuple(text for text in found if text is not None)

    def number(self, value: Value, what: str, *, whole: bool, least: float, most: float) -> float | None:
        """Return a number within bounds."""
        data = value.data
        wanted = "a whole number" if whole else "a number"
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
            self._wrong(value, what, "true or false")
        return bool(value.data)

    def _wrong(self, value: Value, what: str, wanted: str) -> None:
        if value.kind == "null":
            self.problems.add(value.place, f"{what} is missing its value; it must be {wanted}.")
        elif wanted == "text" and value.kind not in ("list", "mapping"):
            got = KINDS[value.kind]
            self.problems.add(
                value.place, f'{what} must be text, but YAML reads {value.raw} as {got}; write "{value.raw}".'
            )
        else:
            got = value.raw if value.kind in ("int", "float") else KINDS.get(value.kind, "text")
            self.problems.add(value.place, f"{what} must be {wanted}, not {got}.")
