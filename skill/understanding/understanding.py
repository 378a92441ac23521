"""What was meant: the hypotheses of an utterance, or a typed line, among the sentences that are active."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from skill.content.tokenizer import tokens
from skill.events import ONLY_LIKE_A_COMMAND, Heard, Rejected
from skill.settings import ListeningSettings
from skill.understanding.filler_words import FILLER_WORDS, UNKNOWN
from skill.understanding.hypothesis import Hypothesis
from skill.understanding.rescoring import NBestRescorer, ScoredHypothesis, joined, margin
from skill.understanding.sentence_graphs import SentenceGraphs, Templates, compile_sentences
from skill.understanding.word_costs import SMALL, SpellingCosts
from skill.understanding.word_graph import Meaning, WordGraph

TYPING_LIMIT = 0.8
"""Largest edit cost (see word_costs) between a typed line and the sentence that it is understood as."""


@dataclass(frozen=True)
class Understood:
    """An utterance that was accepted as a sentence."""

    sentence: str
    meaning: Meaning
    confidence: float
    """From 0 to 1. Spoken: logistic function of the margin between the likeliest hypothesis with this meaning and the
    likeliest other one, filler included; 0.5 where they are equally likely. Typed: 1 for a sentence as it is written,
    less the larger the edit cost."""

    hypotheses: tuple[ScoredHypothesis, ...] = field(default=(), compare=False)
    """The hypotheses behind the decision, the likeliest first."""

    def event(self, now: int) -> Heard:
        """Return the event for the dialogue; `now` is audio time in ms."""
        return Heard(now, self.sentence, self.meaning.intent, self.meaning.slots, self.confidence)


@dataclass(frozen=True)
class Rejection:
    """An utterance that was not accepted."""

    text: str
    reason: str
    """`no speech`, `unknown words` (filler), `no sentence` (broken off), `not now` (a sentence of another context),
    `unsure` (too little confidence), `not meant` (out of scope: it only sounds like a command)."""

    addressed: bool = False
    """Whether it was clearly said to the coach."""

    near: Understood | None = None
    """The likeliest sentence, where only another active sentence took its confidence."""

    hypotheses: tuple[ScoredHypothesis, ...] = field(default=(), compare=False)
    """The hypotheses behind the decision, the likeliest first."""

    def event(self, now: int) -> Rejected:
        """Return the event for the dialogue; `now` is audio time in ms."""
        return Rejected(now, self.text, self.reason, self.addressed, self.near.event(now) if self.near else None)


class Understanding:
    """Decides what was meant, among the sentences of a language."""

    def __init__(self, language: Templates | SentenceGraphs, settings: ListeningSettings):
        """Take the sentences of a language, compiled or to be compiled. Raises ContentError."""
        self._settings = settings
        self._graphs = language if isinstance(language, SentenceGraphs) else compile_sentences(language)

    def graph(self, context: str | None) -> WordGraph:
        """Return the sentences that are active in a context; None: all."""
        return self._graphs.active(context)

    def event(self, line: str, context: str | None, now: int) -> Heard | Rejected:
        """Return the event of a typed line at audio time `now` (ms)."""
        return self.typed(line, context).event(now)

    def typed(self, line: str, context: str | None) -> Understood | Rejection:
        """Understand a typed line, slips of the finger included."""
        return understand_text(tokens(line), self.graph(context), self.graph(None))

    def spoken(
        self, hypotheses: Sequence[Hypothesis], active: Iterable[str | None], second_pass: "SecondPass | None" = None
    ) -> Understood | Rejection:
        """Understand the hypotheses of an utterance, among the sentences of all `active` contexts.

        `second_pass` decodes it once more; it is called in close cases.
        """
        graphs = [self.graph(context) for context in dict.fromkeys(active)]
        rescorer = NBestRescorer(graphs, self.graph(None), self._settings.inactive_context_penalty)
        return understand_hypotheses(hypotheses, rescorer, self._settings, second_pass)


def understand_text(words: Sequence[str], active: WordGraph, all_sentences: WordGraph) -> Understood | Rejection:
    """Understand typed words as the nearest sentence, if it is near enough and no other meaning is as near."""
    text = " ".join(words)
    meaning = active.meaning(words)
    if meaning:
        return _in_scope(Understood(text, meaning, 1.0))
    if not words:
        return Rejection("", "no speech")
    if all_sentences.meaning(words):
        return Rejection(text, "not now", addressed=True)
    known = all_sentences.words.union(FILLER_WORDS)  # who types "shop" does not mean "stop"
    near = [] if SMALL.issuperset(words) else active.nearest(words, SpellingCosts(known), limit=TYPING_LIMIT)
    if near and (len(near) == 1 or near[1].cost - near[0].cost > 0.1):
        return _in_scope(Understood(" ".join(near[0].words), near[0].meaning, 1.0 - near[0].cost / 2))
    reason = "no sentence" if all(word in known for word in words) else "unknown words"
    return Rejection(text, reason, addressed=True)


SecondPass = Callable[[], Sequence[Hypothesis]]
"""Decodes an utterance once more and returns its hypotheses."""


def understand_hypotheses(
    hypotheses: Sequence[Hypothesis],
    rescorer: NBestRescorer,
    settings: ListeningSettings,
    second_pass: SecondPass | None = None,
) -> Understood | Rejection:
    """Accept the likeliest meaning of an utterance if its confidence suffices.

    In a close case `second_pass` is called, and the mean of both passes counts.
    """
    if not hypotheses or not hypotheses[0].words:
        return Rejection("", "no speech")
    scored = rescorer.rescore(hypotheses)
    best = next((each for each in scored if each.meaning), None)
    if second_pass and best and abs(margin(scored, best, settings.hypothesis_beam)) < settings.second_pass_margin:
        scored = joined(scored, rescorer.rescore(second_pass()), -settings.hypothesis_beam)
        best = next(each for each in scored if each.meaning)
    near = None
    if best and best.meaning:
        lead = margin(scored, best, settings.hypothesis_beam)
        confidence = 1 / (1 + math.exp(-settings.confidence_slope * lead))
        sentence = Understood(best.text, best.meaning, confidence, tuple(scored))
        if confidence >= settings.min_confidence or not best.meaning.in_scope:
            return _in_scope(sentence)
        rival = next(each for each in scored if each is not best).meaning
        near = sentence if rival and rival.in_scope else None
    return _rejection(scored, rescorer, near)


def _in_scope(found: Understood) -> Understood | Rejection:
    """Return a sentence, or a rejection if it is out of scope."""
    if found.meaning.in_scope:
        return found
    return Rejection(found.sentence, ONLY_LIKE_A_COMMAND, hypotheses=found.hypotheses)


def _rejection(scored: Sequence[ScoredHypothesis], rescorer: NBestRescorer, near: Understood | None) -> Rejection:
    """Return the rejection with the reason why the likeliest hypothesis is not accepted."""
    first, hypotheses = scored[0], tuple(scored)
    if UNKNOWN in first.words:
        return Rejection(first.text, "unknown words", near=near, hypotheses=hypotheses)
    if first.meaning or rescorer.everything.meaning(first.words):
        reason = "unsure" if first.meaning else "not now"
        return Rejection(first.text, reason, addressed=True, near=near, hypotheses=hypotheses)
    return Rejection(first.text, "no sentence", addressed=bool(first.words), near=near, hypotheses=hypotheses)
