"""Sentence templates compiled into a graph of words."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from hassil import Intents
from hassil.expression import (
    Alternative,
    Expression,
    Group,
    ListReference,
    Permutation,
    RuleReference,
    TextChunk,
)
from hassil.intents import IntentData, RangeSlotList, SlotList, TextSlotList
from hassil.numbers import get_rbnf_engine

from skill.content.tokenizer import bare, spaced
from skill.errors import ContentError
from skill.understanding.contexts import when
from skill.understanding.word_graph import Arc, Ending, Slots, WordGraph, merged

MAX_STATES = 200_000
"""States or arcs up to which a language is accepted: a larger one would need too much memory and time."""

MAX_PERMUTED = 6
"""Items up to which a permutation `(a;b;c)` is accepted: it needs a state for every subset of them."""

Places = Mapping[tuple[str, ...], object]
"""("sentence", intent, template) -> where it is written, printed as FILE:LINE (see content.language)."""

_PIECES = re.compile(r"\s+|[^\s]+")


class TooLarge(ContentError):
    """A template needs too many states."""


class OpenList(ContentError):
    """A template has a list that takes any words, which cannot be recognised."""


def compile_grammar(intents: Intents, places: Places | None = None) -> WordGraph:
    """Compile templates into one graph; each ending names the contexts in which its sentences are active.

    Raises ContentError if a rule or list is missing, a rule leads back to itself, a list takes any words,
    or the graph becomes too large. The message names the intent and the template, and its place by `places`.
    """
    compiler = _Compiler(intents, places or {})
    for name, intent in intents.intents.items():
        for data in intent.data:
            compiler.add(name, data)
    return _words(compiler)


@dataclass(frozen=True)
class _Step:
    """An arc between two positions in the templates: a piece of a word, a space, or nothing."""

    target: int
    piece: str = ""
    """A piece of a word; " " is a word boundary; nothing costs nothing."""

    slots: Slots = ()


@dataclass
class _Compiler:
    """Builds a graph over pieces of words from templates; position 0 is the start."""

    intents: Intents
    places: Places = field(default_factory=dict)
    steps: list[list[_Step]] = field(default_factory=lambda: [[]])
    endings: dict[int, Ending] = field(default_factory=dict)
    place: str = ""
    """What is being compiled, for messages."""

    began: int = 0
    """States before the template that is being compiled."""

    largest: tuple[int, str] = (0, "")
    """Number of states of the largest template so far, and its place."""

    def too_large(self, of_what: str) -> TooLarge:
        """Return the error that names the template that takes most."""
        rest = f"the sentences need more than {MAX_STATES} {of_what}, most for this template; split it."
        return TooLarge(f"{self._larger()[1]}: {rest}")

    def _larger(self) -> tuple[int, str]:
        return max(self.largest, (len(self.steps) - self.began, self.place))

    def add(self, name: str, data: IntentData) -> None:
        """Lay out one block of templates."""
        fixed = tuple(sorted((k, str(v)) for k, v in data.slots.items() if isinstance(v, str | int | float)))
        for text, sentence in zip(data.sentence_texts, _parsed(name, data), strict=True):
            where = self.places.get(("sentence", name, text))
            self.place = f'{where}: intent "{name}"' if where else f'intent "{name}", template "{text}"'
            self.began = len(self.steps)
            end = self.lay(sentence, 0, data, ())
            final = self.position()
            self.steps[end].append(_Step(final, " "))
            self.endings[final] = Ending(name, fixed, when(data))
            self.largest = self._larger()
            self.began = len(self.steps)

    def position(self) -> int:
        """Return a new position."""
        if len(self.steps) >= MAX_STATES:
            raise self.too_large("states")
        self.steps.append([])
        return len(self.steps) - 1

    def lay(self, part: Expression, start: int, data: IntentData, within: tuple[str, ...]) -> int:
        """Lay out an expression from a position; return the position after it."""
        if isinstance(part, TextChunk):
            return self.lay_text(part.text, start)
        if isinstance(part, RuleReference):
            return self.lay_rule(part, start, data, within)
        if isinstance(part, ListReference):
            return self.lay_list(part, start, data, within)
        if isinstance(part, Alternative):
            ends = [self.lay(item, self.branch(start), data, within) for item in part.items]
            return self.join(ends)
        if isinstance(part, Permutation):
            return self.lay_permutation(part, start, data, within)
        if isinstance(part, Group):
            for item in part.items:
                start = self.lay(item, start, data, within)
            return start
        raise ContentError(f"{self.place}: {type(part).__name__} is not supported; write it with other means.")

    def branch(self, start: int) -> int:
        """Return a new position reached from another one by nothing."""
        new = self.position()
        self.steps[start].append(_Step(new))
        return new

    def join(self, ends: Iterable[int]) -> int:
        """Return a new position to which all of these lead by nothing."""
        new = self.position()
        for end in ends:
            self.steps[end].append(_Step(new))
        return new

    def lay_text(self, text: str, start: int) -> int:
        for piece in _PIECES.findall(spaced(text)):
            new = self.position()
            self.steps[start].append(_Step(new, " " if piece.isspace() else piece))
            start = new
        return start

    def lay_rule(self, part: RuleReference, start: int, data: IntentData, within: tuple[str, ...]) -> int:
        rule = data.expansion_rules.get(part.rule_name) or self.intents.expansion_rules.get(part.rule_name)
        if rule is None:
            raise ContentError(f"{self.place}: there is no rule <{part.rule_name}>; add it to expansion_rules.")
        if part.rule_name in within:
            chain = " -> ".join(f"<{name}>" for name in (*within, part.rule_name))
            raise ContentError(f"{self.place}: the rule leads back to itself ({chain}); break the circle.")
        return self.lay(rule.expression, start, data, (*within, part.rule_name))

    def lay_list(self, part: ListReference, start: int, data: IntentData, within: tuple[str, ...]) -> int:
        values = list(self.values(part, data))
        if not values:
            raise ContentError(f"{self.place}: the list {{{part.list_name}}} is empty; give it a value.")
        ends = []
        for spoken, value in values:
            inner = self.position()
            slots = () if value is None else ((part.slot_name, value),)
            self.steps[start].append(_Step(inner, slots=slots))
            ends.append(self.lay(spoken, inner, data, (*within, f"{{{part.list_name}}}")))
        return self.join(ends)

    def values(self, part: ListReference, data: IntentData) -> Iterator[tuple[Expression, str | None]]:
        """Yield what can be said for a list reference and the value it stands for."""
        inline = part.get_inline_range()
        if inline:
            start, stop, step = inline
            yield from self.numbers(RangeSlotList(part.list_name, start, stop, step))
            return
        values: SlotList | None = data.slot_lists.get(part.list_name) or self.intents.slot_lists.get(part.list_name)
        if isinstance(values, TextSlotList):
            for item in values.values:
                yield item.text_in, None if item.value_out is None else str(item.value_out)
        elif isinstance(values, RangeSlotList):
            yield from self.numbers(values)
        elif values is None:
            raise ContentError(f"{self.place}: there is no list {{{part.list_name}}}; add it to lists.")
        else:
            raise OpenList(
                f"{self.place}: the list {{{part.list_name}}} takes any words, "
                "which cannot be recognised; give it values."
            )

    def numbers(self, values: RangeSlotList) -> Iterator[tuple[Expression, str]]:
        """Yield the numbers of a range as they are spoken."""
        engine = get_rbnf_engine(values.words_language or self.intents.language)
        for number in values.get_numbers():
            value = number if values.multiplier is None else number * values.multiplier
            spoken = dict.fromkeys(engine.format_number(number).text_by_ruleset.values())
            for words in spoken:
                if not any(c.isdigit() for c in words):
                    yield TextChunk(words), str(value)

    def lay_permutation(self, part: Permutation, start: int, data: IntentData, within: tuple[str, ...]) -> int:
        """Lay out items in any order: a position for each set of items already said."""
        size = len(part.items)
        if size > MAX_PERMUTED:
            raise TooLarge(f"{self.place}: a permutation of {size} items; {MAX_PERMUTED} are possible.")
        said = {0: self.branch(start)}
        for done in range(1, 1 << size):
            ends = [
                self.lay(part.items[i], self.branch(said[done & ~(1 << i)]), data, within)
                for i in range(size)
                if done >> i & 1
            ]
            said[done] = self.join(ends)
        return said[(1 << size) - 1]


def _parsed(name: str, data: IntentData) -> Iterator[Expression]:
    """Yield the parsed templates of a block in the order in which they are written."""
    from hassil.parse_expression import parse_sentence

    for text in data.sentence_texts:
        try:
            yield parse_sentence(text).expression
        except Exception as error:  # the parser raises several kinds, none of which names the template
            raise ContentError(f'intent "{name}", template "{text}" cannot be parsed: {error}.') from error


def _words(compiler: _Compiler) -> WordGraph:
    """Turn the graph over pieces into a minimised one over words, without empty arcs."""
    arcs: dict[int, dict[Arc, None]] = {}
    endings: dict[int, dict[Ending, None]] = {}
    waiting = [0]
    size = 0
    while waiting:
        state = waiting.pop()
        if state in arcs:
            continue
        arcs[state], endings[state] = {}, {}
        for word, target, slots in _leaving(compiler, state):
            if word:
                arcs[state][Arc(word, target, slots)] = None
                waiting.append(target)
            elif target in compiler.endings:
                ending = compiler.endings[target]
                endings[state][replace(ending, slots=ending.slots + slots)] = None
        size += len(arcs[state])
        if size > MAX_STATES:
            raise compiler.too_large("arcs")
    return merged(arcs.__getitem__, endings.__getitem__)


def _leaving(compiler: _Compiler, state: int) -> Iterator[tuple[str, int, Slots]]:
    """Yield (word, position after it, slots) for every word that can follow a word boundary.

    An ending that is reached without a word is yielded with an empty word.
    """
    seen: set[tuple[int, str, Slots]] = set()
    stack: list[tuple[int, str, Slots]] = [(state, "", ())]
    while stack:
        place = stack.pop()
        if place in seen:
            continue
        seen.add(place)
        here, word, slots = place
        if here in compiler.endings and not word:
            yield "", here, slots
        for step in reversed(compiler.steps[here]):
            if step.piece != " ":
                stack.append((step.target, word + step.piece, slots + step.slots))
                continue
            whole = bare(word)
            if whole:
                yield whole, step.target, slots + step.slots
            else:
                stack.append((step.target, "", slots + step.slots))
