"""Settings of the parts that can be used by themselves: frozen values, each with its unit."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ListeningSettings:
    """How speech becomes a decision. Nothing here depends on a language of commands but the two sets of names.

    Penalties, margins and beams are in nats: differences of natural log likelihoods, as the decoder counts them.
    """

    # How much less likely a path becomes in the decoding graph

    filler_penalties: tuple[float, ...] = (7.0, 4.5)
    """Nats for the first filler word, the second one and so on; the last value holds for all further ones. Lower values
    reject more of what is not a command."""

    in_grammar_penalty: float = 3.0
    """Nats more for a filler word that occurs only in the sentences: a badly pronounced command is likelier than it."""

    second_word_penalty: float = 3.0
    """Nats for the second word of a sentence: a short sentence must not be taken for one long word."""

    silence_penalty: float = 4.0
    """Nats for hearing no word where something sounded."""

    hesitation_penalty: float = 6.0
    """Nats for an "um" inside a sentence."""

    # From hypotheses to a decision

    inactive_context_penalty: float = 4.0
    """Nats taken off a hypothesis that is a sentence only in a context that is not active now."""

    hypothesis_beam: float = 5.0
    """Nats by which a hypothesis may be less likely than the best one and still be kept."""

    confidence_slope: float = 0.2
    """Confidence per nat: factor on a margin in nats before the logistic function. Far below 1, since neighbouring
    frames of 10 ms are not independent."""

    min_confidence: float = 0.53
    """Least confidence, from 0 to 1, with which an utterance is accepted."""

    second_pass_margin: float = 2.0
    """Nats: where the likeliest meaning leads or trails the likeliest other hypothesis by less than this, the utterance
    is decoded a second time."""

    # Commands that are only a part of other talk

    embedded_check_contexts: frozenset[str] = frozenset()
    """Contexts in which people talk to each other more than they give commands: there a short sentence counts only if
    nothing was said directly before it or between its words."""

    embedded_max_words: int = 3
    """Words up to which a sentence is checked for this; a longer one is not said by chance."""

    embedded_max_hesitations: int = 2
    """Hesitations ("um") that such a sentence may contain; more of them are other words, misheard."""

    embedded_level_db: float = 6.0
    """Decibels by which sound may be quieter than the words of the sentence and still count as speech beside it."""

    embedded_before_ms: int = 100
    """Milliseconds of such sound directly before a sentence from which it is a part of other talk. Not asked of urgent
    intents: a cry may go before "stop"."""

    embedded_between_ms: int = 200
    """The same between its words; longer, since rooms reverberate there."""

    # When an utterance is over

    urgent_intents: frozenset[str] = frozenset()
    """Intents that are decided at once, although more words could still change their meaning."""

    complete_delay_ms: int = 160
    """Milliseconds of silence that end a sentence whose meaning no further word would change."""

    urgent_delay_ms: int = 200
    """The same for a sentence with an urgent intent."""

    extendable_delay_ms: int = 500
    """The same for a sentence that may go on with another meaning ("repeat", "repeat cow pose")."""

    unfinished_delay_ms: int = 1300
    """The same for the beginning of a sentence."""

    filler_delay_ms: int = 500
    """The same for words that are no sentence."""

    continuation_ms: int = 1300
    """Milliseconds of silence after a sentence that may go on, within which further words still extend it."""

    max_utterance_ms: int = 10_000
    """Milliseconds after which an utterance is decided even if it goes on."""


@dataclass(frozen=True)
class VoiceSettings:
    """How text is spoken."""

    voice: str = "gmw/en-us"
    """Voice id of the speech engine; a part of the name is enough."""

    rate: int = 150
    """Words a minute."""
