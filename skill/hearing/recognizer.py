"""Speech to words: Vosk with a decoding graph of our own in place of its language model."""

import hashlib
import json
from functools import cached_property
from pathlib import Path

import numpy as np
import vosk

from skill.audio.blocks import SAMPLE_RATE, Samples, check_samples
from skill.content import language as languages
from skill.errors import ContentError, ModelError
from skill.hearing.decoding_view import decoding_view
from skill.hearing.fst_file import read_words
from skill.settings import ListeningSettings
from skill.understanding.hypothesis import Hypothesis

N_BEST = 12
"""Maximum number of hypotheses."""

DITHER = np.random.default_rng(1).normal(0, 1, 10 * SAMPLE_RATE).round().astype(np.int32)
"""Noise added to the samples before decoding (steps of int16): digital silence has no logarithm. It is the same for
every utterance, so that results are reproducible; the decoder's own dither is different each time."""

PAUSE = 3 * SAMPLE_RATE // 10
"""Samples at the beginning of an utterance that hardly contain speech yet."""

vosk.SetLogLevel(-1)


class SpeechModel:
    """A folder with a verified speech model. It is loaded when a recogniser is made, since the language goes in."""

    def __init__(self, folder: Path):
        self.folder = folder

    @cached_property
    def words(self) -> dict[str, int]:
        """The model's words and their numbers. Raises ModelError if there is no table of them."""
        try:
            if self._word_table.name == "words.txt":
                lines = self._word_table.read_text(encoding="utf-8").splitlines()
                rows = (line.rsplit(maxsplit=1) for line in lines)
                return {row[0]: int(row[1]) for row in rows if len(row) == 2}
            return read_words(self._word_table)
        except (OSError, ValueError) as error:
            raise self._no_words(error) from error

    @cached_property
    def word_table_digest(self) -> str:
        """SHA-256 of the file with the words: what is compiled for a model depends on it. Raises ModelError."""
        try:
            with self._word_table.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise self._no_words(error) from error

    @property
    def _word_table(self) -> Path:
        table = self.folder / "graph" / "words.txt"
        return table if table.is_file() else self.folder / "graph" / "Gr.fst"

    def _no_words(self, error: Exception) -> ModelError:
        return ModelError(
            f"{self.folder}: the speech model's word table cannot be read ({error}); fetch the model again."
        )

    def knows(self, word: str) -> bool:
        """Return whether the model can hear a word."""
        return word in self.words

    def recognizer(self, decoding: bytes, hypothesis_beam: float = ListeningSettings.hypothesis_beam) -> "Recognizer":
        """Load the model with a decoding graph (see fst_file.encode_graph); takes some 0.4 s and 120 MB.

        `hypothesis_beam`: hypotheses less likely than the best one by more than this, in nats, are dropped.
        Raises ModelError.
        """
        with decoding_view(self.folder, lattice_beam=hypothesis_beam) as view:
            graph = view / "graph" / "Gr.fst"
            graph.unlink(missing_ok=True)
            graph.write_bytes(decoding)
            table = view / "graph" / "words.txt"
            if not table.exists():
                rows = (f"{word} {number}\n" for word, number in self.words.items())
                table.write_text("".join(rows), encoding="utf-8")
            _without_dither(view / "conf" / "mfcc.conf")
            try:
                return Recognizer(vosk.Model(str(view)))
            except Exception as error:  # Vosk raises bare Exception and says nothing more
                message = f"{self.folder}: the speech model cannot be loaded; fetch it again (back-stretches models)."
                raise ModelError(message) from error


def _without_dither(features: Path) -> None:
    """Switch the decoder's own dither off, in a copy: the file in the view is a link to the model's."""
    given = features.read_text(encoding="ascii") if features.exists() else ""
    features.unlink(missing_ok=True)
    features.write_text(f"{given.rstrip()}\n--dither=0.0\n", encoding="ascii")


def unknown_words(language: languages.Language, model: SpeechModel) -> list[str]:
    """Return a problem, with its place, for each word of a language that the model cannot hear."""
    return languages.unknown_words(language, model.knows)


def check_words(language: languages.Language, model: SpeechModel) -> None:
    """Raise ContentError, one line a word with its place, where a language has words that the model cannot hear."""
    problems = unknown_words(language, model)
    if problems:
        raise ContentError("\n".join(problems))


class Recognizer:
    """Decodes one utterance at a time, 16 kHz mono int16."""

    def __init__(self, model: vosk.Model):
        self._model = model
        self.reset()

    def reset(self) -> None:
        """Forget all samples; the next ones begin a new utterance."""
        self._decoder = vosk.KaldiRecognizer(self._model, SAMPLE_RATE)
        self._decoder.SetMaxAlternatives(N_BEST)
        self._decoder.SetWords(True)
        self._taken = 0
        self._began_ms = 0

    def accept(self, samples: Samples) -> bool:
        """Take samples (mono int16, any length); return whether the decoder hears a pause.

        That is the case after DECODER_SILENCE_MS of silence at the end of a sentence or of filler. Raises
        AudioFormatError if it is something else than such samples.
        """
        check_samples(samples)
        dither = np.take(DITHER, np.arange(self._taken, self._taken + len(samples)), mode="wrap")
        self._taken += len(samples)
        dithered = np.clip(samples + dither, -32768, 32767).astype(np.int16)
        return bool(self._decoder.AcceptWaveform(dithered.tobytes()))

    def partial(self) -> tuple[str, ...]:
        """Return the words of the best hypothesis so far."""
        return tuple(json.loads(self._decoder.PartialResult()).get("partial", "").split())

    def second_pass(self, samples: Samples) -> list[Hypothesis]:
        """Decode an utterance of at least 0.3 s once more, adapted to its speaker and room; return the hypotheses.

        Vosk estimates an i-vector of both (Dehak et al. 2011) while it decodes. So the utterance is decoded twice in a
        row, and the second time starts from the estimate of the first. Between them stands the beginning of the
        utterance, forwards and backwards, as a pause.
        """
        pause = samples[:PAUSE]
        self.reset()
        self.accept(np.concatenate([samples, pause, pause[::-1]]))
        self._decoder.Result()
        self._began_ms = 1000 * self._taken // SAMPLE_RATE
        self.accept(samples)
        return self.finish()

    def finish(self) -> list[Hypothesis]:
        """Decode what is left and return the hypotheses, the best one first. Call reset() before more samples."""
        found = json.loads(self._decoder.FinalResult()).get("alternatives", [])
        return [_hypothesis(each, self._began_ms) for each in found]


def _hypothesis(found: dict, began_ms: int) -> Hypothesis:
    words = found.get("result", [])
    times = tuple((round(1000 * word["start"]) - began_ms, round(1000 * word["end"]) - began_ms) for word in words)
    return Hypothesis(tuple(found["text"].split()), float(found["confidence"]), times)
