"""A word graph: its paths are the sentences of a language. It answers what words mean and what may follow."""

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

from skill.understanding.contexts import ALWAYS, When
from skill.understanding.minimise import minimise

Slots = tuple[tuple[str, str], ...]
"""Slot names and values."""


OUT_OF_SCOPE = "out_of_scope"
"""The intent of out-of-scope sentences, which resemble commands: "don't skip this one"."""

MAX_WAYS = 500
"""Ways to say the same words, by state and slots, that are followed up for each word."""


@dataclass(frozen=True)
class Meaning:
    """What a sentence asks for."""

    intent: str
    slots: Slots = ()
    """Sorted by name; one value a name."""

    @property
    def in_scope(self) -> bool:
        """Whether it asks for anything."""
        return self.intent != OUT_OF_SCOPE


class Arc(NamedTuple):
    """One word on the way from a state to the next."""

    word: str
    target: int
    slots: Slots = ()
    """Slot values that taking this arc fills."""


@dataclass(frozen=True)
class Ending:
    """A sentence may end here, and then means this."""

    intent: str
    slots: Slots = ()
    """Slot values that hold whatever was said."""

    when: When = ALWAYS
    """The contexts in which it is a sentence."""


@dataclass(frozen=True)
class Match:
    """A sentence of the language, near to what was heard."""

    words: tuple[str, ...]
    meaning: Meaning
    cost: float
    """Sum of the edit costs that lead from the words heard to this sentence."""


class WordCosts(Protocol):
    """Costs of edits from the words heard to the words of a sentence. All costs are >= 0."""

    def substitute(self, heard: str, said: str) -> float:
        """`said` was said and decoded as `heard`; 0 if they are the same."""

    def insert(self, said: str) -> float:
        """`said` was said and not decoded."""

    def delete(self, heard: str) -> float:
        """`heard` was decoded and not said."""


