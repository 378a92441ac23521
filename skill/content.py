"""What the coach says, knows and understands, read from YAML: every problem with file, line and remedy."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from hassil.expression import Expression, Sentence
from hassil.intents import IntentData, Intents, SlotList, TextSlotList

from skill.errors import ContentError
from skill.language_file import Key, LanguageFiles
from skill.problems import Place, Problems, Text, suggestion
from skill.routine import Routine
from skill.routine_file import RoutineFiles
from skill.template import Names, may_be_silent, references, words_of
from skill.yaml_marks import shown

CONTEXTS = ("idle", "asking", "introducing", "instructing", "getting_ready", "holding", "paused")
"""What templates may name under `requires_context: state`."""

Phrases = list[tuple[str, str]]
"""(spoken phrase, value) pairs of a slot list."""


@dataclass(frozen=True)
class Language:
    """What people may say, and what the coach answers."""

    intents: Intents
    """The templates with all their slot lists."""

    responses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Key -> variants of a text with {placeholders}; empty for folders that are not the coach's."""

    places: Mapping[Key, Place] = field(default_factory=dict)
    """Where each ("sentence", intent, template), ("value", list, phrase), ("list", name), ("rule", name) stands."""


def shipped_routine_files() -> list[Path]:
    """Return the routine files that come with the coach; users' own files are loaded together with them."""
    folder = Path(str(resources.files("skill.routines")))
    return sorted(folder.glob("*.yaml"))


def load_routines(files: Iterable[Path] | None = None) -> dict[str, Routine]:
    """Read routine files together (the shipped ones by default): routine id -> Routine.

    Raises ContentError with one line a problem.
    """
    reading = RoutineFiles()
    for file in shipped_routine_files() if files is None else files:
        reading.read(Path(file))
    return reading.routines()


def stretch_list(routines: Mapping[str, Routine]) -> Phrases:
    """Return every name and alias of every stretch with the stretch's id."""
    stretches = (stretch for routine in routines.values() for stretch in routine.stretches)
    return list(dict.fromkeys((phrase, s.id) for s in stretches for phrase in (s.name, *s.aliases)))


def routine_list(routines: Mapping[str, Routine]) -> Phrases:
    """Return every name and alias of every routine with the routine's id."""
    return [(phrase, r.id) for r in routines.values() for phrase in (r.name, *r.aliases)]


def load_language(
    folder: Path | None = None,
    lists: Mapping[str, Phrases] | None = None,
    contexts: Collection[str] | None = None,
) -> Language:
    """Read a folder of hassil templates (*.yaml, at any depth; or one file); by default the coach's own.

    `lists` are further slot lists; the coach's own templates use those of its routines unless given.
    `contexts` are the states that templates may name. They are CONTEXTS for the coach's own; None allows any name, and
    takes a folder as hassil does: intents may be spread over files, and responses are left alone.
    Raises ContentError with one line a problem.
    """
    if folder is None:
        folder = Path(str(resources.files("skill.intents"))) / "en"
        contexts = CONTEXTS if contexts is None else contexts
        lists = _shipped_lists() if lists is None else lists
    reading = LanguageFiles(contexts)
    for file in _language_files(folder):
        reading.read(file)
    start = Place(shown(folder), 1)
    if not reading.merged["intents"] and not reading.problems.found:
        reading.problems.add(start, "no intents in this folder; name a folder of hassil templates.")
    if "language" not in reading.merged and not reading.problems.found:
        reading.problems.add(start, 'no file names its language; add a line such as "language: en".')
    reading.problems.check()
    intents = Intents.from_dict(reading.merged)
    places = dict(reading.places)
    _add_lists(intents, lists or {}, places, reading.problems)
    language = Language(intents, dict(reading.responses), places)
    _check_references(language, reading.problems, strict=reading.strict)
    reading.problems.check()
    return language


def _shipped_lists() -> dict[str, Phrases]:
    routines = load_routines()
    return {"stretch": stretch_list(routines), "routine": routine_list(routines)}


def _language_files(folder: Path) -> list[Path]:
    if folder.is_file():
        return [folder]
    files = sorted(folder.rglob("*.yaml")) if folder.is_dir() else []
    if not files:
        raise ContentError(f"{shown(folder)}: no .yaml files here; name a folder of hassil templates.")
    return files


def _add_lists(intents: Intents, lists: Mapping[str, Phrases], places: dict[Key, Place], problems: Problems) -> None:
    for name, phrases in lists.items():
        if name in intents.slot_lists:
            problems.add(places["list", name], f"list {{{name}}} is filled by the program; rename this one.")
            continue
        intents.slot_lists[name] = TextSlotList.from_tuples(phrases, allow_template=False, name=name)
        for phrase, _ in phrases:
            place = phrase.place if isinstance(phrase, Text) else None
            if place is not None:
                places.setdefault(("value", name, phrase), place)


