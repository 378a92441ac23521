"""The course of a stretch: the steps that the coach takes through it, one after the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import dropwhile, islice

from skill.content.responses import Responses
from skill.content.routine import Routine, Stretch, swapped
from skill.dialogue.response_selection import VariantCounts
from skill.dialogue.spoken_number import spoken_number

GAP_MS = 2_500
"""Pause between two instructions: about one breath together with the sentence."""

SHORT_GAP_MS = 700
"""Pause after a name or a cue that needs no movement."""

MOVE_GAP_MS = 4_000
"""Pause after a cue to change the position of the whole body."""

REST_MS = 5_000
"""Rest between two repetitions of a hold."""

AGAIN_MS = 4_000
"""Pause after the rest, to get into position again."""

READY_MS = 20_000
"""Timeout for "ready", after which the coach goes on by itself."""

HALF_WAY_FROM_MS = 30_000
"""Minimum length of a hold in which the coach says when half of the time is over."""

TICKS_MS = (3_000, 2_000, 1_000)
"""Times before the end of a hold at which there is a quiet tick."""


@dataclass(frozen=True)
class Mark:
    """Something that happens at a moment of a hold."""

    at: int
    """Milliseconds after the beginning of the hold."""

    sound: str | None = None
    """Name of the sound that is played."""

    line: str | None = None
    """The cue that is said."""

    stretch: str | None = None
    """Id of the stretch that is done from this moment on, where two alternate."""


@dataclass(frozen=True)
class Step:
    """A line and the time that follows it."""

    kind: str
    """The state of the dialogue during this step: introducing, instructing, getting_ready or holding."""

    part: str
    """`name`, `cue`, `instruction` (left out where few words are wanted), `easier`, `ready`, `again`, `hold` or
    `release`."""

    stretch: str
    """Id of the stretch."""

    line: str
    """The sentence with which the step begins."""

    ms: int
    """Milliseconds that the step lasts after its line; for a hold its length."""

    side: str | None = None
    """The side that is stretched; None if there is only one."""

    marks: tuple[Mark, ...] = ()
    """What happens during a hold, in order of time."""

    key: str = ""
    """Key of the response with which this step begins, for counting its variants; empty: the line is the routine's."""


@dataclass(frozen=True)
class StepOptions:
    """How a stretch is done this time."""

    easier: bool = False
    """In its easier version."""

    came_from: str = "start"
    """Position of the body before this stretch; `start` at the beginning."""

    extra_ms: int = 0
    """Milliseconds by which holds are longer than usual; negative: shorter."""

    variant_counts: VariantCounts = ()
    """Which variant of each response comes next, as of the beginning of the stretch."""

    steps_done: int = 0
    """Steps after the introduction that are left out: they were done before the routine was left."""

    repeat_instructions: bool = False
    """Whether instructions are repeated although their steps were done: they were said in another session."""

    sides_done: int = 0
    """Sides that were done before the easier version was asked for: it covers only the others."""


SHORTEST_HOLD_MS = 5_000
LONGEST_HOLD_MS = 600_000
"""Limits of "hold shorter" and "hold longer"."""


def steps(
    routine: Routine, index: int, options: StepOptions, responses: Responses, speed: float = 1.0
) -> tuple[Step, ...]:
    """Return the steps of one stretch of a routine, in their order.

    `speed`: the user's pace; a breath takes 1 / speed of its usual time.
    """
    return tuple(_Course(routine, index, options, responses, speed).steps())


