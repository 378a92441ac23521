"""What the recogniser may hear: the sentences of a word graph as a decoding graph, with fillers around them.

The decoder searches the sentences themselves, not a statistical model of them: it can only ever bring out a whole
sentence, a beginning of one, or filler. Fillers compete with the sentences for everything that is said and not meant
for us: an utterance is one or the other as a whole.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from skill.errors import ContentError
from skill.settings import ListeningSettings
from skill.understanding.filler_words import HESITATIONS, UNKNOWN
from skill.understanding.minimise import minimise
from skill.understanding.word_graph import WordGraph

MAX_STATES = 200_000
"""A deterministic graph larger than this would take longer to load than anyone waits."""


class DecodingArc(NamedTuple):
    """One word on a path of the decoding graph."""

    word: str
    """What is heard."""

    says: str
    """What is brought out for it."""

    cost: float
    """Negative log weight, in the units of the decoder's acoustic costs."""

    target: int


@dataclass(frozen=True)
class DecodingGraph:
    """A deterministic acceptor of words with costs; state 0 is the start."""

    arcs: tuple[tuple[DecodingArc, ...], ...]
    final: tuple[float | None, ...]
    """Cost of ending an utterance in the state; None where it may not."""


@dataclass(frozen=True)
class Fillers:
    """Words that are heard and thrown away, so that talk is not bent into sentences."""

    words: tuple[str, ...] = ()
    costs: tuple[float, ...] = ListeningSettings.filler_costs
    """Of the first words of filler, one after the other; the last of them of every further word. Higher accepts more
    sentences, and more of what is none. They fall, or else long sentences would be believed all too readily."""

    in_grammar_penalty: float = ListeningSettings.in_grammar_penalty
    """Added where only the sentences have the word: a command that is said badly is likelier than such a word without
    a meaning ("hold longer", heard as "fold longer")."""

    length_cost: float = ListeningSettings.length_cost
    """Of the second word of a sentence: a short sentence must not pass for one long word."""

    silence_cost: float = 4.0
    """Of hearing nothing where something sounded."""

    hesitation_cost: float = 6.0
    """Of an "um" inside a sentence."""


def decoding_graph(graph: WordGraph, knows: Callable[[str], bool], fillers: Fillers) -> DecodingGraph:
    """Return the sentences of `graph` beside silence and any chain of filler words.

    Filler is every word of fillers and sentences; only a one-word sentence is not filler when it stands first, so that
    a command is never weighed against itself.

    `knows` tells which words the speech model has; arcs of other words are left out.
    Raises ContentError when the language is too large, or when no word of it is known.
    """
    deterministic, final = _deterministic(graph, knows)
    if not any(final):
        raise ContentError("None of the sentences can be heard: the speech model lacks their words; use others.")
    states = minimise(lambda state: deterministic[state].items(), final.__getitem__, in_order=False)
    arcs, final = [dict(leaving) for leaving, _ in states], [ends for _, ends in states]
    hesitations = [word for word in HESITATIONS if knows(word)]
    second = set(arcs[0].values())
    built = [
        tuple(_sentence_arcs(state, leaving, state in second, hesitations, fillers))
        for state, leaving in enumerate(arcs)
    ]
    filler = len(arcs)
    alone = {word for word, target in arcs[0].items() if final[target]}
    common = {UNKNOWN, *fillers.words}
    known = [w for w in dict.fromkeys((UNKNOWN, *fillers.words, *sorted(graph.words))) if knows(w)]
    last = filler + len(fillers.costs) - 1
    for number, cost in enumerate((*fillers.costs, fillers.costs[-1])):
        target = min(filler + number, last)
        costs = {word: cost + (0.0 if word in common else fillers.in_grammar_penalty) for word in known}
        leaving = tuple(DecodingArc(w, UNKNOWN, costs[w], target) for w in known if number or w not in alone)
        if number == 0:
            built[0] += leaving
        else:
            built.append(leaving)
    ends = (fillers.silence_cost, *(0.0 if ends else None for ends in final[1:]))
    return DecodingGraph(tuple(built), (*ends, *(0.0 for _ in fillers.costs)))


def _sentence_arcs(
    state: int, leaving: dict[str, int], second: bool, hesitations: Iterable[str], fillers: Fillers
) -> Iterator[DecodingArc]:
    """Yield the words that go on from a state inside a sentence, and hesitation that stays there."""
    for word, target in leaving.items():
        yield DecodingArc(word, word, fillers.length_cost if second else 0.0, target)
    for word in hesitations if leaving else ():
        if word not in leaving:
            yield DecodingArc(word, word, fillers.hesitation_cost, state)


def _deterministic(graph: WordGraph, knows: Callable[[str], bool]) -> tuple[list[dict[str, int]], list[bool]]:
    """Join the paths that begin with the same words (subset construction)."""
    known = {word for word in graph.words if knows(word)}
    start = frozenset([0])
    numbers = {start: 0}
    arcs: list[dict[str, int]] = []
    final: list[bool] = []
    queue = [start]
    for states in queue:
        targets: dict[str, set[int]] = {}
        for state in states:
            for arc in graph.arcs[state]:
                if arc.word in known:
                    targets.setdefault(arc.word, set()).add(arc.target)
        final.append(any(graph.endings[state] for state in states))
        arcs.append({})
        for word, reached in targets.items():
            key = frozenset(reached)
            if key not in numbers:
                numbers[key] = len(numbers)
                queue.append(key)
            arcs[-1][word] = numbers[key]
        if len(queue) > MAX_STATES:
            raise ContentError(f"The sentences need more than {MAX_STATES} states to decode; split or drop templates.")
    return arcs, final
