"""Sentence templates: their syntax, their references and their words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from hassil.expression import (
    Alternative,
    Expression,
    Group,
    ListReference,
    Permutation,
    RuleReference,
    Sentence,
    TextChunk,
)
from hassil.intents import SlotList, TextSlotList
from hassil.parse_expression import parse_sentence
from hassil.parser import DELIM, ESCAPE_CHAR, ParseError

from skill.content.tokenizer import bare, spaced

_CLOSING = {end: start for start, end in DELIM.items()}
MAX_NESTING = 30
MAX_WORDS = 50_000


def template_error(text: str) -> str | None:
    """Say why a template does not parse, or None when it does."""
    wrong = _bracket_error(text)
    if wrong:
        return wrong
    if re.search(r"\(\s*\)|\[\s*\]|\{\s*\}|<\s*>", text):
        return "has empty brackets; fill or delete them"
    try:
        expression = parse_sentence(text).expression
    except (ParseError, AssertionError, ValueError, IndexError):
        return "does not parse; check its brackets, | and ;"
    return _range_error(expression)


def _range_error(expression: Expression) -> str | None:
    """Numbers may stand in a template itself, as {1..10:minutes}."""
    if isinstance(expression, ListReference) and expression.is_inline_range:
        start, stop, step = expression.get_inline_range() or (0, 0, 1)
        if start > stop or step < 1:
            return f"has the empty range {start}..{stop}; write the smaller number first, and a step from 1"
    items = expression.items if isinstance(expression, Group) else []
    return next((wrong for wrong in map(_range_error, items) if wrong), None)


def _bracket_error(text: str) -> str | None:
    stack: list[str] = []
    escaped = False
    for character in text:
        if escaped:
            escaped = False
        elif character == ESCAPE_CHAR:
            escaped = True
        elif character in DELIM:
            stack.append(character)
            if len(stack) > MAX_NESTING:
                return "is nested too deeply; use rules"
        elif character in _CLOSING:
            if not stack or stack[-1] != _CLOSING[character]:
                return f'has a "{character}" that was never opened; add "{_CLOSING[character]}" or delete it'
            stack.pop()
    if stack:
        return f'has a "{stack[-1]}" that is never closed; add "{DELIM[stack[-1]]}"'
    return None


def references(expression: Expression) -> Iterator[tuple[str, str]]:
    """Yield ("rule", name) and ("list", name) for all that an expression refers to."""
    if isinstance(expression, RuleReference):
        yield "rule", expression.rule_name
    elif isinstance(expression, ListReference):
        if not expression.is_inline_range:
            yield "list", expression.list_name
    elif isinstance(expression, Group):
        for item in expression.items:
            yield from references(item)


@dataclass(frozen=True)
class Names:
    """What references in a template may lead to."""

    rules: Mapping[str, Sentence]
    lists: Mapping[str, SlotList]


@dataclass(frozen=True)
class Pieces:
    """The words of a set of texts, as far as they are known before its neighbours are.

    "stretch[es]" makes words out of several pieces of a template. So a set of texts is kept as the texts without a
    space (`whole`), and for those with one: the letters before the first space (`heads`), after the last (`tails`),
    and the words between (`inner`). Texts in a row then join tails and heads; nothing has to be listed out.
    """

    whole: frozenset[str]
    heads: frozenset[str] = frozenset()
    tails: frozenset[str] = frozenset()
    inner: frozenset[str] = frozenset()

    def __or__(self, other: Pieces) -> Pieces:
        return Pieces(
            self.whole | other.whole,
            self.heads | other.heads,
            self.tails | other.tails,
            self.inner | other.inner,
        )

    def __add__(self, other: Pieces) -> Pieces:
        return Pieces(
            whole=_joined(self.whole, other.whole),
            heads=self.heads | _joined(self.whole, other.heads),
            tails=other.tails | _joined(self.tails, other.whole),
            inner=self.inner | other.inner | _joined(self.tails, other.heads),
        )

    def words(self) -> frozenset[str]:
        """Return the words, when nothing precedes or follows."""
        pieces = self.whole | self.heads | self.tails | self.inner
        return frozenset(filter(None, map(bare, pieces)))


NOTHING = Pieces(frozenset({""}))
BREAK = Pieces(frozenset(), frozenset({""}), frozenset({""}))


class TooManyWords(Exception):
    """A template builds too many words out of pieces to list them."""


def _joined(first: frozenset[str], second: frozenset[str]) -> frozenset[str]:
    if len(first) * len(second) > MAX_WORDS:
        raise TooManyWords
    return frozenset(a + b for a in first for b in second)


def _text_pieces(text: str) -> Pieces:
    words = re.split(r"\s+", spaced(text))
    if len(words) == 1:
        return Pieces(frozenset(words))
    return Pieces(frozenset(), frozenset(words[:1]), frozenset(words[-1:]), frozenset(words[1:-1]))


def words_of(expression: Expression, names: Names | None = None) -> frozenset[str]:
    """Return every word in any text of an expression, in lower case.

    With `names`, rules and lists are followed (they must exist and not be circular); without, a reference counts as
    a break between words.
    """
    known: dict[tuple[str, str], Pieces] = {}

    def follow(kind: str, name: str) -> Pieces:
        if names is None:
            return BREAK
        if (kind, name) not in known:
            if kind == "rule":
                known[kind, name] = _pieces(names.rules[name].expression, follow)
            else:
                known[kind, name] = _list_pieces(names.lists.get(name), follow)
        return known[kind, name]

    return _pieces(expression, follow).words()


def _list_pieces(slot_list: SlotList | None, follow: Callable[[str, str], Pieces]) -> Pieces:
    """Number words and wildcards are nobody's spelling: a break."""
    if not isinstance(slot_list, TextSlotList):
        return BREAK
    return _any(_pieces(value.text_in, follow) for value in slot_list.values)


def _any(parts: Iterable[Pieces]) -> Pieces:
    found = Pieces(frozenset())
    for part in parts:
        found |= part
    return found


def _pieces(expression: Expression, follow: Callable[[str, str], Pieces]) -> Pieces:
    if isinstance(expression, TextChunk):
        return _text_pieces(expression.original_text)
    if isinstance(expression, RuleReference):
        return follow("rule", expression.rule_name)
    if isinstance(expression, ListReference):
        return BREAK if expression.is_inline_range else follow("list", expression.list_name)
    if isinstance(expression, Alternative):
        return _any(_pieces(item, follow) for item in expression.items)
    if isinstance(expression, Permutation):
        # Spaces stand between its parts, so their order makes no other words.
        return _any(BREAK + _pieces(item, follow) + BREAK for item in expression.items)
    found = NOTHING
    for item in expression.items if isinstance(expression, Group) else ():
        found += _pieces(item, follow)
    return found


def may_be_silent(expression: Expression, names: Names) -> bool:
    """Return whether a template also accepts no word at all."""
    if isinstance(expression, TextChunk):
        return not expression.text.strip()
    if isinstance(expression, RuleReference):
        return may_be_silent(names.rules[expression.rule_name].expression, names)
    if isinstance(expression, Alternative):
        return any(may_be_silent(item, names) for item in expression.items)
    if isinstance(expression, Group):
        return all(may_be_silent(item, names) for item in expression.items)
    return False
