"""The hold of a stretch in a routine file."""

from skill.content.routine import Hold
from skill.content.yaml_marks import Value
from skill.content.yaml_shape import Shape

_HOLD_KEYS = ("seconds", "breaths", "rounds", "alternate_with", "sides", "repeat")

MOST_REPETITIONS = 20


def read_hold(shape: Shape, value: Value, what: str) -> Hold | None:
    """Return a hold, or None where it is no good; what is wrong with it is noted."""
    label = f'"hold" of {what}'
    given = shape.mapping(value, label, _HOLD_KEYS)
    if not isinstance(value.data, dict):
        return None
    kinds = [key for key in ("seconds", "breaths", "rounds") if key in given]
    if len(kinds) != 1:
        said = " and ".join(kinds) or "none"
        shape.problems.add(value.place, f"{label} needs exactly one of seconds, breaths and rounds; it has {said}.")
        return None
    if ("rounds" in given) != ("alternate_with" in given):
        shape.problems.add(value.place, f"{label}: rounds and alternate_with belong together; give both.")
        return None
    seconds, breaths, rounds = (_amount(shape, given, key, label) for key in ("seconds", "breaths", "rounds"))
    other = shape.text(given["alternate_with"], f"alternate_with in {label}") if rounds else None
    sides = shape.texts(given["sides"], f"sides in {label}") if "sides" in given else ()
    for side in sides:
        if side not in ("left", "right") and side.place:
            shape.problems.add(side.place, f'unknown side "{side}" in {label}; use left and right.')
    if len(set(sides)) < len(sides):
        shape.problems.add(given["sides"].place, f"a side is named twice in {label}; delete one.")
    if "repeat" in given and "alternate_with" in given:
        at = given["repeat"].place
        shape.problems.add(at, f"{label}: repeat does not go with alternate_with; give more rounds instead.")
    return Hold(
        seconds=None if seconds is None else float(seconds),
        breaths=None if breaths is None else int(breaths),
        rounds=None if rounds is None else int(rounds),
        alternate_with=other,
        sides=sides,
        repeat=int(_amount(shape, given, "repeat", label) or 1),
    )


def _amount(shape: Shape, given: dict[str, Value], key: str, label: str) -> float | None:
    if key not in given:
        return None
    most = {"seconds": 1800, "repeat": MOST_REPETITIONS}.get(key, 100)
    return shape.number(given[key], f"{key} in {label}", whole=key != "seconds", least=1, most=most)
