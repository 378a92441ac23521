"""Settings of the parts that can be used by themselves: frozen values, each with its unit."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ListeningSettings:
    """From speech to a decision. Only the two sets of names depend on the language of commands.

    Penalties, margins and beams are in nats: differences of natural log likelihoods, the decoder's unit.
    """

    # Penalties in the decoding graph

    filler_penalties: tuple[float, ...] = (7.0, 4.5)
    """Penalties of the first filler word, the second one and so on, in nats; the last value holds for all further ones.
    Lower values reject more of what is not a command."""

    in_grammar_penalty: float = 3.0
    """Additional penalty, in nats, of a filler word that also occurs in the sentences: a badly pronounced command is
    likelier."""

    second_word_penalty: float = 3.0
    """Penalty of the second word of a sentence, in nats: one long word must not be recognised as a short sentence."""

    silence_penalty: float = 4.0
    """Penalty of no word at all, in nats, since there was a sound."""

    hesitation_penalty: float = 6.0
    """Penalty of a hesitation ("um") inside a sentence, in nats."""

    # From hypotheses to a decision

    inactive_context_penalty: float = 4.0
    """Penalty of a hypothesis that is a sentence only in a context that is not active now, in nats."""

    hypothesis_beam: float = 5.0
    """Hypotheses that are less likely than the best one by more than this are dropped, nats."""

    confidence_slope: float = 0.2
    """Confidence per nat: factor on a margin in nats before the logistic function. Far below 1, since neighbouring
    frames of 10 ms are not independent."""

    min_confidence: float = 0.53
    """Minimum confidence, from 0 to 1, of an accepted utterance."""

    second_pass_margin: float = 2.0
    """If the log likelihoods of the likeliest meaning and the likeliest other hypothesis differ by less than this, in
    nats, the utterance is decoded a second time."""

    # Commands that are only a part of other talk

    embedded_check_contexts: frozenset[str] = frozenset()
    """Contexts in which people talk to each other more than they give commands: in these, a short sentence counts only
    if nothing was said directly before it or between its words."""

    embedded_max_words: int = 3
    """Most words of a sentence that is checked for this; a longer one is not said by chance."""

    embedded_max_hesitations: int = 2
    """Most hesitations ("um") in such a sentence; more of them are other words, misheard."""

    embedded_level_db: float = 6.0
    """Sound next to a sentence counts as speech if it is quieter than the sentence's words by less than this, dB."""

    embedded_before_ms: int = 100
    """A sentence is a part of other talk if at least this much such sound comes directly before it, milliseconds.
    Urgent intents are exempt: a cry may precede "stop"."""

    embedded_between_ms: int = 200
    """The same between its words; longer because of reverberation."""

    after_talk_min_confidence: float = 0.62
    """Minimum confidence in these contexts of a sentence that follows other talk after a gap: talk pauses too."""

    # End of an utterance

    urgent_intents: frozenset[str] = frozenset()
    """Intents that are decided at once, although more words could still change their meaning."""

    complete_delay_ms: int = 160
    """Endpointing delay, in milliseconds of silence, after a sentence whose meaning no further word could change."""

    urgent_delay_ms: int = 200
    """The same after a sentence with an urgent intent."""

    extendable_delay_ms: int = 500
    """The same after a sentence that may go on with another meaning ("repeat", "repeat cow pose")."""

    unfinished_delay_ms: int = 1300
    """The same after the beginning of a sentence."""

    filler_delay_ms: int = 500
    """The same after words that are no sentence."""

    continuation_ms: int = 1300
    """Further words extend a sentence that may go on if they begin within this silence after it, milliseconds."""

    max_utterance_ms: int = 10_000
    """Longest utterance, milliseconds: then it is decided even if it goes on."""


@dataclass(frozen=True)
class VoiceSettings:
    """How text is spoken."""

    voice: str = "gmw/en-us"
    """Voice id of the speech engine; a part of the name is enough."""

    rate: int = 150
    """Words a minute."""
