"""What was meant: readings of an utterance, or a typed line, held against the sentences of the moment."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from hassil import Intents

from skill.events import Heard, Rejected
from skill.hearing.grammar import Places, compile_grammar, tokens
from skill.hearing.vocabulary import HESITATIONS, UNKNOWN
from skill.hearing.word_costs import SpellingCosts
from skill.hearing.word_graph import Meaning, WordGraph
from skill.settings import ListeningSettings

TYPING_LIMIT = 0.8
"""Edit cost up to which a typed line is taken for the sentence nearest to it."""


class _Language(Protocol):
    @property
    def intents(self) -> Intents:
        """The templates."""

    @property
    def places(self) -> Places:
        """Where they stand."""


class Reading(Protocol):
    """One reading of an utterance, with the log likelihood that the decoder gives it."""

    @property
    def words(self) -> tuple[str, ...]:
        """The words, filler as UNKNOWN."""

    @property
    def score(self) -> float:
        """Natural logarithm; only differences mean something."""


@dataclass(frozen=True)
class Weighed:
    """A reading as it was weighed against the others."""

    text: str
    """Filler as "…"."""

    score: float
    """Log likelihood relative to the likeliest reading, in nats: 0 for the likeliest, less for the others."""

    intent: str | None
    """What it means, if it is a sentence here."""


@dataclass(frozen=True)
class Understood:
    """An utterance taken for a sentence."""

    sentence: str
    meaning: Meaning
    confidence: float
    """From 0 to 1. Spoken: how far the likeliest reading with this meaning stands above the likeliest other one, filler
    included, as a logistic function of the difference of their log likelihoods: 0.5 where they are even.
    Typed: 1 where the line is a sentence, and less the further from one it is."""

    readings: tuple[Weighed, ...] = field(default=(), compare=False)
    """What the decision rests on, the likeliest first."""

    def event(self, now: int) -> Heard:
        """Return what the dialogue gets."""
        return Heard(now, self.sentence, self.meaning.intent, self.meaning.slots, self.confidence)


@dataclass(frozen=True)
class Rejection:
    """An utterance that is no sentence of ours now."""

    text: str
    reason: str
    """`no speech`, `unknown words`, `no sentence`, `not now` (a sentence, in another context), `unsure`."""

    addressed: bool = False
    """Whether it was clearly said to the coach."""

    near: Understood | None = None
    """The likeliest sentence, where only another sentence of now made it unsure."""

    readings: tuple[Weighed, ...] = field(default=(), compare=False)
    """What the decision rests on, the likeliest first."""

    def event(self, now: int) -> Rejected:
        """Return what the dialogue gets."""
        return Rejected(now, self.text, self.reason, self.addressed, self.near.event(now) if self.near else None)


class Understanding:
    """The sentences of a language, by context."""

    def __init__(self, language: _Language, settings: ListeningSettings):
        self._language = language
        self._settings = settings
        self._graphs: dict[str | None, WordGraph] = {}

    def graph(self, context: str | None) -> WordGraph:
        """Return the sentences that are active in a context; None: all. Raises ContentError."""
        if context not in self._graphs:
            self._graphs[context] = compile_grammar(self._language.intents, context, self._language.places)
        return self._graphs[context]

    def event(self, line: str, context: str | None, now: int) -> Heard | Rejected:
        """Return what a typed line is at this moment."""
        return self.typed(line, context).event(now)

    def typed(self, line: str, context: str | None) -> Understood | Rejection:
        """Understand a typed line, slips of the finger included."""
        return understand_text(tokens(line), self.graph(context), self.graph(None))

    def spoken(self, readings: Sequence[Reading], active: Iterable[str | None]) -> Understood | Rejection:
        """Understand an utterance; a sentence counts that is legal in one of the `active` contexts."""
        graphs = [self.graph(context) for context in dict.fromkeys(active)]
        return understand_readings(readings, graphs, self.graph(None), self._settings)


def understand_text(words: Sequence[str], active: WordGraph, all_sentences: WordGraph) -> Understood | Rejection:
    """Take typed words for the nearest sentence, if one is near enough and no other meaning is as near."""
    text = " ".join(words)
    meaning = active.meaning(words)
    if meaning:
        return Understood(text, meaning, 1.0)
    if not words:
        return Rejection("", "no speech")
    if all_sentences.meaning(words):
        return Rejection(text, "not now", addressed=True)
    near = active.nearest(words, SpellingCosts(), limit=TYPING_LIMIT)
    if near and (len(near) == 1 or near[1].cost - near[0].cost > 0.1):
        return Understood(" ".join(near[0].words), near[0].meaning, 1.0 - near[0].cost / 2)
    known = all_sentences.words
    reason = "no sentence" if all(word in known for word in words) else "unknown words"
    return Rejection(text, reason, addressed=True)


def understand_readings(
    readings: Sequence[Reading], active: Sequence[WordGraph], everything: WordGraph, settings: ListeningSettings
) -> Understood | Rejection:
    """Weigh the readings of an utterance, and accept the likeliest meaning if it is likely enough."""
    if not readings or not readings[0].words:
        return Rejection("", "no speech")
    meanings = [_meaning(reading, active) for reading in readings]
    scores = [
        _score(reading, meaning, everything, settings) for reading, meaning in zip(readings, meanings, strict=True)
    ]
    weighed = _weighed(readings, scores, meanings)
    best = max(range(len(readings)), key=lambda n: (meanings[n] is not None, scores[n], -n))
    meaning = meanings[best]
    near = None
    if meaning:
        rivals = [n for n in range(len(readings)) if meanings[n] != meaning]
        rival = max(rivals, key=lambda n: scores[n], default=None)
        margin = settings.reading_beam if rival is None else scores[best] - scores[rival]
        confidence = 1 / (1 + math.exp(-settings.score_scale * margin))
        sentence = Understood(" ".join(spoken_words(readings[best].words)), meaning, confidence, weighed)
        if confidence >= settings.min_confidence:
            return sentence
        near = sentence if rival is not None and meanings[rival] else None
    return _rejection(readings[0], meanings[0], everything, near, weighed)


def _rejection(
    first: Reading,
    meaning: Meaning | None,
    everything: WordGraph,
    near: Understood | None,
    weighed: tuple[Weighed, ...],
) -> Rejection:
    """Say why the likeliest reading, with this meaning here, is not taken."""
    words, text = spoken_words(first.words), _text(first)
    if UNKNOWN in words:
        return Rejection(text, "unknown words", near=near, readings=weighed)
    if everything.meaning(words):
        reason = "unsure" if meaning else "not now"
        return Rejection(text, reason, addressed=True, near=near, readings=weighed)
    return Rejection(text, "no sentence", addressed=bool(words), near=near, readings=weighed)


def _weighed(
    readings: Sequence[Reading], scores: Sequence[float], meanings: Sequence[Meaning | None]
) -> tuple[Weighed, ...]:
    top = max(scores)
    rows = zip(readings, scores, meanings, strict=True)
    found = [
        Weighed(_text(reading), score - top, meaning.intent if meaning else None) for reading, score, meaning in rows
    ]
    return tuple(sorted(found, key=lambda each: -each.score))


def _text(reading: Reading) -> str:
    return " ".join("…" if word == UNKNOWN else word for word in reading.words)


def _score(reading: Reading, meaning: Meaning | None, everything: WordGraph, settings: ListeningSettings) -> float:
    """Return the score of a reading; what is a sentence only elsewhere is unlikely here."""
    elsewhere = meaning is None and everything.meaning(spoken_words(reading.words)) is not None
    return reading.score - (settings.context_cost if elsewhere else 0.0)


def _meaning(reading: Reading, active: Sequence[WordGraph]) -> Meaning | None:
    words = spoken_words(reading.words)
    return next(filter(None, (graph.meaning(words) for graph in active)), None) if words else None


def spoken_words(words: Iterable[str]) -> tuple[str, ...]:
    """Return the words without hesitations."""
    return tuple(word for word in words if word not in HESITATIONS)
