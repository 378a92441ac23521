"""The decoding graph holds the sentences, filler and silence, and nothing else."""

import io

import pytest
from hassil import Intents

from skill.content.language import load_language
from skill.errors import ContentError
from skill.hearing.decoding_graph import DecodingGraph, decoding_graph
from skill.hearing.fst_file import encode_graph, read_words
from skill.settings import ListeningSettings
from skill.understanding.filler_words import HESITATIONS, UNKNOWN
from skill.understanding.grammar import compile_grammar

TEMPLATES = """
language: en
intents:
  go: {data: [{sentences: ["go [back|on]", "go to [the] {place}"]}]}
lists: {place: {values: ["cat pose", "cow pose"]}}
"""
SENTENCES = compile_grammar(Intents.from_yaml(io.StringIO(TEMPLATES)))


def says(graph: DecodingGraph, words: str) -> set[str]:
    """Return all that can be brought out for these words."""
    paths = {(0, ())}
    for word in words.split():
        paths = {(a.target, (*said, a.output)) for state, said in paths for a in graph.arcs[state] if a.word == word}
    return {" ".join(said) for state, said in paths if graph.final[state] is not None}


def test_sentences_and_only_they_pass() -> None:
    graph = decoding_graph(SENTENCES, lambda word: True)
    for words, _ in SENTENCES.sentences():
        assert " ".join(words) in says(graph, " ".join(words))
    assert says(graph, "") == {""}
    assert says(graph, "weather") == set()


def test_an_utterance_is_a_sentence_or_filler_as_a_whole() -> None:
    graph = decoding_graph(SENTENCES, lambda word: True, ("weather",))
    assert says(graph, "weather weather") == {f"{UNKNOWN} {UNKNOWN}"}
    assert says(graph, "weather go back") == {f"{UNKNOWN} {UNKNOWN} {UNKNOWN}"}
    assert says(graph, "back weather") == {f"{UNKNOWN} {UNKNOWN}"}


def test_a_command_of_one_word_does_not_compete_with_itself() -> None:
    graph = decoding_graph(SENTENCES, lambda word: True, ("go", "weather"))
    assert says(graph, "go") == {"go"}
    assert says(graph, "weather go") == {f"{UNKNOWN} {UNKNOWN}"}


def test_a_filler_word_that_only_sentences_have_has_a_higher_penalty() -> None:
    graph = decoding_graph(
        SENTENCES,
        lambda word: True,
        ("weather", "back"),
        ListeningSettings(filler_penalties=(7.0,), in_grammar_penalty=3.0),
    )
    costs = {arc.word: arc.cost for arc in graph.arcs[0] if arc.output == UNKNOWN}
    assert (costs["weather"], costs["back"], costs["pose"]) == (7.0, 7.0, 10.0)


def test_hesitations_stand_inside_sentences() -> None:
    graph = decoding_graph(SENTENCES, lambda word: True)
    assert "go to um the uh cat pose" in says(graph, "go to um the uh cat pose")
    assert "um go" in says(graph, "um go")


def test_words_that_the_model_lacks_are_left_out() -> None:
    graph = decoding_graph(SENTENCES, lambda word: word != "cow")
    assert "go to cat pose" in says(graph, "go to cat pose")
    assert says(graph, "go to cow pose") == set()
    with pytest.raises(ContentError, match="None of the sentences"):
        decoding_graph(SENTENCES, lambda word: False)


def test_every_template_of_the_coach_is_in_the_graph() -> None:
    sentences = compile_grammar(load_language().intents)
    graph = decoding_graph(sentences, lambda word: True)
    arcs = [{arc.word: arc.target for arc in leaving if arc.output == arc.word} for leaving in graph.arcs]
    waiting, seen = [(0, 0)], set()
    while waiting:
        state, decoding_state = place = waiting.pop()
        if place not in seen:
            seen.add(place)
            assert not sentences.endings[state] or graph.final[decoding_state] is not None
            waiting += [(arc.target, arcs[decoding_state][arc.word]) for arc in sentences.arcs[state]]
    assert {state for state, _ in seen} == set(range(len(sentences.arcs)))


def test_a_written_graph_is_a_readable_fst(tmp_path) -> None:
    graph = decoding_graph(SENTENCES, lambda word: True)
    every = {arc.word for arcs in graph.arcs for arc in arcs} | {UNKNOWN, *HESITATIONS}
    path = tmp_path / "Gr.fst"
    path.write_bytes(encode_graph(graph, {word: number for number, word in enumerate(sorted(every), 1)}))
    assert read_words(path) == {}
    arcs = sum(len(leaving) for leaving in graph.arcs)
    header = 4 + 4 + 6 + 4 + 8 + 40
    assert path.stat().st_size == header + 12 * len(graph.arcs) + 16 * arcs
    path.write_bytes(b"no fst at all")
    with pytest.raises(ValueError, match="no FST"):
        read_words(path)
