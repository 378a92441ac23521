"""Routine files: from YAML to Routine values. Their format is described at the head of back-stretches.yaml."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from skill.content.hold_fields import read_hold
from skill.content.names import name_error, spoken_name
from skill.content.problems import Place, Problems, Text, suggestion, where
from skill.content.routine import ADVICE, CONDITIONS, POSITIONS, Hold, Routine, Stretch, swapped
from skill.content.yaml_checker import Checker
from skill.content.yaml_value import Value, read_yaml
from skill.errors import ContentError

MAX_WORDS = 12
"""Words in a spoken sentence: more does not fit in one breath."""

MAX_WORDS_OF_A_NAME = 5
"""Words in a name, which the coach puts into sentences of its own."""

_LINES = ("instructions", "how_to", "why", "easier", "check_first")
_SPOKEN = ("instructions", "how_to", "why", "easier")
_NEEDED = ("name", "position", "instructions", "how_to", "why", "easier", "hold")
_STRETCH_KEYS = ("name", "aliases", "position", *_LINES, "hold", "conditions", "easier_position")
_ROUTINE_KEYS = ("name", "aliases", "breath", "easier", "stretches")

_ID = re.compile(r"[a-z][a-z0-9_]*")

Cues = dict[tuple[str, str], tuple[str, ...]]


@dataclass
class RoutineFiles:
    """Several routine files read together, so that one may use the stretches of another."""

    problems: Problems = field(default_factory=Problems)
    cues: Cues = field(default_factory=dict)
    stretches: dict[str, Stretch] = field(default_factory=dict)
    places: dict[tuple[str, str], Place] = field(default_factory=dict)
    """Where each ("stretch", id), ("routine", id) and ("cue", "from to") was defined."""

    waiting: list[tuple[str, Value, Place]] = field(default_factory=list)
    """Routines whose stretches may still be to come in a later file."""

    owners: dict[tuple[str, str], tuple[str, Place]] = field(default_factory=dict)
    """Which id each name or alias stands for, and where that was said."""

    def __post_init__(self) -> None:
        self.checker = Checker(self.problems)

    def read(self, path: Path) -> None:
        """Read one file: its stretches and cues at once, its routines when all files are read."""
        root = read_yaml(path, self.problems)
        if root is None:
            return
        parts = self.checker.mapping(root, "a routine file", ("routines", "stretches", "cues"))
        for name, what, read in (
            ("stretches", "stretch", self._stretch),
            ("routines", "routine", self._wait),
        ):
            if name in parts:
                self._definitions(parts[name], what, read)
        if "cues" in parts:
            self._read_cues(parts["cues"])

    def routines(self) -> dict[str, Routine]:
        """Put the routines together; raise ContentError if anything in any file is wrong."""
        found = {name: self._routine(name, value, place) for name, value, place in self.waiting}
        routines = {name: routine for name, routine in found.items() if routine is not None}
        self._check_names(routines.values())
        self.problems.check()
        if not routines:
            raise ContentError("There is no routine in the routine files; add one under routines.")
        return routines

    def _definitions(self, value: Value, what: str, read: Callable[[str, Value, Place], None]) -> None:
        for key, item in self.checker.mapping(value, f'"{what}" definitions').items():
            place = value.keys[key]
            if not _ID.fullmatch(key):
                self.problems.add(place, f'"{key}" is no {what} id; use a-z, 0-9 and "_", a letter first.')
            elif self._new(what, key, place):
                read(key, item, place)

    def _new(self, what: str, key: str, place: Place) -> bool:
        first = self.places.setdefault((what, key), place)
        if first is not place:
            self.problems.add(place, f'{what} "{key}" is already defined in {first}; give one another id.')
        return first is place

    def _wait(self, name: str, value: Value, place: Place) -> None:
        self.waiting.append((name, value, place))

    # stretches

    def _stretch(self, name: str, value: Value, place: Place) -> None:
        what = f'stretch "{name}"'
        fields = self._stretch_fields(value, what)
        for key in _NEEDED:
            if isinstance(value.data, dict) and key not in value.data:
                self.problems.add(place, f'{what} has no "{key}"; add it.')
        filled: dict[str, Any] = {key: () for key in ("aliases", *_LINES)}
        filled |= {"name": Text(name, place), "position": POSITIONS[0], "hold": Hold(breaths=1)}
        self.stretches[name] = Stretch(**(filled | {"id": name} | fields))

    def _stretch_fields(self, value: Value, what: str) -> dict[str, Any]:
        """Return the fields that are given, each as Stretch wants it."""
        fields: dict[str, Any] = {}
        for key, item in self.checker.mapping(value, what, _STRETCH_KEYS).items():
            label = f'"{key}" of {what}'
            if key == "name":
                fields[key] = spoken_name(self.checker.text(item, label)) or None
            elif key == "aliases":
                fields[key] = tuple(map(spoken_name, self.checker.texts(item, label)))
            elif key in ("position", "easier_position"):
                fields[key] = self._one_of(POSITIONS, "position", item, label)
            elif key == "conditions":
                fields[key] = self._conditions(item, label)
            elif key == "hold":
                fields[key] = read_hold(self.checker, item, what)
            else:
                fields[key] = self._lines(item, label, spoken=key in _SPOKEN)
        return {key: field for key, field in fields.items() if field is not None}

    def _one_of(self, known: tuple[str, ...], what: str, value: Value, label: str) -> str | None:
        text = self.checker.text(value, label)
        if text is None or text in known:
            return text
        hint = suggestion(text, known) or f"; use one of {', '.join(known)}"
        self.problems.add(value.place, f'unknown {what} "{text}" in {label}{hint}.')
        return None

    def _conditions(self, value: Value, label: str) -> tuple[tuple[str, str], ...]:
        given = self.checker.mapping(value, label, CONDITIONS)
        found = ((condition, self._one_of(ADVICE, "advice", item, label)) for condition, item in given.items())
        return tuple((condition, advice) for condition, advice in found if advice is not None)

    def _lines(self, value: Value, label: str, *, spoken: bool = True) -> tuple[Text, ...]:
        lines = self.checker.texts(value, label)
        for line in lines:
            words = len(line.split())
            if spoken and not any(map(str.isalnum, line)) and line.place:
                self.problems.add(
                    line.place, f'"{line}" in {label} has nothing to pronounce; write words or delete it.'
                )
            if spoken and words > MAX_WORDS and line.place:
                self.problems.add(
                    line.place,
                    f'"{line[:40]}..." has {words} words; say it in sentences of at most {MAX_WORDS}.',
                )
        return lines

    # cues

    def _read_cues(self, value: Value) -> None:
        for before, targets in self.checker.mapping(value, '"cues"', ("start", *POSITIONS)).items():
            for after, lines in self.checker.mapping(targets, f'"cues" from {before}', POSITIONS).items():
                place = targets.keys[after]
                if before == after:
                    self.problems.add(place, f"a cue from {before} to {after} is never spoken; delete it.")
                elif self._new("cue", f"{before} {after}", place):
                    self.cues[before, after] = self._lines(lines, f"the cue from {before} to {after}")

    # routines

    def _routine(self, name: str, value: Value, place: Place) -> Routine | None:
        what = f'routine "{name}"'
        given = self.checker.mapping(value, what, _ROUTINE_KEYS)
        for key in ("name", "stretches"):
            if key not in given and isinstance(value.data, dict) and key not in value.data:
                self.problems.add(place, f'{what} has no "{key}"; add it.')
        if "name" not in given or "stretches" not in given:
            return None
        breath = 6.0
        if "breath" in given:
            label = f'"breath" of {what}'
            breath = self.checker.number(given["breath"], label, whole=False, least=4, most=20) or breath
        stretches = self._members(given["stretches"], what)
        aliases = self.checker.texts(given["aliases"], f'"aliases" of {what}') if "aliases" in given else ()
        called = self.checker.text(given["name"], f'"name" of {what}')
        return Routine(
            id=name,
            name=spoken_name(called) or Text(name, place),
            aliases=tuple(map(spoken_name, aliases)),
            breath=float(breath),
            stretches=stretches,
            cues=self._cues_for(stretches, what, place),
            easier=self.checker.flag(given["easier"], f'"easier" of {what}') if "easier" in given else False,
        )

    def _members(self, value: Value, what: str) -> tuple[Stretch, ...]:
        """Return the stretches of a routine: named by id, or {id: {fields that differ}}."""
        members: dict[str, Stretch] = {}
        places: dict[str, Place] = {}
        for item in self.checker.items(value, f'"stretches" of {what}'):
            changes: Value | None = None
            if isinstance(item.data, dict) and len(item.data) == 1:
                name, changes = next(iter(item.data.items()))
            else:
                name = self.checker.text(item, f'a stretch of {what} (an id, or "id: {{changes}}")') or ""
            if not name:
                continue
            if name not in self.stretches:
                hint = suggestion(name, self.stretches) or "; define it under stretches"
                self.problems.add(item.place, f'unknown stretch "{name}" in {what}{hint}.')
            elif name in members:
                self.problems.add(
                    item.place, f'stretch "{name}" is in {what} twice; delete one, or give its hold "repeat: 2".'
                )
            else:
                fields = self._stretch_fields(changes, f'"{name}" in {what}') if changes else {}
                members[name] = _for_first_side(replace(self.stretches[name], **fields), self.stretches[name])
                places[name] = item.place
        self._check_alternation(members, places, what)
        return tuple(members.values())

    def _check_alternation(self, members: dict[str, Stretch], places: dict[str, Place], what: str) -> None:
        """Both halves of an alternation must be in the routine; otherwise a problem is noted at the first one."""
        for name, stretch in members.items():
            other = stretch.hold.alternate_with
            if other is None or (other in members and other != name):
                continue
            if other in self.stretches and other != name:
                wrong = f'alternates with "{other}", which is not in it; add "{other}", or give "{name}" another hold'
            else:
                hint = suggestion(other, [m for m in members if m != name])
                wrong = f'alternates with unknown "{other}"{hint or "; it must be another stretch of the same routine"}'
            self.problems.add(places[name], f'"{name}" in {what} {wrong}.')

    def _cues_for(self, stretches: tuple[Stretch, ...], what: str, place: Place) -> Any:
        """Return every cue known, after making sure that no change of position lacks one."""
        used = {stretch.position_when(easier) for stretch in stretches for easier in (False, True)}
        for before in ("start", *POSITIONS):
            for after in POSITIONS:
                needed = after in used and before != after and (before == "start" or before in used)
                if needed and (before, after) not in self.cues:
                    self.problems.add(place, f"{what} needs a cue from {before} to {after}; add it under cues.")
        return tuple((before, after, lines) for (before, after), lines in self.cues.items())

    def _check_names(self, routines: Iterable[Routine]) -> None:
        """What people say must lead to one stretch and to one routine."""
        routines = list(routines)
        named = [("stretch", stretch) for routine in routines for stretch in routine.stretches]
        for kind, thing in [*named, *(("routine", routine) for routine in routines)]:
            self._check_length(thing.name)  # type: ignore[attr-defined]
            for phrase in (thing.name, *thing.aliases):  # type: ignore[attr-defined]
                self._check_name(kind, thing.id, phrase)  # type: ignore[attr-defined]

    def _check_length(self, name: str) -> None:
        """Only names, for the coach never says aliases."""
        words = len(name.split())
        if words > MAX_WORDS_OF_A_NAME:
            self.problems.add(
                where(name),
                f'the name "{name}" has {words} words, too many for the coach\'s sentences;'
                f" use at most {MAX_WORDS_OF_A_NAME} (an alias may be longer).",
            )

    def _check_name(self, kind: str, owner: str, phrase: str) -> None:
        place = where(phrase)
        wrong = name_error(phrase)
        if wrong:
            self.problems.add(place, f'the name "{phrase}" must be plain words: {wrong}.')
        key = (f"{kind} name", " ".join(phrase.casefold().split()))
        first = self.owners.setdefault(key, (owner, place))
        if first[0] != owner:
            self.problems.add(place, f'the name "{phrase}" already means "{first[0]}" ({first[1]}); change one.')
        elif first[1] != place:
            self.problems.add(place, f'the name "{phrase}" is here twice ({first[1]}); delete one.')


def _for_first_side(changed: Stretch, original: Stretch) -> Stretch:
    """Let the lines that a changed stretch keeps, written for the side that was first, be for the one that is now."""
    first, now = original.hold.sides[:1], changed.hold.sides[:1]
    if not first or not now or first == now:
        return changed
    turned: dict[str, Any] = {}
    for key in ("instructions", "how_to", "easier"):
        lines = getattr(changed, key)
        if lines is getattr(original, key):
            turned[key] = tuple(swapped(line, first[0], now[0]) for line in lines)
    return replace(changed, **turned)
