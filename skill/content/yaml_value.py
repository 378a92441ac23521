"""YAML values that know their file and line."""

from __future__ import annotations

import math
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from skill.content.problems import Place, Problems, Text

MAX_BYTES = 4_000_000
MAX_VALUES = 50_000
MAX_DEPTH = 40

KINDS = {
    "null": "nothing",
    "bool": "a yes/no value",
    "int": "a number",
    "float": "a number",
    "timestamp": "a date",
    "list": "a list",
    "mapping": "a group of keys",
}

_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*|[0-9]*\.[0-9]+|[0-9]+\.)([eE][-+]?[0-9]+)?")
"""Numbers as everybody writes them. YAML 1.1, which PyYAML reads, knows others: 020 is 16, 1:30 is 90."""

_PLAIN_TAGS = (yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, yaml.resolver.BaseResolver.DEFAULT_SEQUENCE_TAG)

REFUSED = "refused"
"""Kind of a value with a problem that is noted already: nothing more is to be said about it."""


@dataclass(frozen=True)
class Value:
    """A YAML value and its place: `data` is a scalar, a list of Value, or a dict of key to Value."""

    place: Place
    kind: str
    """str, null, bool, int, float, timestamp, list, mapping or REFUSED."""

    data: object
    """For scalars that are neither str nor null: what YAML makes of them."""

    raw: str = ""
    """A scalar as it was written."""

    keys: dict[str, Place] = field(default_factory=dict)
    """Where each key of a mapping stands."""


def shown(path: Path) -> str:
    """Return a path as a person would write it: relative if it is below the current folder."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except (ValueError, OSError, RuntimeError):  # RuntimeError: links that lead to each other
        return str(path)


def read_yaml(path: Path, problems: Problems) -> Value | None:
    """Read a whole YAML file; if it cannot be read, note a problem and return None."""
    name = shown(path)
    try:
        content = _content(path)
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        problems.add(Place(name, 1), f"cannot read this file: {reason}; check its name and permissions.")
        return None
    if content is None:
        problems.add(Place(name, 1), "this is a pipe, a socket or a device; put a file with text in its place.")
        return None
    if len(content) > MAX_BYTES:
        problems.add(Place(name, 1), f"this file is larger than {MAX_BYTES:,} bytes; split it.")
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problems.add(Place(name, line), "this line is not UTF-8 text; save the file as UTF-8.")
        return None
    return parse_yaml(text, name, problems)


def _content(path: Path) -> bytes | None:
    """Return the content of a file, of a large one its beginning; None for what may never end, or never begin."""
    mode = path.stat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        return None
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def parse_yaml(text: str, name: str, problems: Problems) -> Value | None:
    """Parse YAML text; `name` is the file's name in messages. None if nothing could be parsed."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        problems.add(Place(name, line), "a character that YAML does not allow; delete it.")
        return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problems.add(Place(name, mark.line + 1 if mark else 1), f"not valid YAML: {_explain(error, text)}.")
        return None
    except (RecursionError, ValueError, yaml.YAMLError):
        problems.add(Place(name, 1), "not valid YAML: nested too deeply or malformed; simplify it.")
        return None
    if root is None:
        problems.add(Place(name, 1), "this file is empty; fill it or delete it.")
        return None
    return _Reader(name, problems).value(root, 0)


_EXPLAINED = (
    ("\\t", "a tab where only spaces are allowed; indent with spaces"),
    ("mapping values are not allowed", 'a ":" inside unquoted text, or wrong indentation; put the text in quotes'),
    ("expected <block end>", "this does not fit what is above; check the indentation, and quotes and brackets above"),
    ("could not find expected ':'", 'a key without ":"; add it, or check the indentation'),
    ("unexpected end of stream", "the file ends inside a quote or bracket; close it"),
    ("expected ',' or", "a bracket that is not closed, or a missing comma; check the brackets"),
    ("undefined alias", 'a "*" at the start of unquoted text; put the text in quotes'),
    ("cannot start any token", "a sign that cannot start unquoted text; put the text in quotes"),
    ("another document", 'a second document; delete the line "---"'),
)
"""What PyYAML says, and what it means for someone who writes these files."""


