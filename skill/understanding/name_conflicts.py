"""Conflicts of the user's own names for routines and stretches with sentences that already have a meaning."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

from hassil.intents import Intents, TextSlotList

from skill.content.language import load_language
from skill.content.problems import Problems, where
from skill.content.routine_catalog import Phrases
from skill.content.tokenizer import tokens
from skill.understanding.grammar import compile_grammar
from skill.understanding.word_graph import Meaning, Slots, WordGraph


@cache
def _shipped() -> tuple[Intents, WordGraph]:
    """The templates with the names of the shipped routines alone, and all of their sentences."""
    intents = load_language().intents
    return intents, compile_grammar(intents)


def check_names(own: Mapping[str, Phrases], problems: Problems) -> None:
    """Report each name that has a meaning already, by itself or in a sentence that contains names.

    `own` has the user's names for each slot list. Whoever says "stop please" means to stop, whatever a routine is
    called.
    """
    taken = _said_by_itself(own) | _said_in_a_sentence(own)
    for phrase, (sentence, meaning) in taken.items():
        known = meaning.intent.replace("_", " ")
        problems.add(
            where(phrase),
            f'the name "{phrase}" cannot be used: "{sentence}" already means "{known}"; choose another name or alias.',
        )


_Taken = dict[str, tuple[str, Meaning]]
"""Name -> (the sentence that means something else, what it means)."""


def _said_by_itself(own: Mapping[str, Phrases]) -> _Taken:
    _, graph = _shipped()
    phrases = [phrase for names in own.values() for phrase, _ in names]
    found = {phrase: (" ".join(tokens(phrase)), graph.meaning(tokens(phrase))) for phrase in phrases}
    return {phrase: (text, meaning) for phrase, (text, meaning) in found.items() if meaning and meaning.in_scope}


def _said_in_a_sentence(own: Mapping[str, Phrases]) -> _Taken:
    intents, graph = _shipped()
    entries: dict[str, tuple[str, str]] = {}
    lists = dict(intents.slot_lists)
    for name, phrases in own.items():
        marks = {f"own {name} {number}": entry for number, entry in enumerate(phrases)}
        entries |= marks
        if phrases:
            marked = [(phrase, mark) for mark, (phrase, _) in marks.items()]
            lists[name] = TextSlotList.from_tuples(marked, allow_template=False, name=name)
    with_own = compile_grammar(replace(intents, slot_lists=lists))
    found: _Taken = {}
    for words, mine in sorted(_shared(with_own, graph), key=lambda pair: (len(pair[0]), pair[0])):
        names = [entries[value][0] for _, value in mine.slots if value in entries]
        slots = tuple((slot, entries[value][1] if value in entries else value) for slot, value in mine.slots)
        other = graph.meaning(words)
        if names and other and other != Meaning(mine.intent, slots):
            found.setdefault(names[0], (" ".join(words), other))
    return found


def _shared(first: WordGraph, second: WordGraph) -> Iterator[tuple[tuple[str, ...], Meaning]]:
    """Yield a sentence of both graphs for each way to say it in the first, with its meaning there."""
    seen: set[tuple[int, Slots, int]] = set()
    waiting: list[tuple[int, Slots, int, tuple[str, ...]]] = [(0, (), 0, ())]
    while waiting:
        here, slots, there, words = waiting.pop()
        if (here, slots, there) in seen:
            continue
        seen.add((here, slots, there))
        if second.endings[there]:
            for ending in first.endings[here]:
                yield words, Meaning(ending.intent, tuple(sorted({*slots, *ending.slots})))
        for arc in first.arcs[here]:
            for other in second.arcs[there]:
                if arc.word == other.word:
                    waiting.append((arc.target, slots + arc.slots, other.target, (*words, arc.word)))
