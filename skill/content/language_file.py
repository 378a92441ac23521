"""Language files: from YAML to hassil templates and responses, every problem with its line."""

from __future__ import annotations

import re
import string
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from skill.content.number_range import read_range
from skill.content.problems import Place, Problems, Text, suggestion
from skill.content.template import template_error
from skill.content.yaml_checker import Checker
from skill.content.yaml_value import Value, read_yaml

Key = tuple[str, ...]
"""What stands at a place, as one of

("sentence", intent, template), ("rule", name), ("list", name), ("value", list name, number of the value from "0");
what belongs to one block of sentences has that block before its name: ("rule", intent, number of the block, name).
"""

_TOP_KEYS = ("language", "settings", "intents", "lists", "expansion_rules", "skip_words", "responses")
_INTENT_KEYS = ("data",)
_DATA_KEYS = (
    "sentences",
    "slots",
    "response",
    "requires_context",
    "excludes_context",
    "expansion_rules",
    "lists",
    "metadata",
    "required_keywords",
    "inferred_domain",
    "name_domains",
    "settings",
)
_LIST_KEYS = ("values", "range", "wildcard")
_VALUE_KEYS = ("in", "out", "context", "metadata")
_SETTINGS_KEYS = ("ignore_whitespace", "filter_with_regex")


