"""The course of a stretch: the steps that the coach takes through it, one after the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import dropwhile, islice

from skill.content.responses import Responses
from skill.content.routine import Routine, Stretch, swapped

GAP_MS = 2_500
"""Between two instructions: with the sentence itself about a breath."""

SHORT_GAP_MS = 700
"""After a name or a cue that needs no movement."""

MOVE_GAP_MS = 4_000
"""After a cue to change the position of the whole body."""

REST_MS = 5_000
"""Between two repetitions of a hold: to let go and rest ..."""

AGAIN_MS = 4_000
"""... and then to come into the position again."""

READY_MS = 20_000
"""How long the coach waits for "ready" before it goes on by itself."""

HALF_WAY_FROM_MS = 30_000
"""Holds of this length and more say when half of it is over."""

TICKS_MS = (3_000, 2_000, 1_000)
"""Before the end of a hold: one quiet tick each."""


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

    part: str
    """`name`, `cue`, `instruction` (left out where few words are wanted), `easier`, `ready`, `again`, `hold` or
    `release`."""

    stretch: str
    line: str
    ms: int
    """How long after the line; for a hold its length."""

    side: str | None = None
    marks: tuple[Mark, ...] = ()
    key: str = ""
    """The response with which this step begins, for counting its variants; empty: the line is the routine's own."""


@dataclass(frozen=True)
class StepOptions:
    """How a stretch is done this time."""

    easier: bool = False
    came_from: str = "start"
    """Position of the body before; `start` at the beginning."""

    speed: float = 1.0
    """A breath takes 1 / speed of its usual time."""

    extra: int = 0
    """Milliseconds by which holds are longer than usual; negative: shorter."""

    variety: tuple[tuple[str, int], ...] = ()
    """(response key, how often it has been said): what was said last is not said next."""

    skip: int = 0
    """Steps after the introduction that are left out: they were done before the routine was broken off."""

    remind: bool = False
    """Whether, in spite of that, a hold begins with the instructions: they were heard in another session."""

    sides_done: int = 0
    """Sides that were done before the easier version was asked for: it is for the others."""


USUAL = StepOptions()

SHORTEST_HOLD_MS = 5_000
LONGEST_HOLD_MS = 600_000


def steps(routine: Routine, index: int, options: StepOptions, say: Responses) -> tuple[Step, ...]:
    """Return the steps of one stretch of a routine, in their order."""
    return tuple(_Course(routine, index, options, say).steps())