def _explain(error: yaml.MarkedYAMLError, text: str) -> str:
    """Say what YAML's parser found, and the usual cause."""
    said = (error.problem or error.context or "malformed").splitlines()[0].strip().rstrip(".")
    plain = next((meaning for sign, meaning in _EXPLAINED if sign in said), f"{said}; check quotes and indentation")
    last = error.problem_mark.line if error.problem_mark else 0
    for number, line in enumerate(text.splitlines()[:last], start=1):
        if line.split(" #")[0].replace('\\"', "").count('"') % 2:
            return f"{plain}; perhaps the quote in line {number} is not closed"
    return plain


def _misread(raw: str, number: float) -> str:
    """Say how a number that YAML reads otherwise than it is written is to be written."""
    if not math.isfinite(number):
        return f"{raw} is no number that can be used here; write one in digits"
    digits = raw.lstrip("+0")
    meant = f"{digits} or {number}, whichever is meant" if digits.isdecimal() else number
    return f"{raw} is read by YAML as {number}; write {meant}"


class _Reader:
    """Turns PyYAML's nodes of one file into Values."""

    def __init__(self, name: str, problems: Problems) -> None:
        self.name = name
        self.problems = problems
        self.count = 0
        self.constructor = yaml.SafeLoader("")

    def value(self, node: yaml.Node, depth: int) -> Value | None:
        place = Place(self.name, node.start_mark.line + 1)
        self.count += 1
        # Aliases may refer to what they stand in, or multiply without end.
        if depth > MAX_DEPTH or self.count > MAX_VALUES:
            self.problems.add(place, "too many or too deeply nested values; simplify this file.")
            return None
        if not isinstance(node, yaml.ScalarNode) and node.tag not in _PLAIN_TAGS:
            self.problems.add(place, f'the tag "{node.tag}" is unknown here; delete it.')
            return Value(place, REFUSED, None)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place, depth)
        if isinstance(node, yaml.SequenceNode):
            items = (self.value(item, depth + 1) for item in node.value)
            return Value(place, "list", [item for item in items if item is not None])
        return self._scalar(node, place)

    def _mapping(self, node: yaml.MappingNode, place: Place, depth: int) -> Value:
        data: dict[str, Value] = {}
        keys: dict[str, Place] = {}
        for key_node, item_node in node.value:
            key_place = Place(self.name, key_node.start_mark.line + 1)
            key = self._key(key_node, key_place)
            if key is None:
                continue
            if key in data:
                first = keys[key].line
                self.problems.add(key_place, f'"{key}" is here twice (first in line {first}); delete one.')
                continue
            item = self.value(item_node, depth + 1)
            if item is not None:
                data[key], keys[key] = item, key_place
        return Value(place, "mapping", data, keys=keys)

    def _key(self, node: yaml.Node, place: Place) -> str | None:
        if not isinstance(node, yaml.ScalarNode):
            self.problems.add(place, "a key must be one word; check brackets and indentation.")
            return None
        kind = node.tag.rpartition(":")[2]
        if kind == "str" and node.value.strip():
            return str(node.value)
        if kind == "merge":
            self.problems.add(place, 'merge keys ("<<") are not supported; write the keys out here.')
            return None
        remedy = f'write "{node.value}" in quotes' if node.value.strip() else "give it a name"
        self.problems.add(place, f"this key is read as {KINDS.get(kind, 'something else')}; {remedy}.")
        return None

    def _scalar(self, node: yaml.Node, place: Place) -> Value:
        kind = node.tag.rpartition(":")[2]
        raw = str(node.value)
        if kind == "str":
            return Value(place, "str", Text(raw, place), raw)
        if kind == "null":
            return Value(place, "null", None, raw)
        if kind not in ("bool", "int", "float", "timestamp"):
            self.problems.add(place, f'"{raw}" has the tag "{node.tag}", unknown here; put the text in quotes.')
            return Value(place, REFUSED, None, raw)
        try:
            data = self.constructor.construct_object(node)
        except (ValueError, KeyError, OverflowError, yaml.YAMLError):
            self.problems.add(place, f'"{raw}" is no value YAML understands; put it in quotes.')
            return Value(place, REFUSED, None, raw)
        if kind in ("int", "float") and not _DECIMAL.fullmatch(raw):
            self.problems.add(place, f'{_misread(raw, data)}, or "{raw}" if it is text.')
            return Value(place, REFUSED, None, raw)
        return Value(place, kind, data, raw)