@dataclass
class LanguageFiles:
    """Several language files read together, as hassil would merge them."""

    contexts: Collection[str] | None
    """Names allowed under requires_context: state; None: any. With names, each intent, list and rule has one home."""

    problems: Problems = field(default_factory=Problems)
    merged: dict[str, Any] = field(default_factory=lambda: {"intents": {}, "lists": {}, "expansion_rules": {}})
    """What hassil's Intents.from_dict wants."""

    responses: dict[str, tuple[str, ...]] = field(default_factory=dict)
    places: dict[Key, Place] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.checker = Checker(self.problems)

    @property
    def strict(self) -> bool:
        """Whether the files are the coach's own, which are held to more than hassil needs."""
        return self.contexts is not None

    def read(self, path: Path) -> None:
        """Read one file and add it to what is there."""
        root = read_yaml(path, self.problems)
        if root is None:
            return
        parts = self.checker.mapping(root, "a language file", _TOP_KEYS)
        for name, read in (
            ("language", self._language),
            ("settings", self._settings),
            ("skip_words", self._skip_words),
            ("expansion_rules", self._rules),
            ("lists", self._lists),
            ("intents", self._intents),
            ("responses", self._responses),
        ):
            if name in parts:
                read(parts[name])

    def _language(self, value: Value) -> None:
        language = self.checker.text(value, '"language"')
        first = self.merged.setdefault("language", language)
        if language is not None and first is not None and language != first:
            self.problems.add(
                value.place, f'the language is "{language}" here but "{first}" in {first.place}; load one folder each.'
            )

    def _settings(self, value: Value) -> None:
        for key, item in self.checker.mapping(value, '"settings"', _SETTINGS_KEYS).items():
            self.merged.setdefault("settings", {})[key] = self.checker.flag(item, f'"{key}"')

    def _skip_words(self, value: Value) -> None:
        if value.data != []:
            self.merged.setdefault("skip_words", []).extend(self.checker.texts(value, '"skip_words"'))

    def _home(self, key: Key, place: Place, what: str) -> bool:
        """Note where something is defined; False, and a problem, if it is already defined elsewhere."""
        first = self.places.setdefault(key, place)
        if first is place:
            return True
        self.problems.add(place, f"{what} is already defined in {first}; put all of it in one place.")
        return False

    # rules and lists

    def _rules(self, value: Value, scope: Key = ()) -> dict[str, str]:
        rules: dict[str, str] = {}
        for name, item in self.checker.mapping(value, '"expansion_rules"').items():
            body = self._template(item, f"rule <{name}>")
            if body is not None and self._home(("rule", *scope, name), value.keys[name], f"rule <{name}>"):
                rules[name] = body
        if not scope:
            self.merged["expansion_rules"].update(rules)
        return rules

    def _lists(self, value: Value, scope: Key = ()) -> dict[str, Any]:
        lists: dict[str, Any] = {}
        for name, item in self.checker.mapping(value, '"lists"').items():
            if self._home(("list", *scope, name), value.keys[name], f"list {{{name}}}"):
                content = self._list((*scope, name), item)
                if content is not None:
                    lists[name] = content
        if not scope:
            self.merged["lists"].update(lists)
        return lists

    def _list(self, key: Key, value: Value) -> dict[str, Any] | None:
        what = f"list {{{key[-1]}}}"
        parts = self.checker.mapping(value, what, _LIST_KEYS)
        if not isinstance(value.data, dict):
            return None
        if len(parts) != 1:
            self.problems.add(value.place, f"{what} needs exactly one of {', '.join(_LIST_KEYS)}.")
            return None
        if "values" in parts:
            items = self.checker.items(parts["values"], what)
            for number, item in enumerate(items):
                self.places["value", *key, str(number)] = item.place
            return {"values": [self._list_value(item, f"a value of {what}") for item in items]}
        if "range" in parts:
            return read_range(parts["range"], what, self.checker)
        if not self.checker.flag(parts["wildcard"], f"wildcard of {what}"):
            self.problems.add(value.place, f"{what} is empty; give it values, or wildcard: true.")
        return {"wildcard": True}

    def _list_value(self, value: Value, what: str) -> dict[str, Any] | None:
        parts: dict[str, Value] = {}
        out: object
        if not isinstance(value.data, dict):
            phrase = self._template(value, what)
            out = value.data
        else:
            parts = self.checker.mapping(value, what, _VALUE_KEYS)
            if "in" not in parts:
                self.problems.add(value.place, f'{what} has no "in"; add what people say.')
                return None
            phrase = self._template(parts["in"], what)
            out = self.checker.plain(parts["out"], f'"out" of {what}') if "out" in parts else None
            if self.strict and not isinstance(out, str):
                self.problems.add(value.place, f'{what} has no text as "out"; add what it means.')
        if phrase is None:
            return None
        extras: dict[str, object] = {
            key: self.checker.plain(parts[key], f'"{key}" of {what}') for key in ("context", "metadata") if key in parts
        }
        return {"in": phrase, "out": out, **extras}

    # intents

    def _intents(self, value: Value) -> None:
        for name, item in self.checker.mapping(value, '"intents"').items():
            place = value.keys[name]
            if self.strict and not self._home(("intent", name), place, f'intent "{name}"'):
                continue
            parts = self.checker.mapping(item, f'intent "{name}"', _INTENT_KEYS)
            if "data" not in parts:
                if isinstance(item.data, dict):
                    self.problems.add(place, f'intent "{name}" has no "data"; add its sentences.')
                continue
            blocks = self.checker.items(parts["data"], f'"data" of intent "{name}"')
            intent = self.merged["intents"].setdefault(name, {"data": []})
            for block in blocks:
                intent["data"].append(self._block(name, len(intent["data"]), block))

    def _block(self, intent: str, number: int, value: Value) -> dict[str, Any]:
        what = f'intent "{intent}"'
        parts = self.checker.mapping(value, f'"data" of {what}', _DATA_KEYS)
        scope = (intent, str(number))
        block: dict[str, Any] = {"sentences": []}
        if "sentences" in parts:
            items = self.checker.items(parts["sentences"], f'"sentences" of {what}')
            block["sentences"] = list(self._sentences(intent, items, what))
        elif isinstance(value.data, dict):
            self.problems.add(value.place, f'a block of {what} has no "sentences"; add what people say.')
        for key, item in parts.items():
            label = f'"{key}" of {what}'
            if key == "expansion_rules":
                block[key] = self._rules(item, scope)
            elif key == "lists":
                block[key] = self._lists(item, scope)
            elif key in ("requires_context", "excludes_context"):
                block[key] = self._context(item, label)
            elif key in ("slots", "metadata", "settings"):
                block[key] = self._plain(self.checker.mapping(item, label), label)
            elif key in ("required_keywords", "name_domains"):
                block[key] = self.checker.texts(item, label)
            elif key in ("response", "inferred_domain"):
                block[key] = self.checker.text(item, label)
        return block

    def _sentences(self, intent: str, items: Iterable[Value], what: str) -> Iterable[Text]:
        for item in items:
            text = self._template(item, f"a sentence of {what}")
            if text is not None:
                self.places.setdefault(("sentence", intent, text), item.place)
                yield text

    def _template(self, value: Value, what: str) -> Text | None:
        text = self.checker.text(value, what)
        if text is None:
            return None
        wrong = template_error(text)
        if wrong is None and self.strict and re.search(r"[?!.,]", re.sub(r"{.*?}", "", text)):
            wrong = "has punctuation, which nobody speaks; delete it"
        if wrong is not None:
            self.problems.add(value.place, f'{what} {wrong}: "{text}".')
            return None
        return text

    def _context(self, value: Value, label: str) -> dict[str, Any]:
        parts = self.checker.mapping(value, label, None if self.contexts is None else ("state",))
        if self.contexts is not None and "state" in parts:
            states = parts["state"]
            listed = self.checker.items(states, f"state in {label}") if states.kind == "list" else [states]
            for item in listed:
                self._check_state(item, label, self.contexts)
        return self._plain(parts, label)

    def _plain(self, parts: Mapping[str, Value], label: str) -> dict[str, object]:
        return {name: self.checker.plain(part, f'"{name}" in {label}') for name, part in parts.items()}

    def _check_state(self, value: Value, label: str, contexts: Collection[str]) -> None:
        state = self.checker.text(value, f"a state in {label}")
        if state is not None and state not in contexts:
            hint = suggestion(state, contexts) or f"; known: {', '.join(contexts)}"
            self.problems.add(value.place, f'unknown state "{state}" in {label}{hint}.')

    # responses

    def _responses(self, value: Value) -> None:
        if not self.strict:
            return
        for key, item in self.checker.mapping(value, '"responses"').items():
            label = f'response "{key}"'
            one = self.checker.text(item, label) if item.kind != "list" else None
            variants = self.checker.texts(item, label) if item.kind == "list" else (one,) if one else ()
            for variant in variants:
                self._placeholders(variant, label)
            if self._home(("response", key), value.keys[key], label):
                self.responses[key] = variants

    def _placeholders(self, text: Text, label: str) -> None:
        wrong = None
        try:
            for _, name, form, conversion in string.Formatter().parse(text):
                if name is not None and (not name.isidentifier() or form or conversion):
                    wrong = f'has a placeholder "{{{name}}}" that is no plain name; write it like {{stretch}}'
        except ValueError:
            wrong = 'has a "{" or "}" alone; write placeholders like {stretch}'
        if wrong and text.place:
            self.problems.add(text.place, f'{label} {wrong}: "{text}".')