class _Course:
    """Puts the steps of one stretch together."""

    def __init__(self, routine: Routine, index: int, options: StepOptions, say: Responses):
        self._routine = routine
        self._index = index
        self._stretch = routine.stretches[index]
        self._options = options
        self._responses = say
        self._said = dict(options.variety)

    def steps(self) -> Iterator[Step]:
        """Yield all of them."""
        yield from self._introduction()
        left = islice(self._in_position(), self._options.skip, None)
        yield from self._after_a_break(left) if self._options.skip else left

    def _after_a_break(self, left: Iterator[Step]) -> Iterator[Step]:
        """Who comes back between two repetitions is not nearly in position: wait for "ready" before the next one.

        What was explained in another session is explained again, for the side that comes next.
        """
        steps = [*left]
        first = steps[0]
        if first.part == "again":
            steps[:1] = self._spoken("getting_ready", "ready", "ready", READY_MS, first.side)
        if self._options.remind and first.part != "release":
            if first.key == "other_side":
                yield steps.pop(0)
            sides = self._stretch.hold.sides
            yield from self._instructions(sides.index(first.side) if first.side else 0)
            steps = [*dropwhile(lambda step: step.part in ("instruction", "easier"), steps)]
        yield from steps

    def _in_position(self) -> Iterator[Step]:
        done = self._options.sides_done
        yield from self._instructions(done)
        for number, side in enumerate((self._stretch.hold.sides or (None,))[done:]):
            if number:
                yield from self._spoken("getting_ready", "ready", "other_side", SHORT_GAP_MS, side, side=side or "")
            yield from self._spoken("getting_ready", "ready", "ready", READY_MS, side)
            yield from self._holds(side)

    def _holds(self, side: str | None) -> Iterator[Step]:
        """Yield the hold, as often as it is repeated, with a short rest between."""
        for number in range(self._stretch.hold.repeat, 0, -1):
            yield self._hold(side)
            yield from self._spoken("instructing", "release", "release", REST_MS if number > 1 else GAP_MS, side)
            if number > 1:
                yield from self._spoken("getting_ready", "again", "once_more", AGAIN_MS, side)

    def _say(self, key: str, **fields: str) -> tuple[str, ...]:
        number = self._said.get(key, 0)
        self._said[key] = number + 1
        return self._responses(key, variant=number, **fields)

    def _spoken(
        self, kind: str, part: str, key: str, ms: int, at_side: str | None = None, **fields: str
    ) -> Iterator[Step]:
        """Yield a response, one step a sentence; the time comes after the last."""
        lines = self._say(key, **fields)
        for number, line in enumerate(lines, 1):
            pause = ms if number == len(lines) else SHORT_GAP_MS
            yield Step(kind, part, self._stretch.id, line, pause, at_side, key=key if number == 1 else "")

    def _introduction(self) -> Iterator[Step]:
        stretch = self._stretch
        number, total = spoken_number(self._index + 1), spoken_number(len(self._routine.stretches))
        fields = {"number": number, "total": total, "stretch": stretch.name}
        yield from self._spoken("introducing", "name", "introduce", SHORT_GAP_MS, **fields)
        position = stretch.position_when(self._options.easier)
        for line in self._routine.cue(self._options.came_from, position):
            yield Step("introducing", "cue", stretch.id, line, MOVE_GAP_MS)

    def _instructions(self, side: int) -> Iterator[Step]:
        """Yield the instructions for one of the sides, by its number."""
        easier = self._options.easier
        for line in self._stretch.easier if easier else self._stretch.instructions:
            text = _for_side(line, self._stretch.hold.sides, side)
            yield Step("instructing", "easier" if easier else "instruction", self._stretch.id, text, GAP_MS)

    def _hold(self, side: str | None) -> Step:
        stretch, hold = self._stretch, self._stretch.hold
        ms = hold_ms(self._routine, stretch, self._options)
        breath = breath_ms(self._routine, self._options)
        if hold.rounds:
            key, count = "rounds", ms // breath
            marks = self._round_marks(ms)
        else:
            marks = _hold_marks(ms, self._responses)
            if hold.breaths and not self._options.extra:
                key, count = "hold_breaths" if hold.breaths > 1 else "hold_breath", hold.breaths
            else:
                key, count = "hold_seconds", round(ms / 1000)
        line = " ".join(self._say(key, count=spoken_number(count)))
        return Step("holding", "hold", stretch.id, line, ms, side, marks, key)

    def _round_marks(self, ms: int) -> tuple[Mark, ...]:
        """Return a cue for every half breath: in for this stretch, out for the other one; and the ticks.

        Nothing is said half way: that is always the moment of a cue.
        """
        stretch = self._stretch
        other = stretch.hold.alternate_with or stretch.id
        names = {s.id: s.name for s in self._routine.stretches}
        breath = breath_ms(self._routine, self._options)
        breathe_in = " ".join(self._responses("breathe_in", stretch=stretch.name))
        breathe_out = " ".join(self._responses("breathe_out", stretch=names.get(other, other.replace("_", " "))))
        cues = []
        for start in range(0, ms, breath):
            cues.append(Mark(start, line=breathe_in, stretch=stretch.id))
            cues.append(Mark(start + breath // 2, line=breathe_out, stretch=other))
        timed = sorted((*cues, *_ticks(ms)), key=lambda mark: mark.at)
        return (Mark(0, sound="begin"), *timed, Mark(ms, sound="end"))


def _ticks(ms: int) -> tuple[Mark, ...]:
    return tuple(Mark(ms - left, sound="tick") for left in TICKS_MS if left < ms)


def _for_side(line: str, sides: tuple[str, ...], number: int) -> str:
    """Return an instruction for one of the sides. As they are written, they are for the first."""
    return swapped(line, sides[0], sides[number]) if number else line


def _hold_marks(ms: int, say: Responses) -> tuple[Mark, ...]:
    half = [Mark(ms // 2, line=" ".join(say("half_way")))] if ms >= HALF_WAY_FROM_MS else []
    return (Mark(0, sound="begin"), *half, *_ticks(ms), Mark(ms, sound="end"))


def breath_ms(routine: Routine, options: StepOptions = USUAL) -> int:
    """Return the length of a breath in milliseconds, an even number."""
    return 2 * round(routine.breath * 500 / options.speed)


def hold_ms(routine: Routine, stretch: Stretch, options: StepOptions = USUAL) -> int:
    """Return the length of one hold of a stretch in milliseconds; an alternation has whole breaths."""
    hold = stretch.hold
    breath = breath_ms(routine, options)
    if hold.rounds:
        least = min(hold.rounds, -(-SHORTEST_HOLD_MS // breath))
        return breath * max(least, hold.rounds + round(options.extra / breath))
    usual = round(1000 * hold.seconds) if hold.seconds else breath * (hold.breaths or 1)
    return max(min(usual, SHORTEST_HOLD_MS), usual + options.extra)


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