class _Course:
    """Builds the steps of one stretch."""

    def __init__(self, routine: Routine, index: int, options: StepOptions, responses: Responses, speed: float):
        self._routine = routine
        self._index = index
        self._stretch = routine.stretches[index]
        self._options = options
        self._responses = responses
        self._speed = speed
        self._variants = dict(options.variant_counts)

    def steps(self) -> Iterator[Step]:
        """Yield all steps."""
        yield from self._introduction()
        left = islice(self._in_position(), self._options.steps_done, None)
        yield from self._resumed(left) if self._options.steps_done else left

    def _resumed(self, left: Iterator[Step]) -> Iterator[Step]:
        """Yield the steps that are left of a stretch that is resumed.

        Between two repetitions the user is not in position any more: the next one waits for "ready". Instructions that
        were said in another session are said again, for the side that comes next.
        """
        steps = [*left]
        first = steps[0]
        if first.part == "again":
            steps[:1] = self._spoken("getting_ready", "ready", "ready", READY_MS, first.side)
        if self._options.repeat_instructions and first.part != "release":
            if first.key == "other_side":
                yield steps.pop(0)
            sides = self._stretch.hold.sides
            yield from self._instructions(sides.index(first.side) if first.side else 0)
            steps = [*dropwhile(lambda step: step.part in ("instruction", "easier"), steps)]
        yield from steps

    def _in_position(self) -> Iterator[Step]:
        """Yield the steps after the introduction: instructions and holds, one side after the other."""
        done = self._options.sides_done
        yield from self._instructions(done)
        for number, side in enumerate((self._stretch.hold.sides or (None,))[done:]):
            if number:
                yield from self._spoken("getting_ready", "ready", "other_side", SHORT_GAP_MS, side, side=side or "")
            yield from self._spoken("getting_ready", "ready", "ready", READY_MS, side)
            yield from self._holds(side)

    def _holds(self, side: str | None) -> Iterator[Step]:
        """Yield the hold as often as it is repeated, with a short rest in between."""
        for number in range(self._stretch.hold.repeat, 0, -1):
            yield self._hold(side)
            yield from self._spoken("instructing", "release", "release", REST_MS if number > 1 else GAP_MS, side)
            if number > 1:
                yield from self._spoken("getting_ready", "again", "once_more", AGAIN_MS, side)

    def _say(self, key: str, **fields: str) -> tuple[str, ...]:
        number = self._variants.get(key, 0)
        self._variants[key] = number + 1
        return self._responses(key, variant=number, **fields)

    def _spoken(
        self, kind: str, part: str, key: str, ms: int, at_side: str | None = None, **fields: str
    ) -> Iterator[Step]:
        """Yield the sentences of a response, a step for each; the time `ms` comes after the last one."""
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
        ms = hold_ms(self._routine, stretch, self._options.extra_ms, self._speed)
        breath = breath_ms(self._routine, self._speed)
        if hold.rounds:
            key, count = "rounds", ms // breath
            marks = self._round_marks(ms)
        else:
            marks = _hold_marks(ms, self._responses)
            if hold.breaths and not self._options.extra_ms:
                key, count = "hold_breaths" if hold.breaths > 1 else "hold_breath", hold.breaths
            else:
                key, count = "hold_seconds", round(ms / 1000)
        line = " ".join(self._say(key, count=spoken_number(count)))
        return Step("holding", "hold", stretch.id, line, ms, side, marks, key)

    def _round_marks(self, ms: int) -> tuple[Mark, ...]:
        """Return the cues of an alternation (breathe in for this stretch, out for the other one) and the ticks.

        "Half way" is not said: at that moment there is always a cue.
        """
        stretch = self._stretch
        other = stretch.hold.alternate_with or stretch.id
        names = {s.id: s.name for s in self._routine.stretches}
        breath = breath_ms(self._routine, self._speed)
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
    """Return an instruction for one of the sides; it is written for the first one."""
    return swapped(line, sides[0], sides[number]) if number else line


def _hold_marks(ms: int, responses: Responses) -> tuple[Mark, ...]:
    half = [Mark(ms // 2, line=" ".join(responses("half_way")))] if ms >= HALF_WAY_FROM_MS else []
    return (Mark(0, sound="begin"), *half, *_ticks(ms), Mark(ms, sound="end"))


def breath_ms(routine: Routine, speed: float = 1.0) -> int:
    """Return the length of a breath in milliseconds, an even number."""
    return 2 * round(routine.breath * 500 / speed)


def hold_ms(routine: Routine, stretch: Stretch, extra_ms: int = 0, speed: float = 1.0) -> int:
    """Return the length of one hold of a stretch in milliseconds; an alternation lasts a whole number of breaths."""
    hold = stretch.hold
    breath = breath_ms(routine, speed)
    if hold.rounds:
        least = min(hold.rounds, -(-SHORTEST_HOLD_MS // breath))
        return breath * max(least, hold.rounds + round(extra_ms / breath))
    usual = round(1000 * hold.seconds) if hold.seconds else breath * (hold.breaths or 1)
    return max(min(usual, SHORTEST_HOLD_MS), usual + extra_ms)