@dataclass(frozen=True)
class WordGraph:
    """A non-deterministic automaton over words without cycles, made by `merged`.

    State 0 is the start, and every arc leads to a state with a higher number.
    """

    arcs: tuple[tuple[Arc, ...], ...]
    endings: tuple[tuple[Ending, ...], ...]
    outcomes: tuple[Ending | None, ...]
    """For each state the ending, slots on the way included, that everything from there leads to, if it is only one."""

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word that occurs."""
        return frozenset(arc.word for arcs in self.arcs for arc in arcs)

    def active(self, context: str) -> "WordGraph":
        """Return the sentences that can be said in a context."""
        here = [tuple(Ending(e.intent, e.slots) for e in ends if e.when.holds(context)) for ends in self.endings]
        return merged(self.arcs.__getitem__, here.__getitem__)

    def sentences(self) -> Iterator[tuple[tuple[str, ...], Meaning]]:
        """Yield every path with its meaning; for languages that are small enough."""
        stack: list[tuple[int, tuple[str, ...], Slots]] = [(0, (), ())]
        while stack:
            state, words, slots = stack.pop()
            for ending in self.endings[state]:
                yield words, _meaning(ending, slots)
            stack += [(a.target, (*words, a.word), slots + a.slots) for a in reversed(self.arcs[state])]

    def meaning(self, words: Sequence[str]) -> Meaning | None:
        """Return what this sentence means, the first template winning; None if it is no sentence.

        The work grows with the words and the states that they can lead to, not with the number of paths.
        """
        layers = self._layers(words)
        useful = {state for state in layers[-1] if self.endings[state]}
        if not useful:
            return None
        onward: list[dict[int, Arc]] = []  # of each word: state -> the first of its arcs that leads to an ending
        for word, layer in zip(reversed(words), reversed(layers[:-1]), strict=True):
            first = {state: arc for state in layer for arc in reversed(self._arcs(state, word)) if arc.target in useful}
            onward.append(first)
            useful = set(first)
        state = 0
        slots: Slots = ()
        for choice in reversed(onward):
            state, slots = choice[state].target, slots + choice[state].slots
        return _meaning(self.endings[state][0], slots)

    def _layers(self, words: Iterable[str]) -> list[frozenset[int]]:
        """Return the states that can be reached with no word, with the first one, and so on."""
        layers = [frozenset([0])]
        for word in words:
            layers.append(frozenset(arc.target for state in layers[-1] for arc in self._arcs(state, word)))
        return layers

    def _arcs(self, state: int, word: str) -> Sequence[Arc]:
        """Return the arcs of a state with this word."""
        if state not in self._by_word:
            by_word: dict[str, list[Arc]] = {}
            for arc in self.arcs[state]:
                by_word.setdefault(arc.word, []).append(arc)
            self._by_word[state] = by_word
        return self._by_word[state].get(word, ())

    @cached_property
    def _by_word(self) -> dict[int, dict[str, list[Arc]]]:
        """The arcs of the states that were asked for, by their words."""
        return {}

    def _ways(self, words: Iterable[str]) -> set[tuple[int, Slots]] | None:
        """Return (state reached, slots filled) of every way to say these words; None if there are too many."""
        ways: set[tuple[int, Slots]] = {(0, ())}
        for word in words:
            ways = {
                (arc.target, _filled(slots, arc.slots) if arc.slots else slots)
                for state, slots in ways
                for arc in self._arcs(state, word)
            }
            if len(ways) > MAX_WAYS:
                return None
        return ways

    def after(self, words: Iterable[str]) -> frozenset[int]:
        """Return the states that these words can lead to; none where no sentence begins like this."""
        return self._layers(words)[-1]

    def is_complete(self, words: Iterable[str]) -> bool:
        """Return whether these words are a sentence."""
        return any(self.endings[state] for state in self.after(words))

    def is_settled(self, words: Sequence[str]) -> bool:
        """Return whether these words are a sentence, and every longer one that begins with them means the same.

        False, too, where the words can be said in more than MAX_WAYS ways: that is not followed up.
        """
        meaning, ways = self.meaning(words), self._ways(words)
        if meaning is None or ways is None:
            return False
        for state, slots in ways:
            outcome = self.outcomes[state]
            if outcome is None or _meaning(outcome, slots) != meaning:
                return False
        return True

    def next_words(self, words: Iterable[str]) -> frozenset[str]:
        """Return the words that continue these toward a sentence."""
        return frozenset(arc.word for state in self.after(words) for arc in self.arcs[state])

    def nearest(self, heard: Sequence[str], costs: WordCosts, limit: float = 2.0, meanings: int = 2) -> list[Match]:
        """Return the cheapest sentences by edit cost, cheapest first, each with another meaning.

        A best-first search over (words of `heard` used up, state), so its work grows with `limit` and
        not with the number of sentences. Sentences that cost more than `limit` are not searched.
        """
        found: dict[Meaning, Match] = {}
        visits: dict[tuple[int, int], list[Slots]] = {}
        heap: list[tuple[float, int, int, int, tuple[str, ...], Slots]] = [(0.0, 0, 0, 0, (), ())]
        serial = 1
        while heap and len(found) < meanings:
            cost, _, used, state, words, slots = heapq.heappop(heap)
            if not _visit(visits.setdefault((used, state), []), slots, meanings):
                continue
            if used == len(heard):
                for ending in self.endings[state]:
                    meaning = _meaning(ending, slots)
                    found.setdefault(meaning, Match(words, meaning, cost))
            for step, ahead, target, said, filled in self._steps(heard, used, state, costs):
                if cost + step <= limit:
                    further = (*words, said) if said else words
                    heapq.heappush(heap, (cost + step, serial, ahead, target, further, slots + filled))
                    serial += 1
        return sorted(found.values(), key=lambda match: match.cost)

    def _steps(
        self, heard: Sequence[str], used: int, state: int, costs: WordCosts
    ) -> Iterator[tuple[float, int, int, str, Slots]]:
        """Yield (cost, words used, state, word said or nothing, slots filled) of every edit from here."""
        left = used < len(heard)
        if left:
            yield costs.delete(heard[used]), used + 1, state, "", ()
        for arc in self.arcs[state]:
            yield costs.insert(arc.word), used, arc.target, arc.word, arc.slots
            if left:
                yield costs.substitute(heard[used], arc.word), used + 1, arc.target, arc.word, arc.slots


def merged(arcs: Callable[[int], Iterable[Arc]], endings: Callable[[int], Iterable[Ending]]) -> WordGraph:
    """Return the graph with the states merged from which the same can be said with the same meaning.

    The order of the arcs and endings of a state is kept: the first template wins.
    """
    states = minimise(
        lambda state: [((arc.word, arc.slots), arc.target) for arc in arcs(state)],
        lambda state: tuple(endings(state)),
        in_order=True,
    )
    if not states:
        return WordGraph(((),), ((),), (None,))
    table = tuple(tuple(Arc(word, target, slots) for (word, slots), target in leaving) for leaving, _ in states)
    ends = tuple(ending for _, ending in states)
    return WordGraph(table, ends, _outcomes(table, ends))


def _outcomes(arcs: Sequence[Sequence[Arc]], endings: Sequence[Sequence[Ending]]) -> tuple[Ending | None, ...]:
    """Return WordGraph.outcomes: the states in reverse, so that each comes after those that it leads to."""
    found: list[Ending | None] = [None] * len(arcs)
    for state in reversed(range(len(arcs))):
        here: set[Ending | None] = {Ending(each.intent, tuple(sorted(each.slots))) for each in endings[state]}
        for arc in arcs[state]:
            ahead = found[arc.target]
            here.add(ahead and Ending(ahead.intent, tuple(sorted({*ahead.slots, *arc.slots}))))
        found[state] = here.pop() if len(here) == 1 else None
    return tuple(found)


def _visit(earlier: list[Slots], slots: Slots, most: int) -> bool:
    """Note a visit to a node of the search; False if it can lead to nothing new."""
    if slots in earlier or len(earlier) >= most:
        return False
    earlier.append(slots)
    return True


def _meaning(ending: Ending, slots: Slots) -> Meaning:
    """Join what was said with what the template fixes; what was said wins."""
    return Meaning(ending.intent, _filled(ending.slots, slots))


def _filled(slots: Slots, more: Slots) -> Slots:
    """Return slots, sorted by name, with more of them filled; of two values of one slot the later one counts."""
    return tuple(sorted({**dict(slots), **dict(more)}.items()))
