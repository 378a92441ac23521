"""Blocks of the near end in, decisions out."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from skill.audio.blocks import SAMPLE_RATE, Block, Samples
from skill.audio.voice_activity import VoiceActivity
from skill.content.language import Language
from skill.content.tokenizer import tokens
from skill.events import Heard, Rejected, SpeechStarted
from skill.hearing.compiled_language import CompiledLanguage, compile_language
from skill.hearing.embedded_command_check import before_ms, between_ms
from skill.hearing.recognizer import SpeechModel
from skill.settings import ListeningSettings
from skill.turn_taking.endpointing import Endpoint, ParseState
from skill.understanding.filler_words import UNKNOWN
from skill.understanding.hypothesis import Hypothesis
from skill.understanding.rescoring import ScoredHypothesis, spoken_words
from skill.understanding.understanding import Rejection, Understanding, Understood

Decision = SpeechStarted | Heard | Rejected

BEFORE_BLOCKS = 30
"""Blocks before the first one that stands out which are decoded too: words begin softly."""

START_BLOCKS, LATEST_BLOCKS = 3, 5
"""So many of the latest blocks must stand out before somebody speaks."""

PAUSE_BLOCKS = 15
"""Blocks before these in which a speaker who only goes on would have been heard."""

TALK_MS = 500
"""An utterance that begins so soon after talk, and without a pause, is only more of it."""

APART_NATS = 5.0
"""Two utterances that are both sentences are one only if it is at most so much less likely than they are. (Where it was
right, it was from 3 less likely to 13 more; where it was not, 7 to 29 less.)"""

ECHO_MS = 1500
"""What has sounded for so long, and only from the coach, is no part of what somebody then says beside it."""

NO_WORD_MS = 3000
"""Sound without a word for so long is begun anew: the decoder must not gather noise for minutes."""


class Listener:
    """Hears utterances in a stream of blocks and decides what they are.

    The decoder runs only while something stands out from the noise floor, from 0.6 s before it; every utterance
    starts afresh, so nothing of a long session is carried along.
    """

    def __init__(self, model: SpeechModel, language: Language | CompiledLanguage, settings: ListeningSettings):
        """Load the model with the sentences of all contexts; some 0.5 s, and 1 s more where they are to be compiled.

        Raises ContentError and ModelError.
        """
        compiled = language if isinstance(language, CompiledLanguage) else compile_language(language, model, settings)
        self._settings = settings
        self._understanding = Understanding(compiled.sentences, settings)
        self._recognizer = model.recognizer(compiled.decoding, settings.hypothesis_beam)
        self.restart()

    def restart(self) -> None:
        """Forget everything but the sentences: audio time begins anew."""
        self._context: str | None = None
        self._contexts: tuple[str | None, ...] = (None,)
        self._voice = VoiceActivity()
        self._standing_out: deque[bool] = deque(maxlen=LATEST_BLOCKS)
        self._speaking: deque[bool] = deque([False] * (PAUSE_BLOCKS + LATEST_BLOCKS), PAUSE_BLOCKS + LATEST_BLOCKS)
        self._before: deque[Block] = deque(maxlen=BEFORE_BLOCKS)
        self._utterance: Endpoint | None = None
        self._blocks: list[Block] = []
        self._open: _Open | None = None
        self._heard = _Heard(np.zeros(0, np.int16), [])
        self._goes_on = False
        self._talk = -TALK_MS
        self.hypotheses: tuple[ScoredHypothesis, ...] = ()
        """The readings that the last decision rests on, the likeliest first."""

    def listen(self, context: str | None) -> None:
        """From now on the sentences of this context are active; an utterance under way counts in both."""
        self._context = context

    @property
    def sentence(self) -> str:
        """What is being said, where it is a whole sentence so far; else nothing."""
        if not self._utterance:
            return ""
        words = spoken_words(self._utterance.words)
        meanings = [self._understanding.graph(context).meaning(words) for context in dict.fromkeys(self._active)]
        return " ".join(words) if any(meaning and meaning.in_scope for meaning in meanings) else ""

    def hear(self, block: Block, now: int, near_end_active: bool | None = None) -> list[Decision]:
        """Take a block that ends at audio time `now` (ms), and return what was decided with it.

        `near_end_active`: whether somebody is heard beside the coach; None while it is silent. Once somebody was, the
        rest of the coach's voice does not put off the end of what they say; while nobody was, the level decides.
        """
        started: list[Decision] = []
        voiced = self._voice.hear(block)
        self._standing_out.append(voiced)
        self._speaking.append(voiced and near_end_active is not False)
        self._before.append(block)
        if self._open:
            self._open.since.append(block)
        if self._utterance and near_end_active and self._utterance.only_coach and now - self._utterance.began > ECHO_MS:
            self._open, self._goes_on = None, False
            self._begin(now)
            started = [SpeechStarted(now)]
        if self._utterance:
            self._utterance.near_end_active |= bool(near_end_active)
            self._utterance.coach |= near_end_active is not None
            voiced = voiced and not (self._utterance.near_end_active and near_end_active is False)
            return [*started, *self._follow(self._utterance, block, voiced, now)]
        if self._open and now > self._open.until:
            self._open = None
        if sum(self._standing_out) < START_BLOCKS:
            return []
        paused = sum(islice(self._speaking, PAUSE_BLOCKS)) < PAUSE_BLOCKS // 5
        self._goes_on = now - self._talk <= TALK_MS and not paused
        self._begin(now)
        return [SpeechStarted(now)]

    def may_go_on(self, sentence: str, context: str | None) -> bool:
        """Tell whether a longer sentence with another meaning begins with this one, so that a decision has to wait."""
        return self._parse_state(tokens(sentence), (context,)) is ParseState.OPEN

    def finish(self, now: int) -> list[Decision]:
        """Decide what is pending: no more sound will come."""
        return self._decide(now) if self._utterance else []

    def _begin(self, now: int) -> None:
        """Begin an utterance: 0.6 s back, or where the last one ended if that may go on."""
        self._contexts = (*(self._open.contexts if self._open else ()), self._context)
        self._utterance = Endpoint(self._settings, now)
        self._blocks = list(self._open.since if self._open else self._before)
        self._recognizer.reset()
        self._recognizer.accept(np.concatenate(self._blocks))

    def _follow(self, utterance: Endpoint, block: Block, voiced: bool, now: int) -> list[Decision]:
        self._blocks.append(block)
        silent = self._recognizer.accept(block)
        words = self._recognizer.partial()
        parse_state = self._parse_state(words, self._active)
        if utterance.over(now, words, voiced, silent, parse_state):
            return self._decide(now)
        if not words and now - utterance.began >= NO_WORD_MS:
            self._open = None
            self._begin(now)
            return [SpeechStarted(now)]
        return []

    def _parse_state(self, words: tuple[str, ...], contexts: Iterable[str | None]) -> ParseState:
        said = spoken_words(words)
        if not said or UNKNOWN in said:
            return ParseState.NOTHING
        graphs = [self._understanding.graph(context) for context in dict.fromkeys(contexts)]
        meanings = {graph.meaning(said) for graph in graphs} - {None}
        if not meanings:
            return ParseState.BEGUN if any(graph.next_words(said) for graph in graphs) else ParseState.NOTHING
        if len(meanings) == 1 and all(graph.is_settled(said) or not graph.after(said) for graph in graphs):
            return ParseState.COMPLETE
        urgent = all(meaning and meaning.intent in self._settings.urgent_intents for meaning in meanings)
        return ParseState.URGENT if urgent else ParseState.OPEN

    @property
    def _active(self) -> tuple[str | None, ...]:
        """The contexts whose sentences count: those at the beginning of the utterance, and the one of now."""
        return (*self._contexts, self._context)

    def _decide(self, now: int) -> list[Decision]:
        (found, score), known = self._understood(self._blocks), False
        heard = self._heard
        whole = self._continued(self._open, found, score) if self._open else None
        if self._open and whole:
            self._blocks = [*self._open.blocks, *self._blocks]
            (found, score), known = whole, whole[0].meaning == self._open.understood.meaning
        else:
            self._heard = heard
        if isinstance(found, Understood) and (self._goes_on or self._is_part(found)):
            found = Rejection(found.sentence, "mid-sentence", hypotheses=found.hypotheses)
        own_voice = self._utterance is not None and self._utterance.only_coach
        if isinstance(found, Rejection) and (found.text or self._goes_on) and not own_voice:
            self._talk = now
        self._open = self._may_go_on(found, score, now)
        self.hypotheses = found.hypotheses
        self._utterance = None
        self._before.clear()
        self._standing_out.clear()
        return [] if known else [self._event(found, now)]

    def _understood(self, blocks: Sequence[Block]) -> tuple[Understood | Rejection, float]:
        """Understand what the decoder has heard, these blocks; in a close case it hears them a second time.

        The log likelihood of the best reading comes with it.
        """
        samples, hypotheses = np.concatenate(blocks), self._recognizer.finish()
        self._heard = _Heard(samples, hypotheses)

        def second_pass() -> list[Hypothesis]:
            self._heard = _Heard(samples, self._recognizer.second_pass(samples))
            return self._heard.hypotheses

        found = self._understanding.spoken(hypotheses, self._active, second_pass)
        return found, max((hypothesis.score for hypothesis in hypotheses), default=0.0)

    def _is_part(self, found: Understood) -> bool:
        """Tell whether there is a voice beside the words of a sentence: then it is a part of other talk.

        Over the coach that cannot be told: what is left of its voice may be as loud.
        """
        settings = self._settings
        if (
            self._utterance is None
            or self._utterance.coach
            or not settings.embedded_check_contexts.intersection(self._active)
        ):
            return False
        hypothesis = self._hypothesis(found)
        if hypothesis is None:
            return False
        words = hypothesis.times
        if len(words) - len(spoken_words(hypothesis.words)) > settings.embedded_max_hesitations:
            return True  # other words were taken for "um"
        if len(words) > settings.embedded_max_words:
            return False
        if between_ms(self._heard.samples, words, settings.embedded_level_db) >= settings.embedded_between_ms:
            return True
        urgent = found.meaning.intent in settings.urgent_intents  # a cry may go before "stop"
        return (
            not urgent
            and before_ms(self._heard.samples, words, settings.embedded_level_db) >= settings.embedded_before_ms
        )

    def _hypothesis(self, found: Understood) -> Hypothesis | None:
        """Return the likeliest reading that is the sentence and tells when its words were said."""
        said = (each for each in self._heard.hypotheses if " ".join(spoken_words(each.words)) == found.sentence)
        return next((each for each in said if each.times), None)

    def _event(self, found: Understood | Rejection, now: int) -> Heard | Rejected:
        """Return what the dialogue gets, with the time at which a sentence was said."""
        event, hypothesis = found.event(now), self._hypothesis(found) if isinstance(found, Understood) else None
        if not isinstance(event, Heard) or not hypothesis:
            return event
        began = now - 1000 * len(self._heard.samples) // SAMPLE_RATE
        return replace(event, words_at=(began + hypothesis.times[0][0], began + hypothesis.times[-1][1]))

    def _continued(
        self, earlier: "_Open", alone: Understood | Rejection, score: float
    ) -> tuple[Understood, float] | None:
        """Understand an earlier sentence and this utterance as one; None where they are not.

        While sound comes in they are decoded apart: what follows at once may as well be the next command.
        """
        blocks = [*earlier.blocks, *self._blocks]
        self._recognizer.reset()
        self._recognizer.accept(np.concatenate(blocks))
        (whole, whole_score), begun = self._understood(blocks), earlier.understood
        if not isinstance(whole, Understood) or not f"{whole.sentence} ".startswith(f"{begun.sentence} "):
            return None
        apart = whole.meaning == begun.meaning or whole_score < earlier.score + score - APART_NATS
        return None if apart and isinstance(alone, Understood) else (whole, whole_score)

    def _may_go_on(self, found: Understood | Rejection, score: float, now: int) -> "_Open | None":
        """Return what is to be kept of an utterance that more words can follow."""
        if not isinstance(found, Understood):
            return None
        said = tokens(found.sentence)
        if not any(self._understanding.graph(context).next_words(said) for context in self._active):
            return None
        waited = self._utterance.endpointing_delay(self._parse_state(said, self._active)) if self._utterance else 0
        return _Open(found, score, self._active, self._blocks, [], now + self._settings.continuation_ms - waited)


@dataclass(frozen=True)
class _Heard:
    """What the decoder took last, and what it made of it."""

    samples: Samples
    hypotheses: list[Hypothesis]


@dataclass
class _Open:
    """A sentence that was decided although it may go on: the sound of it, and what came since."""

    understood: Understood
    score: float
    """Log likelihood of the best reading."""

    contexts: tuple[str | None, ...]
    blocks: list[Block]
    since: list[Block]
    until: int
    """Audio time until which more words are taken for its continuation."""
