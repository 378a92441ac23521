"""The course of a stretch: the steps that the coach takes through it, one after the other."""

from dataclasses import dataclass
from itertools import pairwise

from skill.responses import Responses
from skill.routine import Routine, Stretch

GAP_MS = 2_500
"""Between two instructions: with the sentence itself about a breath."""

SHORT_GAP_MS = 700
"""After a name or a cue that needs no movement."""

MOVE_GAP_MS = 4_000
"""After a cue to change the position of the whole body."""

READY_MS = 20_000
"""How long the coach waits for "ready" before it goes on by itself."""

HALF_WAY_FROM_MS = 30_000
"""Holds of this length and more say when half of it is over."""

TICKS_MS = (3_000, 2_000, 1_000)
"""Before the end of a hold: one quiet tick each."""

WORD_MS = 400
"""A spoken word, for telling how long a routine takes."""


@dataclass(frozen=True)
class Mark:
    """Something that happens at a moment of a hold."""

    at: int
    """Milliseconds after the beginning of the hold."""

    sound: str | None = None
    line: str | None = None
    stretch: str | None = None
    """The stretch that is being done from this moment on, where two alternate."""


@dataclass(frozen=True)
class Step:
    """A line and the time that follows it."""

    kind: str
    """The state in which the session is meanwhile: introducing, instructing, getting_ready or holding."""

    stretch: str
    line: str
    ms: int
    """How long after the line; for a hold its length."""

    side: str | None = None
    marks: tuple[Mark, ...] = ()


def steps(routine: Routine, index: int, easier: bool, came_from: str, say: Responses) -> tuple[Step, ...]:
    """Return the steps of one stretch of a routine, in their order.

    `came_from` is the position of the body before (`start` at the beginning), `easier` asks for the easier version.
    """
    stretch = routine.stretches[index]
    return (
        *_introduction(routine, index, came_from, say),
        *_instructions(stretch, easier),
        *_holds(routine, stretch, say),
    )


def _introduction(routine: Routine, index: int, came_from: str, say: Responses) -> list[Step]:
    stretch = routine.stretches[index]
    name = say(
        "introduce",
        number=str(index + 1),
        total=str(len(routine.stretches)),
        stretch=stretch.name,
        variant=index,
    )
    cue = routine.cue(came_from, stretch.position)
    return [
        *(Step("introducing", stretch.id, line, SHORT_GAP_MS) for line in name),
        *(Step("introducing", stretch.id, line, MOVE_GAP_MS) for line in cue),
    ]


def _instructions(stretch: Stretch, easier: bool) -> list[Step]:
    lines = stretch.easier if easier else stretch.instructions
    return [Step("instructing", stretch.id, line, GAP_MS) for line in lines]


def _holds(routine: Routine, stretch: Stretch, say: Responses) -> list[Step]:
    """Return the holds of all sides, each after a moment to get ready, and the way out of the last."""
    found = []
    for number, side in enumerate(stretch.hold.sides or (None,)):
        ready = say("ready") if number == 0 else say("other_side", side=side or "")
        found += [
            Step("getting_ready", stretch.id, line, READY_MS if last else SHORT_GAP_MS, side)
            for line, last in _with_last(ready)
        ]
        found.append(_hold(routine, stretch, side, say))
        found += [Step("instructing", stretch.id, line, GAP_MS, side) for line in say("release")]
    return found


def _hold(routine: Routine, stretch: Stretch, side: str | None, say: Responses) -> Step:
    hold = stretch.hold
    ms = hold_ms(routine, stretch)
    if hold.rounds:
        line = say("rounds", count=spoken_number(hold.rounds))
        marks = _round_marks(routine, stretch, say)
    else:
        if hold.breaths:
            line = say("hold_breaths" if hold.breaths > 1 else "hold_breath", count=spoken_number(hold.breaths))
        else:
            line = say("hold_seconds", count=spoken_number(round(hold.seconds or 0)))
        marks = _hold_marks(ms, say)
    return Step("holding", stretch.id, " ".join(line), ms, side, marks)


def _hold_marks(ms: int, say: Responses) -> tuple[Mark, ...]:
    half = [Mark(ms // 2, line=" ".join(say("half_way")))] if ms >= HALF_WAY_FROM_MS else []
    ticks = [Mark(ms - left, sound="tick") for left in TICKS_MS if left < ms]
    return (Mark(0, sound="begin"), *half, *ticks, Mark(ms, sound="end"))


def _round_marks(routine: Routine, stretch: Stretch, say: Responses) -> tuple[Mark, ...]:
    """Return a cue for every half breath: in for this stretch, out for the other one."""
    other = stretch.hold.alternate_with or stretch.id
    names = {s.id: s.name for s in routine.stretches}
    half = round(routine.breath * 500)
    breathe_in = " ".join(say("breathe_in", stretch=stretch.name))
    breathe_out = " ".join(say("breathe_out", stretch=names.get(other, other.replace("_", " "))))
    cues = []
    for number in range(stretch.hold.rounds or 0):
        cues.append(Mark(2 * number * half, line=breathe_in, stretch=stretch.id))
        cues.append(Mark((2 * number + 1) * half, line=breathe_out, stretch=other))
    return (Mark(0, sound="begin"), *cues, Mark(hold_ms(routine, stretch), sound="end"))


def hold_ms(routine: Routine, stretch: Stretch) -> int:
    """Return the length of one hold of a stretch in milliseconds."""
    hold = stretch.hold
    if hold.seconds:
        return round(1000 * hold.seconds)
    breath = 2 * round(routine.breath * 500)
    return breath * (hold.breaths or hold.rounds or 1)


def minutes(routine: Routine, say: Responses) -> int:
    """Return about how long a routine takes, in minutes, when every "ready" comes after half of its time."""
    total = 0
    positions = ["start", *(s.position for s in routine.stretches)]
    for index, (before, _) in enumerate(pairwise(positions)):
        for step in steps(routine, index, False, before, say):
            total += WORD_MS * len(step.line.split())
            total += step.ms // 2 if step.kind == "getting_ready" else step.ms
    return max(1, round(total / 60_000))


def _with_last(lines: tuple[str, ...]) -> list[tuple[str, bool]]:
    return [(line, number == len(lines) - 1) for number, line in enumerate(lines)]


_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def spoken_number(number: int) -> str:
    """Return a number below a hundred in words, a larger one in digits."""
    if number < 20:
        return _ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens] + (f" {_ONES[ones]}" if ones else "")
    return str(number)
