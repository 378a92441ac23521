"""Names of stretches and routines, as they are said: words of letters."""

import re
import unicodedata

from skill.content.problems import Text
from skill.content.tokenizer import plain

_WORD = r"[^\W\d_]+(?:['-][^\W\d_]+)*"
_PLAIN_WORDS = re.compile(rf"{_WORD}(?: +{_WORD})*")
_DASHES = str.maketrans(dict.fromkeys("‒–—−", "-"))


def spoken_name(name: Text | None) -> Text:
    """Return a name with plain signs, also where a dash stands for a hyphen; empty if there is none."""
    return Text(plain(name).translate(_DASHES), name.place) if name else Text("")


def name_error(name: str) -> str | None:
    """Say which sign a name must not have; None if it consists of plain words."""
    if _PLAIN_WORDS.fullmatch(name.strip()):
        return None
    for character in name:
        if character.isdigit():
            return f'write the number "{character}" out'
        if not character.isalpha() and character not in "'- ":
            return f"leave out {_shown(character)}"
    return """a "'" or "-" belongs between two letters"""


def _shown(character: str) -> str:
    """Return a sign with its name, for it may be small, invisible, or look like another."""
    name = unicodedata.name(character, f"U+{ord(character):04X}").lower()
    return f'"{character}" ({name})' if character.isprintable() else f"the sign {name}"
