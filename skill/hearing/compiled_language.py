"""A language compiled for a speech model: what a listener needs of it."""

from dataclasses import dataclass

from skill.content.language import Language
from skill.errors import ContentError
from skill.hearing.decoding_graph import decoding_graph
from skill.hearing.fst_file import encode_graph
from skill.hearing.recognizer import SpeechModel
from skill.settings import ListeningSettings
from skill.understanding.filler_words import FILLER_WORDS
from skill.understanding.sentence_graphs import SentenceGraphs, compile_sentences


@dataclass(frozen=True)
class CompiledLanguage:
    """The sentences of a language, for understanding and for decoding."""

    sentences: SentenceGraphs
    decoding: bytes
    """The decoding graph as an OpenFst file, with the numbers that the words have in the speech model."""


def compile_language(language: Language, model: SpeechModel, settings: ListeningSettings) -> CompiledLanguage:
    """Compile a language for a speech model. Raises ContentError, and ModelError if the model cannot be read."""
    sentences = compile_sentences(language)
    try:
        return CompiledLanguage(sentences, compile_decoding(sentences, model, settings))
    except ContentError as error:
        raise ContentError(f"{', '.join(language.files)}: {error}") from error


def compile_decoding(sentences: SentenceGraphs, model: SpeechModel, settings: ListeningSettings) -> bytes:
    """Return the decoding graph of sentences with common words as fillers. Raises ContentError and ModelError."""
    return encode_graph(decoding_graph(sentences.everything, model.knows, FILLER_WORDS, settings), model.words)
