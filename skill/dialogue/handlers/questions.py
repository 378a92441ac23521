"""Questions: answered, and the place is as it was."""

from skill.content.routine import Stretch
from skill.dialogue.course import spoken_number
from skill.dialogue.handlers.registry import answer, needs_routine, nothing_is_on, on, reply, reply_and_ask_again
from skill.dialogue.length import left_ms, whole_ms
from skill.dialogue.response_selection import counted_thing, listed, spoken_minutes
from skill.dialogue.transition import Turn
from skill.events import Heard


@on("how_to")
def how_to(turn: Turn, heard: Heard) -> None:
    """Explain a stretch in short. "What should I do?", where it hurts, is no question about the stretch."""
    asked, stretch = turn.state.asked, _stretch(turn, heard)
    if asked and asked.kind == "pain" and heard.slot("stretch") is None:
        turn.interrupt()
        turn.ask(asked, before=turn.words("pain"))
    elif stretch:
        reply(turn, stretch.how_to)
    else:
        nothing_is_on(turn)


@on("why")
def why(turn: Turn, heard: Heard) -> None:
    """Say what a stretch is commonly held to be good for."""
    stretch = _stretch(turn, heard)
    if stretch:
        reply(turn, stretch.why)
    else:
        nothing_is_on(turn)


@on("which_stretch")
@needs_routine
def which_stretch(turn: Turn, heard: Heard) -> None:
    """Name the stretch that is on, and its place in the routine."""
    state = turn.state
    assert state.routine
    side = state.current_step.side
    answer(
        turn,
        "which_side" if side else "which_stretch",
        stretch=_name(turn, state.doing() or ""),
        side=side or "",
        number=spoken_number(state.number),
        total=spoken_number(len(state.routine.stretches)),
    )


@on("whats_next")
@needs_routine
def whats_next(turn: Turn, heard: Heard) -> None:
    """Name the stretch after this one."""
    state = turn.state
    assert state.routine
    later = state.routine.stretches[state.stretch + 1 :]
    if later:
        answer(turn, "whats_next", stretch=later[0].name)
    else:
        answer(turn, "is_last", stretch=state.current.name)


@on("stretches_left")
@needs_routine
def stretches_left(turn: Turn, heard: Heard) -> None:
    """Say how many stretches come after this one."""
    state = turn.state
    assert state.routine
    later = state.routine.stretches[state.stretch + 1 :]
    if not later:
        answer(turn, "is_last", stretch=state.current.name)
    elif len(later) == 1:
        answer(turn, "one_stretch_left", stretch=later[0].name)
    else:
        answer(turn, "stretches_left", count=spoken_number(len(later)), stretch=later[-1].name)


@on("time_left")
def time_left(turn: Turn, heard: Heard) -> None:
    """Say how long the hold and the routine still take; before one is on, how long the usual one takes."""
    state = turn.state
    if state.routine is None:
        usual = state.content.default.adapted(state.conditions or frozenset())
        said = turn.words("whole_time", routine=usual.name, time=spoken_minutes(turn.words, whole_ms(state, usual)))
        reply_and_ask_again(turn, said)
        return
    minutes = spoken_minutes(turn.words, left_ms(state, turn.at))
    here = state.remaining_at(turn.at)
    if here is None:
        answer(turn, "time_left", time=minutes)
    else:
        seconds = counted_thing(turn.words, -(-here // 1000), "a_second", "seconds")
        answer(turn, "time_left_here", seconds=seconds, time=minutes)


@on("list_stretches")
def list_stretches(turn: Turn, heard: Heard) -> None:
    """Name the stretches of the routine."""
    routine = turn.state.routine or turn.state.content.default
    names = [stretch.name for stretch in routine.stretches]
    count = counted_thing(turn.words, len(names), "a_stretch", "stretches")
    reply(turn, (*turn.words("list_stretches", count=count), *listed(turn.words, names)))


@on("list_routines")
def list_routines(turn: Turn, heard: Heard) -> None:
    """Name the routines."""
    names = [routine.name for routine in turn.state.content.routines.values()]
    count = counted_thing(turn.words, len(names), "a_routine", "routines")
    reply(turn, (*turn.words("list_routines", count=count), *listed(turn.words, names)))


@on("history")
def history(turn: Turn, heard: Heard) -> None:
    """Say how often the user has stretched of late."""
    state, days = turn.state, turn.state.days_since_last
    if days is None:
        answer(turn, "no_history")
        return
    last = _day(turn, days)
    if state.this_week == 0:
        answer(turn, "history_earlier", day=last)
        return
    twice = state.this_week == 2
    times = turn.words("twice")[0] if twice else counted_thing(turn.words, state.this_week, "once", "times")
    answer(turn, "history", times=times, day=last)


@on("safety_info")
def safety_info(turn: Turn, heard: Heard) -> None:
    """Say the safety information again."""
    turn.interrupt()
    if not any(line.tells_safety for line in turn.state.answer):  # else it is being said, or about to be
        turn.reply(turn.words("safety_full"), keep=True)


@on("help")
def help_(turn: Turn, heard: Heard) -> None:
    """Say what can be said right now: the three most useful."""
    answer(turn, turn.state.help)
    more = f"more_{turn.state.mode}"
    turn.set(more=more if more in turn.state.content.responses.variants else None)


@on("more")
def more(turn: Turn, heard: Heard) -> None:
    """After help: the next three; else the first three, but not in a hold, where others talk."""
    key = turn.state.more
    if key:
        turn.set(more=None)
        answer(turn, key)
    elif turn.state.mode != "holding":
        help_(turn, heard)


def _stretch(turn: Turn, heard: Heard) -> Stretch | None:
    """Return the stretch that was named, or the one that is being done where none was."""
    wanted = heard.slot("stretch") or turn.state.doing()
    every = [turn.state.routine] if turn.state.routine else []
    for routine in (*every, *turn.state.content.routines.values()):
        for stretch in routine.stretches:
            if stretch.id == wanted:
                return stretch
    return None


def _name(turn: Turn, stretch: str) -> str:
    routine = turn.state.routine
    assert routine
    return next((s.name for s in routine.stretches if s.id == stretch), stretch.replace("_", " "))


def _day(turn: Turn, days: int) -> str:
    if days <= 0:
        return turn.words("today")[0]
    return counted_thing(turn.words, days, "yesterday", "days_ago")
