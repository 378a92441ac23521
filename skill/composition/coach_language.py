"""The coach's compiled language: from the cache, or compiled from its files if they have changed."""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import cached_property

from skill.composition.build_cache import BuildCache, code_version, key_of
from skill.content.language import Language, load_language, own_language_files
from skill.content.routine_catalog import Phrases
from skill.hearing.compiled_language import CompiledLanguage, compile_decoding
from skill.hearing.recognizer import SpeechModel, check_words
from skill.settings import ListeningSettings
from skill.understanding.sentence_graphs import SentenceGraphs, compile_sentences, decode, encode

CODE = ("skill", "skill.composition", "skill.content", "skill.hearing", "skill.understanding")
"""Packages with code that what is kept depends on ..."""

LIBRARIES = ("hassil", "unicode-rbnf", "PyYAML")
"""... and libraries: unicode-rbnf writes the numbers of hassil's ranges as words."""


class CoachLanguage:
    """What people say to the coach and what it answers, with the names of some stretches and routines.

    Each part is read from the cache if the same code made it from the same files; otherwise it is made and kept there.
    Thread-safe.
    """

    def __init__(self, names: Mapping[str, Phrases], cache: BuildCache):
        """Take the names by slot list (`stretch`, `routine`)."""
        self._names = names
        self._cache = cache
        self._lock = threading.Lock()

    @cached_property
    def language(self) -> Language:
        """The templates themselves. Raises ContentError."""
        return load_language(lists=self._names)

    @cached_property
    def responses(self) -> dict[str, tuple[str, ...]]:
        """The coach's sentences by key. Raises ContentError."""
        rows = json.loads(self._built("responses", make=lambda: json.dumps(self.language.responses).encode()))
        return {key: tuple(variants) for key, variants in rows.items()}

    @cached_property
    def sentences(self) -> SentenceGraphs:
        """What people say. Raises ContentError."""
        made: list[SentenceGraphs] = []

        def make() -> bytes:
            made.append(compile_sentences(self.language))
            return encode(made[0])

        data = self._built("sentences", make=make)
        return made[0] if made else decode(data)

    def compiled(self, model: SpeechModel, settings: ListeningSettings) -> CompiledLanguage:
        """Return the sentences for a speech model.

        Raises ContentError, also if the model lacks a word of a sentence, and ModelError.
        """

        sentences = self.sentences  # not in `make`, where the lock is held: who makes sentences waits for it

        def make() -> bytes:
            check_words(self.language, model)
            return compile_decoding(sentences, model, settings)

        given = json.dumps(asdict(settings), default=sorted)  # sets have no order
        decoding = self._built("decoding", model.word_table_digest, given, make=make)
        return CompiledLanguage(sentences, decoding)

    def _built(self, what: str, *inputs: str, make: Callable[[], bytes]) -> bytes:
        with self._lock:
            key = key_of(what, self._made_from, *inputs)
            data = self._cache.read(key)
            if data is None:
                data = make()
                self._cache.write(key, data)
            return data

    @cached_property
    def _made_from(self) -> str:
        """A hash that changes whenever the language does."""
        texts = (part for file in own_language_files() for part in (file.name, file.read_bytes()))
        return key_of(code_version(CODE, LIBRARIES), repr(self._names), *texts)
