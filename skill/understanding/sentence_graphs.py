"""The sentences of a language as word graphs: those of all contexts, and those of each."""

import gc
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Protocol

from hassil.intents import Intents

from skill.understanding.contexts import When, contexts
from skill.understanding.grammar import Places, compile_grammar
from skill.understanding.word_graph import Arc, Ending, Slots, WordGraph


class Templates(Protocol):
    """What sentences are compiled from (see content.language.Language)."""

    @property
    def intents(self) -> Intents:
        """The templates."""

    @property
    def places(self) -> Places:
        """Where they are written."""


@dataclass(frozen=True)
class SentenceGraphs:
    """All word graphs of a language. None is made later, so that nobody waits for it at the first word in a context."""

    everything: WordGraph
    """The sentences of all contexts."""

    by_context: Mapping[str, WordGraph]
    """Context -> the sentences that can be said in it."""

    elsewhere: WordGraph
    """The sentences that can be said in a context that no template names."""

    def active(self, context: str | None) -> WordGraph:
        """Return the sentences that can be said in a context; None: all sentences."""
        return self.everything if context is None else self.by_context.get(context, self.elsewhere)


def compile_sentences(language: Templates) -> SentenceGraphs:
    """Compile the templates of a language. Raises ContentError."""
    everything = compile_grammar(language.intents, language.places)
    by_context = {context: everything.active(context) for context in contexts(language.intents)}
    return SentenceGraphs(everything, by_context, everything.active(""))


def encode(graphs: SentenceGraphs) -> bytes:
    """Return graphs as JSON: tables of what occurs often, and numbers that point into them."""
    tables = _Tables()
    rows = {
        "everything": tables.graph(graphs.everything),
        "elsewhere": tables.graph(graphs.elsewhere),
        "by_context": {context: tables.graph(graph) for context, graph in graphs.by_context.items()},
    }
    return json.dumps({**rows, **tables.rows()}, separators=(",", ":")).encode()


def decode(data: bytes) -> SentenceGraphs:
    """Return the graphs that `encode` was given, in some 50 ms. `data` must come from it: nothing is checked."""
    rows = json.loads(data)
    collecting = gc.isenabled()
    gc.disable()  # it would scan all these new tuples many times, and take longer than making them
    try:
        by_context = {context: _graph(row, rows) for context, row in rows["by_context"].items()}
        return SentenceGraphs(_graph(rows["everything"], rows), by_context, _graph(rows["elsewhere"], rows))
    finally:
        if collecting:
            gc.enable()


def _graph(row: Mapping[str, Any], tables: Mapping[str, Any]) -> WordGraph:
    words, slots = tables["words"], [_slots(each) for each in tables["slots"]]
    endings = [
        Ending(intent, slots[filled], When(frozenset(needed), frozenset(excluded)))
        for intent, filled, needed, excluded in tables["endings"]
    ]
    return WordGraph(
        tuple(
            tuple(
                Arc(words[word], target, slots[filled])
                for word, target, filled in zip(flat[::3], flat[1::3], flat[2::3], strict=True)
            )
            for flat in row["arcs"]
        ),
        tuple(tuple(endings[number] for number in numbers) for numbers in row["endings"]),
        tuple(None if number is None else endings[number] for number in row["outcomes"]),
    )


class _Tables:
    """Words, slots and endings, each with its number."""

    def __init__(self) -> None:
        self._words: dict[str, int] = {}
        self._slots: dict[Slots, int] = {}
        self._endings: dict[Ending, int] = {}

    def graph(self, graph: WordGraph) -> dict[str, Any]:
        """Return a graph as numbers: for each state (word, target, slots) of all arcs in a row, and endings."""
        return {
            "arcs": [list(chain.from_iterable(map(self._arc, arcs))) for arcs in graph.arcs],
            "endings": [[self._ending(each) for each in endings] for endings in graph.endings],
            "outcomes": [each and self._ending(each) for each in graph.outcomes],
        }

    def _arc(self, arc: Arc) -> tuple[int, int, int]:
        word = self._words.setdefault(arc.word, len(self._words))
        return word, arc.target, self._slots.setdefault(arc.slots, len(self._slots))

    def _ending(self, ending: Ending) -> int:
        self._slots.setdefault(ending.slots, len(self._slots))
        return self._endings.setdefault(ending, len(self._endings))

    def rows(self) -> dict[str, Any]:
        """Return the tables."""
        endings = [
            (each.intent, self._slots[each.slots], sorted(each.when.needed), sorted(each.when.excluded))
            for each in self._endings
        ]
        return {"words": list(self._words), "slots": list(self._slots), "endings": endings}


def _slots(row: Iterable[Iterable[str]]) -> Slots:
    return tuple((name, value) for name, value in row)
