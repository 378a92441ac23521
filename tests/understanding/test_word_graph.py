"""Queries on a word graph."""

import io
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hassil import Intents

from skill.understanding.grammar import compile_grammar
from skill.understanding.word_graph import Meaning, WordGraph

POSES = """
language: en
intents:
  repeat: {data: [{sentences: ["repeat [(it|that)]"]}]}
  repeat_stretch: {data: [{sentences: ["repeat [the] {stretch}"]}]}
lists: {stretch: {values: [{in: "cat [pose]", out: cat}, {in: "cow [pose]", out: cow}]}}
"""


def graph() -> WordGraph:
    return compile_grammar(Intents.from_yaml(io.StringIO(POSES)))


class Plain:
    """One for every edit."""

    def substitute(self, heard: str, said: str) -> float:
        return float(heard != said)

    def insert(self, said: str) -> float:
        return 1.0

    def delete(self, heard: str) -> float:
        return 1.0


def test_completeness_and_continuation() -> None:
    assert graph().is_complete(["repeat"])
    assert graph().next_words(["repeat"]) == {"it", "that", "the", "cat", "cow"}
    assert not graph().is_complete(["repeat", "the"])
    assert graph().next_words(["repeat", "cow", "pose"]) == frozenset()
    assert graph().next_words(["nonsense"]) == frozenset()


def test_lists_its_sentences() -> None:
    sentences = list(graph().sentences())
    assert len(sentences) == 3 + 8
    assert (("repeat", "the", "cow"), Meaning("repeat_stretch", (("stretch", "cow"),))) in sentences


def test_nearest_is_the_cheapest_of_each_meaning() -> None:
    first, second = graph().nearest(["repeat", "uh", "cow", "pose"], Plain(), limit=2)
    assert (first.words, first.cost) == (("repeat", "cow", "pose"), 1.0)
    assert first.meaning.slots == (("stretch", "cow"),)
    assert second.meaning != first.meaning
    assert second.cost >= 1.0


def test_nearest_agrees_with_trying_every_sentence() -> None:
    every = list(graph().sentences())
    for heard in (["repeat"], ["the", "cat"], ["repeat", "pose"], ["x", "repeat", "y", "cat", "z"], []):
        costs = [distance(heard, list(words)) for words, _ in every]
        found = graph().nearest(heard, Plain(), limit=6)
        assert found[0].cost == min(costs), heard


def test_nothing_is_near_beyond_the_limit() -> None:
    assert graph().nearest(["what", "a", "day"], Plain(), limit=2) == []


def distance(a: list[str], b: list[str]) -> int:
    row = list(range(len(b) + 1))
    for i, word in enumerate(a, 1):
        row = [i, *row[:0]] + _next_row(row, word, b, i)
    return row[-1]


def _next_row(row: list[int], word: str, b: list[str], i: int) -> list[int]:
    new = [i]
    for j, other in enumerate(b, 1):
        new.append(min(row[j] + 1, new[-1] + 1, row[j - 1] + (word != other)))
    return new[1:]


@pytest.mark.parametrize(
    ("words", "settled"),
    [("repeat", False), ("repeat that", True), ("repeat the", False), ("repeat cat", True), ("repeat cat pose", True)],
)
def test_settled_is_what_more_words_would_not_change(words: str, settled: bool) -> None:
    assert graph().is_settled(words.split()) == settled


def operations(work: Callable[[], object]) -> int:
    """Return how many instructions of Python a function takes: the same number on every machine."""
    count = 0

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal count
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("piece", ["[really]", "[(really|really)]", "(really|{tone:slotN})", "[{tone:slotN}]"])
def test_ambiguous_templates_do_not_multiply_the_work(piece: str) -> None:
    """The same words can be said in thousands of ways, but what is asked for each block is soon answered."""
    taken = []
    for count in (8, 16):
        sentence = " ".join(piece.replace("N", str(number)) for number in range(count)) + " go"
        body = f'language: en\nintents: {{a: {{data: [{{sentences: ["{sentence}", "stop"]}}]}}}}\n'
        graph = compile_grammar(Intents.from_yaml(io.StringIO(body + 'lists: {tone: {values: ["really"]}}')))
        said = ["really"] * (count // 2)
        graph.is_settled([*said, "go"])  # what is made only once is made now
        questions = (graph.meaning, graph.is_settled, graph.next_words)
        taken.append(operations(lambda: [ask(said) for ask in questions]))  # noqa: B023 - called at once
    assert taken[1] < 10 * taken[0], taken


def test_a_sentence_said_in_many_ways_means_what_the_first_template_says() -> None:
    sentence = " ".join(f"[{{tone:slot{number}}}]" for number in range(12)) + " go"
    body = f'language: en\nintents: {{a: {{data: [{{sentences: ["{sentence}"]}}]}}}}\n'
    graph = compile_grammar(Intents.from_yaml(io.StringIO(body + 'lists: {tone: {values: ["really"]}}')))
    words = ["really"] * 6 + ["go"]
    every = {meaning for said, meaning in graph.sentences() if list(said) == words}
    assert len(every) == 924
    assert graph.meaning(words) in every
    assert not graph.is_settled(words)
    assert graph.meaning(["really"] * 13 + ["go"]) is None
