"""The hold of a stretch in a routine file."""

from skill.content.routine import Hold
from skill.content.yaml_checker import Checker
from skill.content.yaml_value import Value

_HOLD_KEYS = ("seconds", "breaths", "rounds", "alternate_with", "sides", "repeat")

MAX_REPETITIONS = 20


def read_hold(checker: Checker, value: Value, what: str) -> Hold | None:
    """Return a hold; if it is wrong, note problems and return None."""
    label = f'"hold" of {what}'
    given = checker.mapping(value, label, _HOLD_KEYS)
    if not isinstance(value.data, dict):
        return None
    kinds = [key for key in ("seconds", "breaths", "rounds") if key in given]
    if not kinds and len(given) < len(value.data):  # one of them is misspelt, which is reported already
        return None
    if len(kinds) != 1:
        said = " and ".join(kinds) or "none"
        checker.problems.add(value.place, f"{label} needs exactly one of seconds, breaths and rounds; it has {said}.")
        return None
    if ("rounds" in given) != ("alternate_with" in given):
        checker.problems.add(value.place, f"{label}: rounds and alternate_with belong together; give both.")
        return None
    seconds, breaths, rounds = (_amount(checker, given, key, label) for key in ("seconds", "breaths", "rounds"))
    other = checker.text(given["alternate_with"], f"alternate_with in {label}") if rounds else None
    sides = checker.texts(given["sides"], f"sides in {label}") if "sides" in given else ()
    for side in sides:
        if side not in ("left", "right") and side.place:
            checker.problems.add(side.place, f'unknown side "{side}" in {label}; use left and right.')
    if len(set(sides)) < len(sides):
        checker.problems.add(given["sides"].place, f"a side is named twice in {label}; delete one.")
    if "repeat" in given and "alternate_with" in given:
        at = given["repeat"].place
        checker.problems.add(at, f"{label}: repeat does not go with alternate_with; give more rounds instead.")
    return Hold(
        seconds=None if seconds is None else float(seconds),
        breaths=None if breaths is None else int(breaths),
        rounds=None if rounds is None else int(rounds),
        alternate_with=other,
        sides=sides,
        repeat=int(_amount(checker, given, "repeat", label) or 1),
    )


def _amount(checker: Checker, given: dict[str, Value], key: str, label: str) -> float | None:
    if key not in given:
        return None
    most = {"seconds": 1800, "repeat": MAX_REPETITIONS}.get(key, 100)
    return checker.number(given[key], f"{key} in {label}", whole=key != "seconds", least=1, most=most)
