"""The shipped templates: held against hassil itself, the speech model, and what people say."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest
import vosk
from hassil.intents import Intents
from hassil.recognize import RecognizeResult, recognize_all
from hassil.sample import sample_sentence

from skill import speech_model
from skill.content.language import Language, load_language, unknown_words
from skill.content.states import STATES
from skill.hearing.decoding_view import decoding_view
from skill.understanding.word_graph import OUT_OF_SCOPE

INTENTS = {
    "start_routine", "next", "previous", "repeat", "repeat_stretch", "go_to", "how_to", "pause", "resume", "stop",
    "goodbye", "help", "list_stretches", "ready", "affirm", "deny", "easier", "pain", "unwell", "safety_info",
    "why", "which_stretch", "whats_next", "stretches_left", "time_left", "hold_longer", "hold_shorter", "slower",
    "faster", "louder", "softer", "talk_less", "talk_more", "list_routines", "more", "history", "have_condition",
    "my_conditions", "forget_conditions", OUT_OF_SCOPE,
}  # fmt: skip

EVERY = 60
"""Step through the sentences of a template in the usual tier; the long tier tries all of them."""

PARTS = 4
"""Number of parts in which the long tier tries all sentences, at the same time."""


@cache
def shipped() -> Language:
    return load_language()


@dataclass(frozen=True)
class Sample:
    """A sentence that a template makes."""

    text: str
    intent: str
    contexts: tuple[str, ...]
    template: int


@cache
def samples() -> list[Sample]:
    """Every sentence of every template."""
    found, numbers = list[Sample](), itertools.count()
    intents = shipped().intents
    for name, intent in intents.intents.items():
        for block in intent.data:
            contexts = tuple(block.requires_context.get("state", STATES))
            for sentence in block.sentences:
                number = next(numbers)
                for text in sample_sentence(sentence, intents.slot_lists, intents.expansion_rules, language="en"):
                    found.append(Sample(" ".join(text.split()), name, contexts, number))
    return found


@cache
def sentences() -> dict[str, dict[str, set[str]]]:
    """Every sentence -> context -> the intents whose templates make it there."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for sample in samples():
        for context in sample.contexts:
            found[sample.text][context].add(sample.intent)
    return found


def some_sentences() -> list[str]:
    """Return a few sentences of every template: its first, its last, and some in between."""
    found = set[str]()
    for _, group in itertools.groupby(samples(), key=lambda sample: sample.template):
        texts = [sample.text for sample in group]
        found |= {texts[0], texts[-1], *texts[::EVERY]}
    return sorted(found)


def test_the_intents_are_those_of_the_design() -> None:
    assert set(shipped().intents.intents) == INTENTS


def test_the_languages_size_is_bounded() -> None:
    assert 5_000 < len(sentences()) < 60_000


def test_no_sentence_has_two_intents_in_one_context() -> None:
    clashes = [
        (text, context, intents)
        for text, contexts in sentences().items()
        for context, intents in contexts.items()
        if len(intents) > 1
    ]
    assert clashes == []


@cache
def without_contexts() -> tuple[Intents, dict[int, tuple[str, ...]]]:
    """Return the templates as if each were for all contexts, and the contexts of each block.

    One recognition, whose results are then held against the block that matched, stands for one in each context.
    """
    intents = shipped().intents
    contexts = {id(b): tuple(b.requires_context.get("state", STATES)) for i in intents.intents.values() for b in i.data}
    everywhere = {
        name: replace(intent, data=[replace(b, requires_context={}, metadata={"of": id(b)}) for b in intent.data])
        for name, intent in intents.intents.items()
    }
    return replace(intents, intents=everywhere), contexts


def recognized(text: str) -> dict[str, list[RecognizeResult]]:
    """Return what hassil recognises in each context."""
    intents, contexts = without_contexts()
    found: dict[str, list[RecognizeResult]] = {context: [] for context in STATES}
    for result in recognize_all(text, intents):
        for context in contexts[(result.intent_data.metadata or {})["of"]]:
            found[context].append(result)
    return found


def taken_otherwise(texts: Iterable[str]) -> list[str]:
    """Return the sentences for which hassil finds, in some context, another meaning than their templates'."""
    problems = []
    for text in texts:
        found = recognized(text)
        for context, wanted in sentences()[text].items():
            here = {result.intent.name for result in found[context]}
            slots = {tuple(sorted((n, e.value) for n, e in r.entities.items())) for r in found[context]}
            if here != wanted or len(slots) != 1:
                problems.append(f"{text!r} while {context}: {here}, not {wanted}; slots {slots}")
    return problems


def test_hassil_takes_some_sentences_of_every_template_for_their_own_intent_in_every_context() -> None:
    assert taken_otherwise(some_sentences()) == []


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_hassil_takes_every_sentence_for_its_own_intent_in_every_context(part: int) -> None:
    assert taken_otherwise(itertools.islice(sentences(), part, None, PARTS)) == []


@pytest.mark.parametrize("context", STATES)
def test_hassil_honours_our_contexts(context: str) -> None:
    every_so_many = itertools.islice(sentences().items(), 0, None, 97)
    for text, contexts in every_so_many:
        found = {r.intent.name for r in recognize_all(text, shipped().intents, intent_context={"state": context})}
        assert found == contexts.get(context, set()), f"{text!r} while {context}"


def test_the_speech_model_knows_every_word_we_listen_for() -> None:
    vosk.SetLogLevel(-1)
    with decoding_view(speech_model.find()) as view:
        model = vosk.Model(str(view))
    assert unknown_words(shipped(), lambda word: model.vosk_model_find_word(word) != -1) == []


ROUTINE = "introducing instructing getting_ready holding"


@dataclass(frozen=True)
class Row:
    """A line of `what_people_say.txt`: what these phrases mean in these contexts; no intent: nothing."""

    line: int
    contexts: list[str]
    phrases: list[str]
    intent: str


def _rows() -> Iterator[Row]:
    text = (Path(__file__).parent / "what_people_say.txt").read_text(encoding="utf-8")
    text = text.replace("ROUTINE", ROUTINE).replace("ALWAYS", " ".join(STATES))
    for number, row in enumerate(text.splitlines(), 1):
        if row and row[0] != "#":
            contexts, phrases, intent = (cell.strip() for cell in row.split("|"))
            yield Row(number, contexts.split(), phrases.split("; "), intent)


@pytest.mark.parametrize("row", list(_rows()), ids=lambda row: f"line {row.line}: {row.intent or 'nothing'}")
def test_what_people_say(row: Row) -> None:
    wanted = {row.intent} if row.intent else set()
    found = {
        f"{phrase!r} while {context}": {result.intent.name for result in recognized(phrase)[context]} - {OUT_OF_SCOPE}
        for phrase in row.phrases
        for context in row.contexts
    }
    assert {what: intents for what, intents in found.items() if intents != wanted} == {}


def test_what_people_say_is_read_whole() -> None:
    assert sum(len(row.phrases) * len(row.contexts) for row in _rows()) > 2_500
