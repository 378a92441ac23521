"""Commands for the synthetic speakers: every intent, in many phrasings, in contexts in which it is active."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.data import mixing
from benchmarks.data.recordings import split_of
from benchmarks.data.synthetic_speakers import Speaker, render, speakers
from skill.audio.blocks import SAMPLE_RATE, Samples
from skill.content.language import Language, load_language
from skill.understanding.contexts import contexts
from skill.understanding.grammar import compile_grammar
from skill.understanding.word_graph import OUT_OF_SCOPE, Meaning, WordGraph

SPEEDS = (0.85, 1.0, 1.2)
LEVELS_DB = (0.0, -10.0, -20.0)

SHARES = {"kokoro": 0.25}
"""Share of the intents that each voice of an engine says, if not all. Kokoro has 28 voices and synthesises at about
real time; all intents would take an hour."""


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
        """Return a name that is unique to it."""
        return f"{self.speaker.name}: {self.text}"

    @property
    def about(self) -> dict[str, str | float]:
        """Return further details for the record of errors."""
        return {
            "speaker": self.speaker.name,
            "context": self.context,
            "speed": self.speed,
            "level_db": self.level_db,
            "slots": str(dict(self.meaning.slots)),
        }

    @property
    def split(self) -> str:
        """Return the split, by the sentence; no sentence is in both splits."""
        return split_of(self.text)


def commands(
    language: Language, speakers: Sequence[Speaker], each: int = 1, seed: int = 1, *, in_scope: bool = True
) -> Iterator[Spoken]:
    """Yield for every intent and speaker `each` sentences, at a speed and level drawn with `seed`.

    With `in_scope=False`: out-of-scope sentences, which resemble commands but are none. What a speaker says does not
    depend on which other voices are installed.
    """
    whole = compile_grammar(language.intents)
    graphs = {context: whole.active(context) for context in contexts(language.intents)}
    for intent in language.intents.intents:
        if in_scope == (intent == OUT_OF_SCOPE):
            continue
        active = [context for context, graph in graphs.items() if _has(graph, intent)]
        for speaker in speakers if active else ():
            draw = random.Random(f"{seed} {intent} {speaker.name}")
            if draw.random() >= SHARES.get(speaker.engine, 1.0):
                continue
            for _ in range(each):
                context = draw.choice(active)
                words, meaning = _sentence(graphs[context], intent, draw)
                yield Spoken(" ".join(words), meaning, context, speaker, draw.choice(SPEEDS), draw.choice(LEVELS_DB))


def spoken(cache: Path, split: str, each: int = 1, *, in_scope: bool = True) -> Iterator[tuple[Spoken, Samples, float]]:
    """Yield the commands of a split with their sound, and the time (s) at which speech ends in it.

    Half a second of quiet room noise precedes each command and one second follows it.
    """
    found = commands(load_language(), speakers(), each, in_scope=in_scope)
    said = [one for one in found if split in ("all", one.split)]
    render(((one.speaker, one.text, one.speed) for one in said), cache)
    for one in said:
        clean = one.speaker.say(one.text, one.speed, cache)
        sound = mixing.between_silence(mixing.at_level(clean, one.level_db), 500, 1000)
        yield one, sound, 0.5 + mixing.end_of_speech(clean) / SAMPLE_RATE


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
    """Return the states from which the end of a sentence of an intent can be reached."""
    leads: set[int] = set()
    for state in reversed(range(len(graph.arcs))):  # arcs lead to higher numbers
        here = any(ending.intent == intent for ending in graph.endings[state])
        if here or any(arc.target in leads for arc in graph.arcs[state]):
            leads.add(state)
    return leads
