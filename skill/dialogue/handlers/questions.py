"""Questions: answered, and the place is as it was."""

from skill.content.routine import Stretch
from skill.dialogue.course import spoken_number
from skill.dialogue.handlers.registry import answer, needs_routine, nothing_is_on, on, reply, reply_and_ask_again
from skill.dialogue.length import left_ms, whole_ms
from skill.dialogue.response_selection import counted_thing, listed, spoken_minutes
from skill.dialogue.transition import Transition
from skill.events import Heard


@on("how_to")
def how_to(transition: Transition, heard: Heard) -> None:
    """Explain a stretch in short. "What should I do?", where it hurts, is no question about the stretch."""
    asked, stretch = transition.state.asked, _stretch(transition, heard)
    if asked and asked.kind == "pain" and heard.slot("stretch") is None:
        transition.interrupt()
        transition.ask(asked, before=transition.words("pain"))
    elif stretch:
        reply(transition, stretch.how_to)
    else:
        nothing_is_on(transition)


@on("why")
def why(transition: Transition, heard: Heard) -> None:
    """Say what a stretch is commonly held to be good for."""
    stretch = _stretch(transition, heard)
    if stretch:
        reply(transition, stretch.why)
    else:
        nothing_is_on(transition)


@on("which_stretch")
@needs_routine
def which_stretch(transition: Transition, heard: Heard) -> None:
    """Name the stretch that is on, and its place in the routine."""
    state = transition.state
    assert state.routine
    side = state.current_step.side
    answer(
        transition,
        "which_side" if side else "which_stretch",
        stretch=_name(transition, state.doing() or ""),
        side=side or "",
        number=spoken_number(state.number),
        total=spoken_number(len(state.routine.stretches)),
    )


@on("whats_next")
@needs_routine
def whats_next(transition: Transition, heard: Heard) -> None:
    """Name the stretch after this one."""
    state = transition.state
    assert state.routine
    later = state.routine.stretches[state.stretch + 1 :]
    if later:
        answer(transition, "whats_next", stretch=later[0].name)
    else:
        answer(transition, "is_last", stretch=state.current.name)


@on("stretches_left")
@needs_routine
def stretches_left(transition: Transition, heard: Heard) -> None:
    """Say how many stretches come after this one."""
    state = transition.state
    assert state.routine
    later = state.routine.stretches[state.stretch + 1 :]
    if not later:
        answer(transition, "is_last", stretch=state.current.name)
    elif len(later) == 1:
        answer(transition, "one_stretch_left", stretch=later[0].name)
    else:
        answer(transition, "stretches_left", count=spoken_number(len(later)), stretch=later[-1].name)


@on("time_left")
def time_left(transition: Transition, heard: Heard) -> None:
    """Say how long the hold and the routine still take; before one is on, how long the usual one takes."""
    state = transition.state
    if state.routine is None:
        usual = state.content.default.adapted(state.conditions or frozenset())
        said = transition.words(
            "whole_time", routine=usual.name, time=spoken_minutes(transition.words, whole_ms(state, usual))
        )
        reply_and_ask_again(transition, said)
        return
    minutes = spoken_minutes(transition.words, left_ms(state, transition.at))
    here = state.remaining_at(transition.at)
    if here is None:
        answer(transition, "time_left", time=minutes)
    else:
        seconds = counted_thing(transition.words, -(-here // 1000), "a_second", "seconds")
        answer(transition, "time_left_here", seconds=seconds, time=minutes)


@on("list_stretches")
def list_stretches(transition: Transition, heard: Heard) -> None:
    """Name the stretches of the routine."""
    routine = transition.state.routine or transition.state.content.default
    names = [stretch.name for stretch in routine.stretches]
    count = counted_thing(transition.words, len(names), "a_stretch", "stretches")
    reply(transition, (*transition.words("list_stretches", count=count), *listed(transition.words, names)))


@on("list_routines")
def list_routines(transition: Transition, heard: Heard) -> None:
    """Name the routines."""
    names = [routine.name for routine in transition.state.content.routines.values()]
    count = counted_thing(transition.words, len(names), "a_routine", "routines")
    reply(transition, (*transition.words("list_routines", count=count), *listed(transition.words, names)))


@on("history")
def history(transition: Transition, heard: Heard) -> None:
    """Say how often the user has stretched of late."""
    state, days = transition.state, transition.state.days_since_last
    if days is None:
        answer(transition, "no_history")
        return
    last = _day(transition, days)
    if state.this_week == 0:
        answer(transition, "history_earlier", day=last)
        return
    twice = state.this_week == 2
    times = transition.words("twice")[0] if twice else counted_thing(transition.words, state.this_week, "once", "times")
    answer(transition, "history", times=times, day=last)


@on("safety_info")
def safety_info(transition: Transition, heard: Heard) -> None:
    """Say the safety information again."""
    transition.interrupt()
    if not any(line.tells_safety for line in transition.state.answer):  # else it is being said, or about to be
        transition.reply(transition.words("safety_full"), keep=True)


@on("help")
def help_(transition: Transition, heard: Heard) -> None:
    """Say what can be said right now: the three most useful."""
    answer(transition, transition.state.help)
    more = f"more_{transition.state.mode}"
    transition.set(more=more if more in transition.state.content.responses.variants else None)


@on("more")
def more(transition: Transition, heard: Heard) -> None:
    """After help: the next three; else the first three, but not in a hold, where others talk."""
    key = transition.state.more
    if key:
        transition.set(more=None)
        answer(transition, key)
    elif transition.state.mode != "holding":
        help_(transition, heard)


def _stretch(transition: Transition, heard: Heard) -> Stretch | None:
    """Return the stretch that was named, or the one that is being done where none was."""
    wanted = heard.slot("stretch") or transition.state.doing()
    every = [transition.state.routine] if transition.state.routine else []
    for routine in (*every, *transition.state.content.routines.values()):
        for stretch in routine.stretches:
            if stretch.id == wanted:
                return stretch
    return None


def _name(transition: Transition, stretch: str) -> str:
    routine = transition.state.routine
    assert routine
    return next((s.name for s in routine.stretches if s.id == stretch), stretch.replace("_", " "))


def _day(transition: Transition, days: int) -> str:
    if days <= 0:
        return transition.words("today")[0]
    return counted_thing(transition.words, days, "yesterday", "days_ago")
