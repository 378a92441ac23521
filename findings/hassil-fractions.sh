#!/usr/bin/env bash
# hassil 3.13.0 with unicode-rbnf 2.4.1: a range of numbers with `fractions`.
# Guess: `from: -3`, `to: 2`, `fractions: tenths` takes -3.0, -2.9 … 1.9, 2.0, in digits and in words.
# Behaviour: "minus two" is -2.9; "minus one point five" and "-0.2" are not recognised; 2.9, above the limit, is.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check hassil==3.13.0 unicode-rbnf==2.4.1
"$work/env/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

from hassil import Intents, recognize
from unicode_rbnf import RbnfEngine

INTENTS = Intents.from_dict(
    {
        "language": "en",
        "intents": {"Set": {"data": [{"sentences": ["set the freezer to {degrees} degrees"]}]}},
        "lists": {"degrees": {"range": {"from": -3, "to": 2, "fractions": "tenths"}}},
    }
)


def heard(number):
    result = recognize(f"set the freezer to {number} degrees", INTENTS)
    return None if result is None else result.entities["degrees"].value


numbers = ["1.5", "one point five", "minus two", "minus", "minus one point five", "-1.5", "-0.2", "2.9"]
seen = {number: heard(number) for number in numbers}
words = {number: RbnfEngine.for_language("en").format_number(number).text for number in (1.5, -1.5, -0.5)}

print("version:   hassil", version("hassil"), "and unicode-rbnf", version("unicode-rbnf"))
print("guess:     a range from -3 to 2 in tenths takes the numbers from -3 to 2, each in digits and in words")
print("behaviour: unicode-rbnf drops the fraction of a negative number: hassil takes the words of a whole number for a")
print("           fraction ('minus two' is -2.9) and the fraction's own words are unknown; fractions are added to the")
print("           upper limit too (2.9); -0.2 in digits is compared with the sum -1 + 0.8, and is not recognised")
print("seen:      unicode-rbnf:", words)
print("           hassil:", seen)
expected = {
    "1.5": 1.5,
    "one point five": 1.5,
    "minus two": -2.9,
    "minus": -0.9,
    "minus one point five": None,
    "-1.5": -1.5,
    "-0.2": None,
    "2.9": 2.9,
}
if seen != expected or words != {1.5: "one point five", -1.5: "minus one", -0.5: "minus"}:
    sys.exit("The behaviour has changed.")
PYTHON
