"""The shipped templates: held against hassil itself, the speech model, and what people say."""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import vosk
from hassil.intents import Intents
from hassil.recognize import recognize_all
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


@cache
def shipped() -> Language:
    return load_language()


@cache
def sentences() -> dict[str, dict[str, set[str]]]:
    """Every sentence -> context -> the intents whose templates make it there."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for name, contexts, sample in _samples(shipped().intents):
        for context in contexts:
            found[sample][context].add(name)
    return found


def _samples(intents: Intents) -> Iterator[tuple[str, tuple[str, ...], str]]:
    for name, intent in intents.intents.items():
        for block in intent.data:
            contexts = tuple(block.requires_context.get("state", STATES))
            for sentence in block.sentences:
                for text in sample_sentence(sentence, intents.slot_lists, intents.expansion_rules, language="en"):
                    yield name, contexts, " ".join(text.split())


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


def test_hassil_takes_every_sentence_for_its_own_intent_in_every_context() -> None:
    # Once without contexts, which are then held against each block that matched: seven times faster.
    intents = shipped().intents
    states = {id(b): b.requires_context.get("state", STATES) for i in intents.intents.values() for b in i.data}
    anywhere = replace(
        intents,
        intents={
            name: replace(intent, data=[replace(b, requires_context={}, metadata={"of": id(b)}) for b in intent.data])
            for name, intent in intents.intents.items()
        },
    )
    for text, contexts in sentences().items():
        results = list(recognize_all(text, anywhere))
        for context, wanted in contexts.items():
            here = [r for r in results if context in states[(r.intent_data.metadata or {})["of"]]]
            assert {r.intent.name for r in here} == wanted, f"{text!r} while {context}"
            slots = {tuple(sorted((n, e.value) for n, e in r.entities.items())) for r in here}
            assert len(slots) == 1, f"{text!r} while {context} has the slots {slots}"


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


def _said() -> Iterator[tuple[str, str, str]]:
    text = (Path(__file__).parent / "what_people_say.txt").read_text(encoding="utf-8")
    text = text.replace("ROUTINE", ROUTINE).replace("ALWAYS", " ".join(STATES))
    rows = [row for row in text.splitlines() if row and row[0] != "#"]
    for row in rows:
        contexts, phrases, intent = (cell.strip() for cell in row.split("|"))
        for context, phrase in itertools.product(contexts.split(), phrases.split("; ")):
            yield context, phrase, intent


@pytest.mark.parametrize(("context", "phrase", "intent"), list(_said()))
def test_what_people_say(context: str, phrase: str, intent: str) -> None:
    found = {r.intent.name for r in recognize_all(phrase, shipped().intents, intent_context={"state": context})}
    assert found - {OUT_OF_SCOPE} == ({intent} if intent else set())
