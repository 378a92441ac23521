"""Templates become a graph with the same sentences and meanings that hassil finds."""

import io
import random

import pytest
from hassil import Intents, recognize

from skill.content.language import load_language
from skill.content.tokenizer import tokens
from skill.errors import ContentError
from skill.understanding.contexts import contexts
from skill.understanding.grammar import compile_grammar
from skill.understanding.word_graph import Meaning


def intents(body: str) -> Intents:
    return Intents.from_yaml(io.StringIO("language: en\n" + body))


HOME = intents("""
intents:
  switch:
    data:
      - sentences: ["[please] (turn|switch) {state} [the] light[s]", "light {state}"]
        slots: {domain: light}
      - sentences: ["stop"]
        requires_context: {state: ["on", "off"]}
  set:
    data:
      - sentences: ["<set> {5..20,5:level} percent", "(now;[the] heating;<set>) {room:where}"]
expansion_rules: {set: "(set|put) [it] [to]"}
lists:
  state: {values: ["on", {in: "(off|out)", out: "off"}]}
  room: {values: [{in: "bed[ ]room", out: bed}, "hall"]}
""")


def test_every_sentence_means_what_hassil_says() -> None:
    graph = compile_grammar(HOME)
    found = list(graph.sentences())
    assert len({words for words, _ in found}) > 100
    for words, meaning in found:
        result = recognize(" ".join(words), HOME, intent_context={"state": "on"})
        assert result, words
        slots = {name: str(entity.value) for name, entity in result.entities.items()}
        assert (result.intent.name, slots) == (meaning.intent, dict(meaning.slots)), words
        assert graph.meaning(words) == meaning, words


@pytest.mark.parametrize("context", ["idle", "holding", "asking"])
def test_every_sentence_of_the_coach_means_what_hassil_says(context: str) -> None:
    language = load_language()
    graph = compile_grammar(language.intents).active(context)
    found = list(graph.sentences())
    for words, meaning in random.Random(7).sample(found, 150):
        result = recognize(" ".join(words), language.intents, intent_context={"state": context})
        assert result, words
        assert result.intent.name == meaning.intent, words


def test_contexts_are_honoured() -> None:
    assert contexts(HOME) == ("off", "on")
    assert compile_grammar(HOME).active("on").meaning(["stop"]) == Meaning("switch")
    assert compile_grammar(HOME).active("elsewhere").meaning(["stop"]) is None
    assert compile_grammar(HOME).active("elsewhere").meaning(tokens("Light off!")) == Meaning(
        "switch", (("domain", "light"), ("state", "off"))
    )


def test_text_is_split_as_it_is_spoken() -> None:
    assert tokens(" Child’s-pose, PLEASE... ") == ("child's", "pose", "please")
    assert tokens("“Half-moon” (night_light), at–last") == ("half", "moon", "night", "light", "at", "last")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('{a: {data: [{sentences: ["go <x>"]}]}}\nexpansion_rules: {x: "on <y>", y: "<x>"}', "leads back to itself"),
        ('{a: {data: [{sentences: ["go <x>"]}]}}', "no rule <x>"),
        ('{a: {data: [{sentences: ["go {x}"]}]}}', "no list {x}"),
        ('{a: {data: [{sentences: ["go {x}"]}]}}\nlists: {x: {values: []}}', "{x} is empty"),
        ('{a: {data: [{sentences: ["go {x}"]}]}}\nlists: {x: {wildcard: true}}', "takes any words"),
        ('{a: {data: [{sentences: ["(a;b;c;d;e;f;g;h)"]}]}}', "permutation of 8 items"),
        ('{a: {data: [{sentences: ["go (on"]}]}}', "cannot be parsed"),
    ],
)
def test_what_cannot_be_compiled_is_named(body: str, message: str) -> None:
    with pytest.raises(ContentError) as caught:
        compile_grammar(intents("intents: " + body))
    assert message in str(caught.value)
    assert 'intent "a"' in str(caught.value)


def test_a_language_too_large_is_refused() -> None:
    rules = "\n".join(f'  r{n}: "<r{n + 1}> (a|b) <r{n + 1}>"' for n in range(20))
    body = f'intents: {{a: {{data: [{{sentences: ["<r0>"]}}]}}}}\nexpansion_rules:\n{rules}\n  r20: "c"'
    with pytest.raises(ContentError, match="more than"):
        compile_grammar(intents(body))
