"""The decoding graph: which word sequences the decoder may search, and how likely each is.

It holds the sentences of a word graph themselves, not a statistical model of them, so that only a whole sentence, the
beginning of one, or filler can be decoded. Filler words compete with the sentences for all that is said and is not a
command: an utterance is a sentence or filler as a whole.
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
"""Largest deterministic graph: a larger one would take too long to load."""


class DecodingArc(NamedTuple):
    """One word on a path of the decoding graph."""

    word: str
    """The word that is heard (input label)."""

    output: str
    """The word in the hypothesis (output label): the same, or UNKNOWN for filler."""

    cost: float
    """Negative log weight in nats."""

    target: int


@dataclass(frozen=True)
class DecodingGraph:
    """A deterministic acceptor of words with costs; state 0 is the start."""

    arcs: tuple[tuple[DecodingArc, ...], ...]
    final: tuple[float | None, ...]
    """Cost of ending an utterance in the state; None if it may not."""


def decoding_graph(
    graph: WordGraph,
    knows: Callable[[str], bool],
    filler_words: Iterable[str] = (),
    settings: ListeningSettings | None = None,
) -> DecodingGraph:
    """Return a decoding graph of the sentences of `graph`, of silence, and of any sequence of filler words.

    Fillers are the `filler_words`, what is no known word (UNKNOWN), and the words of the sentences. The one-word
    sentences are no fillers at the beginning of an utterance: there a command must not compete with itself.

    `knows` tells whether the speech model has a word; arcs with other words are left out.
    Raises ContentError if the language is too large, or if no sentence is left.
    """
    settings = settings or ListeningSettings()
    deterministic, final = _deterministic(graph, knows)
    if not any(final):
        raise ContentError("None of the sentences can be heard: the speech model lacks their words; use others.")
    states = minimise(lambda state: deterministic[state].items(), final.__getitem__, in_order=False)
    sentences = [dict(leaving) for leaving, _ in states]
    second = set(sentences[0].values())
    hesitations = [word for word in HESITATIONS if knows(word)]
    arcs = [
        tuple(_sentence_arcs(state, leaving, state in second, hesitations, settings))
        for state, leaving in enumerate(sentences)
    ]
    first_fillers, *later_fillers = _filler_arcs(graph.words, knows, tuple(filler_words), settings, len(arcs))
    commands = {word for word, target in sentences[0].items() if states[target][1]}
    arcs[0] += tuple(arc for arc in first_fillers if arc.word not in commands)
    endings = (settings.silence_penalty, *(0.0 if ends else None for _, ends in states[1:]))
    return DecodingGraph((*arcs, *later_fillers), (*endings, *(0.0 for _ in later_fillers)))


def _sentence_arcs(
    state: int, leaving: dict[str, int], second: bool, hesitations: Iterable[str], settings: ListeningSettings
) -> Iterator[DecodingArc]:
    """Yield the words that continue a sentence from a state, and hesitations, which stay there."""
    for word, target in leaving.items():
        yield DecodingArc(word, word, settings.second_word_penalty if second else 0.0, target)
    for word in hesitations if leaving else ():
        if word not in leaving:
            yield DecodingArc(word, word, settings.hesitation_penalty, state)


def _filler_arcs(
    in_grammar: Iterable[str],
    knows: Callable[[str], bool],
    filler_words: tuple[str, ...],
    settings: ListeningSettings,
    first_state: int,
) -> Iterator[tuple[DecodingArc, ...]]:
    """Yield the arcs of all filler words for the first one in an utterance, the second one, and so on.

    The last of the states, which are numbered from `first_state`, leads back to itself.
    """
    common = {UNKNOWN, *filler_words}
    words = [word for word in dict.fromkeys((UNKNOWN, *filler_words, *sorted(in_grammar))) if knows(word)]
    last = first_state + len(settings.filler_penalties) - 1
    for number, penalty in enumerate((*settings.filler_penalties, settings.filler_penalties[-1])):
        target = min(first_state + number, last)
        yield tuple(
            DecodingArc(word, UNKNOWN, penalty + (0.0 if word in common else settings.in_grammar_penalty), target)
            for word in words
        )


def _deterministic(graph: WordGraph, knows: Callable[[str], bool]) -> tuple[list[dict[str, int]], list[bool]]:
    """Return arcs and endings of a deterministic automaton with the same sentences (subset construction)."""
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
