"""A listener: blocks of the near end in, decisions about utterances out."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from skill.audio.blocks import SAMPLE_RATE, Block, Samples, check_block
from skill.content.language import Language
from skill.content.tokenizer import tokens
from skill.events import Heard, Rejected, SpeechStarted
from skill.hearing.compiled_language import CompiledLanguage, compile_language
from skill.hearing.embedded_command_check import is_embedded
from skill.hearing.extendable_sentence import ExtendableSentence
from skill.hearing.onset_detector import GAP_BLOCKS, GAP_WINDOW, PAUSE_BLOCKS, OnsetDetector
from skill.hearing.recognizer import SpeechModel
from skill.settings import ListeningSettings
from skill.turn_taking.endpointing import Endpoint, ParseState
from skill.understanding.filler_words import UNKNOWN
from skill.understanding.hypothesis import Hypothesis
from skill.understanding.rescoring import ScoredHypothesis, spoken_words
from skill.understanding.understanding import Rejection, Understanding, Understood

Decision = SpeechStarted | Heard | Rejected

PRE_ROLL_BLOCKS = 30
"""Blocks before the detected onset that are decoded too (0.6 s): words begin softly."""

TALK_MS = 500
"""Milliseconds after rejected talk in which an utterance without a pause before it is more of that talk."""

MERGE_MARGIN = 5.0
"""Two utterances count as one sentence if its log likelihood is less than that of two sentences by at most this, nats.
Measured: for one sentence 3 less to 13 more, for two sentences 7 to 29 less."""

COACH_ONLY_MS = 1500
"""Milliseconds of the coach alone after which near-end speech over it is a new utterance."""

NO_WORD_MS = 3000
"""Milliseconds of sound without a word after which the utterance starts anew: the decoder must not collect noise."""


class Listener:
    """Hears utterances in a stream of blocks and decides what they mean.

    The decoder runs only during an utterance, from 0.6 s before its onset. Every utterance is decoded by itself, so
    that nothing of a long session is carried along.
    """

    def __init__(self, model: SpeechModel, language: Language | CompiledLanguage, settings: ListeningSettings):
        """Load the model with the sentences of all contexts: 0.5 s, and 1 s more where they must be compiled.

        Raises ContentError and ModelError.
        """
        compiled = language if isinstance(language, CompiledLanguage) else compile_language(language, model, settings)
        self._settings = settings
        self._understanding = Understanding(compiled.sentences, settings)
        self._recognizer = model.recognizer(compiled.decoding, settings.hypothesis_beam)
        self.restart()

    def restart(self) -> None:
        """Forget everything but the sentences: audio time starts anew."""
        self._context: str | None = None
        self._contexts: tuple[str | None, ...] = (None,)
        self._onsets = OnsetDetector()
        self._pre_roll: deque[Block] = deque(maxlen=PRE_ROLL_BLOCKS)
        self._utterance: Endpoint | None = None
        self._blocks: list[Block] = []
        self._first_blocks = 0  # number of blocks with which the utterance began
        self._after_gap: int | None = None  # the block with which a gap in it, and the speech after it, begin
        self._extendable: ExtendableSentence | None = None
        self._decoded = _Decoded(np.zeros(0, np.int16), [])
        self._continues_talk = self._follows_talk = False
        self._last_talk = -TALK_MS
        self.hypotheses: tuple[ScoredHypothesis, ...] = ()
        """The hypotheses behind the last decision, the likeliest first."""

    def listen(self, context: str | None) -> None:
        """Make the sentences of this context active (None: all); an utterance under way counts in both contexts."""
        self._context = context

    @property
    def sentence(self) -> str:
        """What is being said, if it is a whole sentence so far; else an empty string."""
        if not self._utterance:
            return ""
        words = spoken_words(self._utterance.words)
        meanings = [self._understanding.graph(context).meaning(words) for context in dict.fromkeys(self._active)]
        return " ".join(words) if any(meaning and meaning.in_scope for meaning in meanings) else ""

    def hear(self, block: Block, now: int, near_end_active: bool | None = None) -> list[Decision]:
        """Take a block (320 samples, 16 kHz mono int16) that ends at audio time `now` (ms); return new decisions.

        `near_end_active`: whether there is near-end speech over the coach; None while the coach is silent. Once
        there was, the coach's residual echo does not delay the end of the utterance; until then the level decides.
        Raises AudioFormatError if it is not such a block.
        """
        check_block(block)
        started: list[Decision] = []
        voiced = self._onsets.hear(block, only_coach=near_end_active is False)
        self._pre_roll.append(block)
        if self._extendable:
            self._extendable.since.append(block)
        utterance = self._utterance
        if utterance and near_end_active and utterance.only_coach and now - utterance.began > COACH_ONLY_MS:
            self._extendable, self._continues_talk = None, False
            self._begin(now)
            started = [SpeechStarted(now)]
        if self._utterance:
            self._utterance.near_end_active |= bool(near_end_active)
            self._utterance.coach |= near_end_active is not None
            voiced = voiced and not (self._utterance.near_end_active and near_end_active is False)
            return [*started, *self._follow(self._utterance, block, voiced, now)]
        if self._extendable and now > self._extendable.until:
            self._extendable = None
        if not self._onsets.onset:
            return []
        self._continues_talk = now - self._last_talk <= TALK_MS and not self._onsets.silent_before(PAUSE_BLOCKS)
        self._begin(now)
        return [SpeechStarted(now)]

    def may_go_on(self, sentence: str, context: str | None) -> bool:
        """Return whether a longer sentence with another meaning begins with this one: then a decision has to wait."""
        return self._parse_state(tokens(sentence), (context,)) is ParseState.OPEN

    def finish(self, now: int) -> list[Decision]:
        """Decide what is pending: no more sound will come."""
        return self._decide(now) if self._utterance else []

    def _begin(self, now: int) -> None:
        """Begin an utterance: 0.6 s back, or where the sentence ended that it may extend."""
        self._contexts = (*(self._extendable.contexts if self._extendable else ()), self._context)
        self._decode(list(self._extendable.since if self._extendable else self._pre_roll), now)

    def _decode(self, blocks: list[Block], now: int) -> None:
        """Decode these blocks, which end at `now`, as the beginning of an utterance."""
        self._utterance, self._blocks = Endpoint(self._settings, now), blocks
        self._first_blocks, self._after_gap, self._follows_talk = len(blocks), None, False
        self._recognizer.reset()
        self._recognizer.accept(np.concatenate(blocks))

    def _follow(self, utterance: Endpoint, block: Block, voiced: bool, now: int) -> list[Decision]:
        self._blocks.append(block)
        silent = self._recognizer.accept(block)
        words = self._recognizer.partial()
        parse_state = self._parse_state(words, self._active)
        if self._is_new_utterance(utterance, words, parse_state):
            return self._begin_after_gap(words, now)
        if utterance.over(now, words, voiced, silent, parse_state):
            return self._decide(now)
        if not words and now - utterance.began >= NO_WORD_MS:
            self._extendable = None
            self._begin(now)
            return [SpeechStarted(now)]
        return []

    def _is_new_utterance(self, utterance: Endpoint, words: tuple[str, ...], parse_state: ParseState) -> bool:
        """Return whether what follows a gap is another utterance: with the words before it, it begins no sentence.

        The decoder notices silence so late that it would miss the gap, or find it in the middle of the command.
        """
        gap = len(self._blocks) - GAP_WINDOW
        no_sentence = parse_state in (ParseState.NOTHING, ParseState.BEGUN)
        if gap >= self._first_blocks and no_sentence and self._onsets.onset and self._onsets.silent_before(GAP_BLOCKS):
            self._after_gap = gap
        filler = bool(words) and parse_state is ParseState.NOTHING
        return self._after_gap is not None and filler and not utterance.coach

    def _begin_after_gap(self, words: tuple[str, ...], now: int) -> list[Decision]:
        """Reject the words before a gap and begin an utterance with what follows it."""
        self._extendable, self._continues_talk = None, False
        self._decode(self._blocks[self._after_gap :], now)
        self._follows_talk = True
        text = " ".join("…" if word == UNKNOWN else word for word in words)
        return [Rejected(now, text, "unknown words", addressed=False), SpeechStarted(now)]

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
        """The contexts whose sentences count: those at the beginning of the utterance, and the present one."""
        return (*self._contexts, self._context)

    def _decide(self, now: int) -> list[Decision]:
        (found, score), unchanged = self._understood(self._blocks), False
        decoded = self._decoded
        whole = self._extended(self._extendable, found, score) if self._extendable else None
        if self._extendable and whole:
            self._blocks = [*self._extendable.blocks, *self._blocks]
            (found, score), unchanged = whole, whole[0].meaning == self._extendable.understood.meaning
        else:
            self._decoded = decoded
        if isinstance(found, Understood) and (self._continues_talk or self._is_embedded(found)):
            found = Rejection(found.sentence, "mid-sentence", hypotheses=found.hypotheses)
        only_coach = self._utterance is not None and self._utterance.only_coach
        if isinstance(found, Rejection) and (found.text or self._continues_talk) and not only_coach:
            self._last_talk = now
        self._extendable = self._extendable_by_more(found, score, now)
        self.hypotheses = found.hypotheses
        self._utterance = None
        self._pre_roll.clear()
        self._onsets.forget_onset()
        return [] if unchanged else [self._event(found, now)]

    def _understood(self, blocks: Sequence[Block]) -> tuple[Understood | Rejection, float]:
        """Understand what was decoded of these blocks, in a close case with a second pass.

        The log likelihood of the best hypothesis comes with it.
        """
        samples, hypotheses = np.concatenate(blocks), self._recognizer.finish()
        self._decoded = _Decoded(samples, hypotheses)

        def second_pass() -> list[Hypothesis]:
            self._decoded = _Decoded(samples, self._recognizer.second_pass(samples))
            return self._decoded.hypotheses

        found = self._understanding.spoken(hypotheses, self._active, second_pass)
        return found, max((hypothesis.score for hypothesis in hypotheses), default=0.0)

    def _is_embedded(self, found: Understood) -> bool:
        """Return whether a sentence is part of other talk.

        Over the coach that cannot be told: what is left of its voice may be as loud.
        """
        settings, utterance = self._settings, self._utterance
        if not utterance or utterance.coach or not settings.embedded_check_contexts.intersection(self._active):
            return False
        if self._follows_talk and found.confidence < settings.after_talk_min_confidence:
            return True
        hypothesis = self._hypothesis(found)
        urgent = found.meaning.intent in settings.urgent_intents
        return hypothesis is not None and is_embedded(self._decoded.samples, hypothesis, urgent, settings)

    def _hypothesis(self, found: Understood) -> Hypothesis | None:
        """Return the likeliest hypothesis with this sentence in which the times of the words are known."""
        said = (each for each in self._decoded.hypotheses if " ".join(spoken_words(each.words)) == found.sentence)
        return next((each for each in said if each.times), None)

    def _event(self, found: Understood | Rejection, now: int) -> Heard | Rejected:
        """Return the event for the dialogue, with the time at which a sentence was said."""
        event, hypothesis = found.event(now), self._hypothesis(found) if isinstance(found, Understood) else None
        if not isinstance(event, Heard) or not hypothesis:
            return event
        began = now - 1000 * len(self._decoded.samples) // SAMPLE_RATE
        return replace(event, words_at=(began + hypothesis.times[0][0], began + hypothesis.times[-1][1]))

    def _extended(
        self, earlier: ExtendableSentence, alone: Understood | Rejection, score: float
    ) -> tuple[Understood, float] | None:
        """Understand an earlier sentence and this utterance as one sentence; None if they are not one.

        While sound comes in they are decoded apart: what follows at once may also be the next command.
        """
        blocks = [*earlier.blocks, *self._blocks]
        self._recognizer.reset()
        self._recognizer.accept(np.concatenate(blocks))
        (whole, whole_score), begun = self._understood(blocks), earlier.understood
        if not isinstance(whole, Understood) or not f"{whole.sentence} ".startswith(f"{begun.sentence} "):
            return None
        apart = whole.meaning == begun.meaning or whole_score < earlier.score + score - MERGE_MARGIN
        return None if apart and isinstance(alone, Understood) else (whole, whole_score)

    def _extendable_by_more(self, found: Understood | Rejection, score: float, now: int) -> ExtendableSentence | None:
        """Return what is to be kept of an utterance that more words can extend."""
        if not isinstance(found, Understood):
            return None
        said = tokens(found.sentence)
        if not any(self._understanding.graph(context).next_words(said) for context in self._active):
            return None
        waited = self._utterance.endpointing_delay(self._parse_state(said, self._active)) if self._utterance else 0
        until = now + self._settings.continuation_ms - waited
        return ExtendableSentence(found, score, self._active, self._blocks, [], until)


@dataclass(frozen=True)
class _Decoded:
    """What was decoded last."""

    samples: Samples
    hypotheses: list[Hypothesis]
