"""Speech engines of Debian and PyPI; each renders many sentences in one call."""

import shutil
import subprocess
import wave
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from benchmarks.data.kokoro import Kokoro
from skill.errors import SynthesisError
from skill.voice import natural_voice, piper_worker

FESTIVAL_VOICES = Path("/usr/share/festival/voices")


class Engine(Protocol):
    """Turns text into sound files."""

    def voices(self) -> Sequence[str]:
        """Return the installed English voices."""

    def render(self, voice: str, texts: Sequence[str], speed: float, folder: Path) -> Iterator[Path]:
        """Speak each text into a file of `folder`, and yield the files in that order.

        `speed` is relative to the voice's own (1.2: faster). Raises SynthesisError if the engine fails.
        """


class EspeakNg:
    """Formant synthesis: accents and variants of espeak-ng."""

    VOICES = (
        *("en-us", "en-us+f2", "en-us+f4", "en-us+m3", "en-us+m7", "en-gb", "en-gb+f3"),
        *("en-gb-scotland", "en-gb-x-rp+m2", "en-us-nyc+f5"),
    )

    def voices(self) -> Sequence[str]:
        """Return ten of its several hundred variants."""
        return self.VOICES if shutil.which("espeak-ng") else ()

    def render(self, voice: str, texts: Sequence[str], speed: float, folder: Path) -> Iterator[Path]:
        """Start a process for each text: it takes some 10 ms."""
        for number, text in enumerate(texts):
            path = folder / f"{number}.wav"
            yield _run(
                ["espeak-ng", "-v", voice, "-s", str(round(160 * speed)), "-w", str(path), "--stdin"], text, path
            )


class Flite:
    """Diphones and small recorded voices (CMU flite)."""

    def voices(self) -> Sequence[str]:
        """Return the general voices; kal16 is kal at 16 kHz."""
        return ("awb", "kal16", "rms", "slt") if shutil.which("flite") else ()

    def render(self, voice: str, texts: Sequence[str], speed: float, folder: Path) -> Iterator[Path]:
        """Start a process for each text."""
        for number, text in enumerate(texts):
            path = folder / f"{number}.wav"
            slower = f"duration_stretch={1 / speed:.3f}"
            yield _run(["flite", "-voice", voice, "--setf", slower, "-t", text, "-o", str(path)], "", path)


class Festival:
    """Diphones, and an HMM voice that knows only its own speed (festival)."""

    VOICES = ("cmu_us_slt_arctic_hts", "kal_diphone", "ked_diphone")

    def voices(self) -> Sequence[str]:
        """Return the English voices whose packages are installed."""
        have = {path.name for path in FESTIVAL_VOICES.glob("*/*")}
        return [voice for voice in self.VOICES if voice in have] if shutil.which("festival") else ()

    def render(self, voice: str, texts: Sequence[str], speed: float, folder: Path) -> Iterator[Path]:
        """Start one process for all texts, for it takes a second to start."""
        lines = [f"(voice_{voice})", f"(Parameter.set 'Duration_Stretch {1 / speed:.3f})"]
        paths = [folder / f"{number}.wav" for number in range(len(texts))]
        for text, path in zip(texts, paths, strict=True):
            quoted = text.replace("\\", " ").replace('"', " ")
            lines.append(f'(utt.save.wave (utt.synth (Utterance Text "{quoted}")) "{path}" \'riff)')
        if paths:
            _run(["festival", "--pipe"], "\n".join(lines), paths[-1])
        yield from paths


class Piper:
    """A neural voice, run in this process."""

    def voices(self) -> Sequence[str]:
        """Return the one voice that is available as a PyPI package."""
        return ("joe",) if natural_voice.installed() else ()

    def render(self, voice: str, texts: Sequence[str], speed: float, folder: Path) -> Iterator[Path]:
        """Speak without the model's random noise, so that a text always sounds the same."""
        from piper import SynthesisConfig

        config = SynthesisConfig(length_scale=1 / speed, noise_scale=0.0, noise_w_scale=0.0)
        for number, text in enumerate(texts):
            path = folder / f"{number}.wav"
            with wave.open(str(path), "wb") as file:
                self._voice.synthesize_wav(text, file, syn_config=config)
            yield path

    @cached_property
    def _voice(self) -> Any:
        return piper_worker.load()


ENGINES: Mapping[str, Engine] = {
    "espeak-ng": EspeakNg(),
    "flite": Flite(),
    "festival": Festival(),
    "piper": Piper(),
    "kokoro": Kokoro(),
}


def _run(command: Sequence[str], text: str, out: Path) -> Path:
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode or not out.is_file():
        reason = done.stderr.strip()[-200:] or "no reason given"
        raise SynthesisError(f"{command[0]} did not speak: {reason}; see whether it is installed.")
    return out
