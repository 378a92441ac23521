"""Blocks of the near end in, decisions out."""

from collections import deque

import numpy as np

from skill.audio.blocks import Block
from skill.content import Language
from skill.endpoint import Endpoint, Progress
from skill.events import Heard, Rejected, SpeechStarted
from skill.recognizer import SpeechModel
from skill.settings import ListeningSettings
from skill.understanding import Understanding, spoken_words
from skill.vocabulary import UNKNOWN, Fillers, decoding_graph
from skill.voice_activity import VoiceActivity

Decision = SpeechStarted | Heard | Rejected

BEFORE_BLOCKS = 25
"""Blocks before the first one that stands out which are decoded too: words begin softly."""

START_BLOCKS = 3
"""So many of the last five blocks must stand out before somebody speaks."""

NO_WORD_MS = 3000
"""Sound without a word for so long is begun anew: the decoder must not gather noise for minutes."""


class Listener:
    """Hears utterances in a stream of blocks and decides what they are.

    The decoder runs only while something stands out from the noise floor, from half a second before it; every utterance
    starts afresh, so nothing of a long session is carried along.
    """

    def __init__(self, model: SpeechModel, language: Language, settings: ListeningSettings):
        """Load the model with the sentences of all contexts. Raises ContentError and ModelError."""
        self._settings = settings
        self._understanding = Understanding(language, settings)
        graph = self._understanding.graph(None)
        fillers = Fillers((), settings.filler_cost)
        decoding = decoding_graph(graph, model.knows, fillers)
        self._recognizer = model.recognizer(decoding, settings.reading_beam)
        self.restart()

    def restart(self) -> None:
        """Forget everything but the sentences: audio time begins anew."""
        self._context: str | None = None
        self._context_at_start: str | None = None
        self._voice = VoiceActivity()
        self._standing_out: deque[bool] = deque(maxlen=5)
        self._before: deque[Block] = deque(maxlen=BEFORE_BLOCKS)
        self._utterance: Endpoint | None = None

    def listen(self, context: str | None) -> None:
        """From now on the sentences of this context are active; an utterance under way counts in both."""
        self._context = context

    def hear(self, block: Block, now: int) -> list[Decision]:
        """Take a block that ends at audio time `now` (ms), and return what was decided with it."""
        voiced = self._voice.hear(block)
        self._standing_out.append(voiced)
        self._before.append(block)
        if self._utterance is None:
            if sum(self._standing_out) < START_BLOCKS:
                return []
            self._begin(now)
            return [SpeechStarted(now)]
        return self._follow(self._utterance, block, voiced, now)

    def finish(self, now: int) -> list[Decision]:
        """Decide what is pending: no more sound will come."""
        return self._decide(now) if self._utterance else []

    def _begin(self, now: int) -> None:
        self._context_at_start = self._context
        self._utterance = Endpoint(self._settings, now)
        self._recognizer.reset()
        self._recognizer.accept(np.concatenate(self._before))

    def _follow(self, utterance: Endpoint, block: Block, voiced: bool, now: int) -> list[Decision]:
        silent = self._recognizer.accept(block)
        words = self._recognizer.partial()
        if utterance.over(now, words, voiced, silent, self._progress(words)):
            return self._decide(now)
        if not words and now - utterance.began >= NO_WORD_MS:
            self._begin(now)
        return []

    def _progress(self, words: tuple[str, ...]) -> Progress:
        if not words:
            return Progress.NOTHING
        said = spoken_words(words)
        contexts = dict.fromkeys((self._context_at_start, self._context))
        graphs = [self._understanding.graph(context) for context in contexts]
        if UNKNOWN in said or not any(graph.is_complete(said) for graph in graphs):
            return Progress.BEGUN
        return Progress.OPEN if any(graph.next_words(said) for graph in graphs) else Progress.COMPLETE

    def _decide(self, now: int) -> list[Decision]:
        readings = self._recognizer.finish()
        self._utterance = None
        self._before.clear()
        self._standing_out.clear()
        self._recognizer.reset()
        return [self._understanding.spoken(readings, (self._context_at_start, self._context)).event(now)]
