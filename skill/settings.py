"""Everything that can be set, in frozen values with units."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class ListeningSettings:
    """How speech becomes a decision."""

    filler_costs: tuple[float, ...] = (7.0, 4.5)
    """Costs (negative log likelihood) of the first words of filler, the last one of every further word: lower rejects
    more of what is not meant for us."""

    in_grammar_penalty: float = 3.0
    """Added to those of words that only the sentences have."""

    length_cost: float = 3.0
    """Cost of the second word of a sentence: a short sentence must not pass for one long word."""

    context_cost: float = 4.0
    """Handicap of a sentence that is not active now, against those that are."""

    min_confidence: float = 0.53
    """Utterances understood with less confidence (0 to 1) are rejected."""

    score_scale: float = 0.2
    """Factor on differences of log likelihood before they become a confidence: 10 ms frames are not independent."""

    hypothesis_beam: float = 5.0
    """Readings are kept that are at most so much less likely than the best (natural logarithm)."""

    close_nats: float = 2.0
    """Where the likeliest meaning is at most so far before or behind the likeliest other reading, the utterance is
    decoded a second time."""

    among_others: frozenset[str] = frozenset({"idle", "holding", "paused"})
    """Contexts that last, and in which more is said to others than to the coach: a sentence counts only by itself."""

    hesitations: int = 2
    """So many of "um" may be in a sentence there."""

    beside_db: float = 6.0
    """What is at most so much quieter than the words of a sentence is a voice too, where it lies beside them."""

    before_ms: int = 100
    """So much of a voice before a sentence shows that it is a part of other talk, where it is not urgent ..."""

    between_ms: int = 200
    """... and so much in its gaps; rooms ring there."""

    part_words: int = 3
    """A sentence of more words is never such a part: nobody says so many of ours by chance."""

    quick_ms: int = 160
    """Silence after a sentence whose meaning nothing that may follow would change, until it counts."""

    urgent: frozenset[str] = frozenset({"pause", "stop", "pain", "unwell"})
    """Intents that must not wait for what may follow ..."""

    urgent_ms: int = 200
    """... and the silence after which they count."""

    open_ms: int = 500
    """Silence after a complete sentence that may go on ("repeat", "repeat cow pose"), until it counts."""

    revise_ms: int = 1300
    """Silence after an utterance that was such a sentence, within which more words still make it the longer one."""

    hesitation_ms: int = 1300
    """Silence inside a sentence after which it is given up."""

    filler_ms: int = 500
    """Silence after what is no sentence, until it is rejected."""

    longest_ms: int = 10_000
    """An utterance that goes on longer is decided as it stands."""


@dataclass(frozen=True)
class VoiceSettings:
    """How the coach speaks."""

    voice: str = "gmw/en-us"
    """Voice id of the speech engine; a part of the name is enough."""

    rate: int = 150
    """Words a minute."""


@dataclass(frozen=True)
class Settings:
    """All settings of a session."""

    listening: ListeningSettings = field(default_factory=ListeningSettings)
    voice: VoiceSettings = field(default_factory=VoiceSettings)
