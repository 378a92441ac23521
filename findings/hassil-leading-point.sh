#!/usr/bin/env bash
# hassil 3.13.0: a number that begins with its decimal point.
# Guess: ".5" is a half, or is not recognised.
# Behaviour: the point at the start of a word is removed as punctuation; ".5" is five, ".25" is twenty-five.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check hassil==3.13.0
"$work/env/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

from hassil import Intents, recognize

INTENTS = Intents.from_dict(
    {
        "language": "en",
        "intents": {"Wait": {"data": [{"sentences": ["wait {minutes} minutes"]}]}},
        "lists": {"minutes": {"range": {"from": 0, "to": 60, "fractions": "halves"}}},
    }
)


def heard(number):
    result = recognize(f"wait {number} minutes", INTENTS)
    return None if result is None else result.entities["minutes"].value


seen = {number: heard(number) for number in ("0.5", ".5", ".25", "0.25")}
print("version:   hassil", version("hassil"))
print("guess:     .5 is 0.5, as 0.5 is; .25, which a range in halves does not have, is not recognised, as 0.25 is not")
print("behaviour: the leading point is removed as punctuation, and the digits after it become a whole number")
print("seen:     ", seen)
if seen != {"0.5": 0.5, ".5": 5.0, ".25": 25.0, "0.25": None}:
    sys.exit("The behaviour has changed.")
PYTHON