@dataclass(frozen=True)
class _Part:
    """A template, rule or list value, with the names that are known where it stands."""

    expression: Expression
    place: Place
    what: str
    names: Names
    sentence: bool = False


def _parts(language: Language) -> Iterator[_Part]:
    """Yield every template, rule and list value of a language."""
    intents = language.intents
    top = Names(intents.expansion_rules, intents.slot_lists)
    yield from _named_parts(language, top.rules, top.lists, top, ())
    for name, intent in intents.intents.items():
        for number, block in enumerate(intent.data):
            names = _block_names(intents, block)
            scope = (name, str(number))
            yield from _named_parts(language, block.expansion_rules, block.slot_lists, names, scope)
            for sentence in block.sentences:
                place = language.places["sentence", name, sentence.text or ""]
                yield _Part(sentence.expression, place, f'intent "{name}"', names, sentence=True)


def _block_names(intents: Intents, block: IntentData) -> Names:
    return Names({**intents.expansion_rules, **block.expansion_rules}, {**intents.slot_lists, **block.slot_lists})


def _named_parts(
    language: Language, rules: Mapping[str, Sentence], lists: Mapping[str, SlotList], names: Names, scope: Key
) -> Iterator[_Part]:
    for rule, body in rules.items():
        yield _Part(body.expression, language.places["rule", *scope, rule], f"rule <{rule}>", names)
    for name, slot_list in lists.items():
        fallback = language.places.get(("list", *scope, name), Place(f"list {{{name}}}", 1))
        for value in slot_list.values if isinstance(slot_list, TextSlotList) else ():
            key = ("value", name, getattr(value.text_in, "original_text", ""))
            yield _Part(value.text_in, language.places.get(key, fallback), f"list {{{name}}}", names)


def _check_references(language: Language, problems: Problems, *, strict: bool) -> None:
    """Every reference must lead somewhere and not back to itself; no sentence may be silence."""
    parts = list(_parts(language))
    for part in parts:
        for kind, name in references(part.expression):
            known = part.names.rules if kind == "rule" else part.names.lists
            if name not in known:
                shown_name = f"<{name}>" if kind == "rule" else f"{{{name}}}"
                home = "expansion_rules" if kind == "rule" else "lists"
                hint = suggestion(name, known) or f"; define it under {home}"
                problems.add(part.place, f"unknown {kind} {shown_name} in {part.what}{hint}.")
    if problems.found:
        return
    for part in parts:
        circle = _circle(part.expression, part.names)
        if circle:
            problems.add(part.place, f"{part.what} leads back to itself: {' -> '.join(circle)}; cut the circle.")
    if strict and not problems.found:
        for part in parts:
            if part.sentence and may_be_silent(part.expression, part.names):
                problems.add(part.place, f"a sentence of {part.what} accepts silence; make one word required.")


def _circle(expression: Expression, names: Names) -> list[str] | None:
    """Return the chain of rules and lists that leads from an expression back to one already on it."""
    done: set[tuple[str, str]] = set()

    def follow(current: Expression, chain: list[tuple[str, str]]) -> list[tuple[str, str]] | None:
        for reference in references(current):
            if reference in chain:
                return [*chain[chain.index(reference) :], reference]
            if reference in done:
                continue
            for target in _targets(reference, names):
                found = follow(target, [*chain, reference])
                if found:
                    return found
            done.add(reference)
        return None

    circle = follow(expression, [])
    return [f"<{name}>" if kind == "rule" else f"{{{name}}}" for kind, name in circle] if circle else None


def _targets(reference: tuple[str, str], names: Names) -> list[Expression]:
    kind, name = reference
    if kind == "rule":
        return [names.rules[name].expression]
    slot_list = names.lists[name]
    return [value.text_in for value in slot_list.values] if isinstance(slot_list, TextSlotList) else []


def unknown_words(language: Language, knows: Callable[[str], bool]) -> list[str]:
    """Return a line "FILE:LINE: ..." for each word of a template that the speech model does not know.

    `knows` tells whether the model knows a word, given in lower case.
    """
    problems = Problems()
    parts = list(_parts(language))
    own = [(part, words_of(part.expression)) for part in parts]
    verdicts: dict[str, bool] = {}
    for part in parts:
        for word in words_of(part.expression, part.names) if part.sentence else ():
            if not verdicts.setdefault(word, knows(word)):
                # Said where it is written: in a rule or a list, or in the template that puts it together.
                places = {source.place for source, words in own if word in words} or {part.place}
                for place in places:
                    problems.add(
                        place, f'the speech model does not know the word "{word}"; use another spelling or word.'
                    )
    return problems.lines()
