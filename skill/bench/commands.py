"""What the synthetic speakers say: every intent, in many phrasings, where it is active."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from skill.bench.recordings import half_of
from skill.bench.voices import Speaker
from skill.content import Language
from skill.hearing.grammar import compile_grammar, contexts
from skill.hearing.word_graph import Meaning, WordGraph

SPEEDS = (0.85, 1.0, 1.2)
LEVELS_DB = (0.0, -10.0, -20.0)


@dataclass(frozen=True)
class Spoken:
    """One command to be said."""

    text: str
    meaning: Meaning
    context: str
    speaker: Speaker
    speed: float
    level_db: float

    @property
    def name(self) -> str:
        """Return what tells it from all others."""
        return f"{self.speaker.name}: {self.text}"

    @property
    def half(self) -> str:
        """Return the half of the data; voices and sentences of both halves never meet."""
        return half_of(self.text)


def commands(language: Language, speakers: Sequence[Speaker], each: int = 3, seed: int = 1) -> Iterator[Spoken]:
    """Yield for every intent and speaker `each` sentences, at a speed and level drawn with `seed`."""
    draw = random.Random(seed)
    graphs = {context: compile_grammar(language.intents, context) for context in contexts(language.intents)}
    for intent in language.intents.intents:
        active = [context for context, graph in graphs.items() if _has(graph, intent)]
        for speaker in speakers:
            for _ in range(each if active else 0):
                context = draw.choice(active)
                words, meaning = _sentence(graphs[context], intent, draw)
                yield Spoken(" ".join(words), meaning, context, speaker, draw.choice(SPEEDS), draw.choice(LEVELS_DB))


def _has(graph: WordGraph, intent: str) -> bool:
    return any(ending.intent == intent for endings in graph.endings for ending in endings)


def _sentence(graph: WordGraph, intent: str, draw: random.Random) -> tuple[tuple[str, ...], Meaning]:
    """Walk the graph at random to a sentence of an intent."""
    leads = _leading(graph, intent)
    while True:
        state, words = 0, []
        while True:
            ways = [arc for arc in graph.arcs[state] if arc.target in leads]
            ends = any(ending.intent == intent for ending in graph.endings[state])
            if ends and (not ways or draw.random() < 0.5):
                break
            arc = draw.choice(ways)
            words.append(arc.word)
            state = arc.target
        meaning = graph.meaning(words)
        if meaning and meaning.intent == intent:
            return tuple(words), meaning


def _leading(graph: WordGraph, intent: str) -> set[int]:
    """Return the states from which a sentence of an intent can be ended."""
    leads: set[int] = set()
    for state in reversed(graph.order):
        here = any(ending.intent == intent for ending in graph.endings[state])
        if here or any(arc.target in leads for arc in graph.arcs[state]):
            leads.add(state)
    return leads
