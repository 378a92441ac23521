"""Checks of a whole language: references that are missing or circular, and words that the speech model lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from hassil.expression import Expression, Sentence
from hassil.intents import Intents, SlotList, TextSlotList

from skill.content.language_file import Key
from skill.content.problems import Place, Problems, suggestion
from skill.content.template import Names, TooManyWords, may_be_silent, references, words_of

LONGEST_CHAIN = 50
"""Rules that lead to rules: more than that is a mistake."""

Reference = tuple[str, str]
"""("rule" or "list", name)."""


@dataclass(frozen=True)
class Part:
    """A template, rule or list value, with the names that it may refer to."""

    expression: Expression
    place: Place
    what: str
    names: Names
    sentence: bool = False


@dataclass(frozen=True)
class Templates:
    """Templates and where they are written."""

    intents: Intents
    places: Mapping[Key, Place]

    def parts(self) -> Iterator[Part]:
        """Yield every template, rule and list value."""
        intents = self.intents
        top = Names(intents.expansion_rules, intents.slot_lists)
        blocks = [(name, n, b) for name, intent in intents.intents.items() for n, b in enumerate(intent.data)]
        # A rule for all may use what each block defines for itself; what it then leads to is seen from the sentences.
        every = Names(dict(top.rules), dict(top.lists))
        local = [block for _, _, block in blocks if block.expansion_rules or block.slot_lists]
        for block in local:
            every = Names({**block.expansion_rules, **every.rules}, {**block.slot_lists, **every.lists})
        yield from self._named(top.rules, top.lists, every, ())
        for name, number, block in blocks:
            names = top
            if block.expansion_rules or block.slot_lists:
                names = Names({**top.rules, **block.expansion_rules}, {**top.lists, **block.slot_lists})
            yield from self._named(block.expansion_rules, block.slot_lists, names, (name, str(number)))
            for sentence in block.sentences:
                place = self.places["sentence", name, sentence.text or ""]
                yield Part(sentence.expression, place, f'intent "{name}"', names, sentence=True)

    def _named(
        self, rules: Mapping[str, Sentence], lists: Mapping[str, SlotList], names: Names, scope: Key
    ) -> Iterator[Part]:
        for rule, body in rules.items():
            yield Part(body.expression, self.places["rule", *scope, rule], f"rule <{rule}>", names)
        for name, slot_list in lists.items():
            what = f"list {{{name}}}"
            values = slot_list.values if isinstance(slot_list, TextSlotList) else ()
            for number, value in enumerate(values):
                place = self.places.get(("value", *scope, name, str(number)), Place(what, number + 1))
                yield Part(value.text_in, place, what, names)


def check_references(intents: Intents, places: Mapping[Key, Place], problems: Problems, *, strict: bool) -> None:
    """Report references that are missing or circular and, where strict, sentences that may be empty."""
    parts = list(Templates(intents, places).parts())
    sound: dict[int, set[Reference]] = {}
    for part in parts:
        wrong = _wrong_way(part.expression, part.names, sound.setdefault(id(part.names), set()))
        if wrong:
            problems.add(part.place, f"{part.what} {wrong}.")
    if strict and not problems.found:
        for part in parts:
            if part.sentence and may_be_silent(part.expression, part.names):
                problems.add(part.place, f"a sentence of {part.what} accepts silence; make one word required.")


def _wrong_way(expression: Expression, names: Names, sound: set[Reference]) -> str | None:
    """Follow all references from an expression; say what is wrong with the first bad one.

    `sound` collects the references found to lead only to words, so that each is followed once.
    """

    def follow(current: Expression, chain: tuple[Reference, ...]) -> str | None:
        for reference in references(current):
            if reference in sound:
                continue
            wrong = _broken(reference, chain, names)
            if wrong:
                return wrong
            for target in _targets(reference, names):
                wrong = follow(target, (*chain, reference))
                if wrong:
                    return wrong
            sound.add(reference)
        return None

    return follow(expression, ())


def _broken(reference: Reference, chain: tuple[Reference, ...], names: Names) -> str | None:
    kind, name = reference
    known = names.rules if kind == "rule" else names.lists
    if name not in known:
        through = f" (through {_shown(chain[-1])})" if chain else ""
        home = "expansion_rules" if kind == "rule" else "lists"
        hint = suggestion(name, known) or f"; define it under {home}"
        return f"uses the unknown {kind} {_shown(reference)}{through}{hint}"
    if reference in chain:
        circle = [*chain[chain.index(reference) :], reference]
        return f"leads back to itself ({' -> '.join(map(_shown, circle))}); cut the circle"
    if len(chain) >= LONGEST_CHAIN:
        return f"goes through more than {LONGEST_CHAIN} rules one after the other; simplify it"
    return None


def _shown(reference: Reference) -> str:
    kind, name = reference
    return f"<{name}>" if kind == "rule" else f"{{{name}}}"


def _targets(reference: Reference, names: Names) -> list[Expression]:
    kind, name = reference
    if kind == "rule":
        return [names.rules[name].expression]
    slot_list = names.lists[name]
    return [value.text_in for value in slot_list.values] if isinstance(slot_list, TextSlotList) else []


def check_words(
    intents: Intents, places: Mapping[Key, Place], knows: Callable[[str], bool], problems: Problems
) -> None:
    """Report each word of a sentence that `knows` does not know, where it is written."""
    parts = list(Templates(intents, places).parts())
    verdicts: dict[str, bool] = {}
    unknown: list[tuple[str, Part]] = []
    for part in parts:
        if part.sentence:
            words = _words(part, part.names)
            if words is None:
                problems.add(part.place, f"{part.what} builds too many words out of letters; write words whole.")
            unknown += [(word, part) for word in words or () if not verdicts.setdefault(word, knows(word))]
    if not unknown:
        return
    written = [(part.place, _words(part, None) or frozenset()) for part in parts]
    for word, sentence in unknown:
        # In rules, lists and sentences, or in the sentence that puts it together.
        for place in {place for place, words in written if word in words} or {sentence.place}:
            message = f'the speech model does not know the word "{word}"; use another spelling or word.'
            problems.add(place, message)


def _words(part: Part, names: Names | None) -> frozenset[str] | None:
    try:
        return words_of(part.expression, names)
    except TooManyWords:
        return None
