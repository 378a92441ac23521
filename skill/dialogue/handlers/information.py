"""Requests for information: answered, and everything goes on where it was."""

from dataclasses import replace

from skill.content.routine import Stretch
from skill.dialogue.handlers.registry import on
from skill.dialogue.handlers.replies import answer, nothing_is_on, reply, reply_and_ask_again
from skill.dialogue.handlers.requirements import needs_routine
from skill.dialogue.length import left_ms, whole_ms
from skill.dialogue.spoken_number import spoken_number
from skill.dialogue.transition import Transition
from skill.dialogue.wording import counted_thing, listed, spoken_minutes
from skill.events import Heard


@on("how_to")
def how_to(transition: Transition, heard: Heard) -> None:
    """Explain a stretch in short; "what should I do?" after pain is answered with what to do about the pain."""
    question, stretch = transition.state.asked, _stretch(transition, heard)
    if question and question.kind == "pain" and heard.slot("stretch") is None:
        transition.interrupt()
        transition.ask(question, before=transition.words("pain"))
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
    side = state.current_step.side
    answer(
        transition,
        "which_side" if side else "which_stretch",
        stretch=_name(transition, state.active_stretch or ""),
        side=side or "",
        number=spoken_number(state.number),
        total=spoken_number(len(state.progress.stretches)),
    )


@on("whats_next")
@needs_routine
def whats_next(transition: Transition, heard: Heard) -> None:
    """Name the stretch after this one."""
    later = transition.progress.later_stretches
    if later:
        answer(transition, "whats_next", stretch=later[0].name)
    else:
        answer(transition, "is_last", stretch=transition.progress.stretch.name)


@on("stretches_left")
@needs_routine
def stretches_left(transition: Transition, heard: Heard) -> None:
    """Say how many stretches come after this one."""
    later = transition.progress.later_stretches
    if not later:
        answer(transition, "is_last", stretch=transition.progress.stretch.name)
    elif len(later) == 1:
        answer(transition, "one_stretch_left", stretch=later[0].name)
    else:
        answer(transition, "stretches_left", count=spoken_number(len(later)), stretch=later[-1].name)


@on("time_left")
def time_left(transition: Transition, heard: Heard) -> None:
    """Say how long the hold and the routine still take; in `idle`, how long the usual routine takes."""
    state, words = transition.state, transition.words
    if state.progress.routine is None:
        usual = state.content.default.adapted(state.user.known_conditions)
        time = spoken_minutes(words, whole_ms(state, usual))
        reply_and_ask_again(transition, words("whole_time", routine=usual.name, time=time))
        return
    time = spoken_minutes(words, left_ms(state, transition.at))
    hold_ms = state.remaining_at(transition.at)
    if hold_ms is None:
        answer(transition, "time_left", time=time)
    else:
        seconds = counted_thing(words, -(-hold_ms // 1000), "a_second", "seconds")
        answer(transition, "time_left_here", seconds=seconds, time=time)


@on("list_stretches")
def list_stretches(transition: Transition, heard: Heard) -> None:
    """Name the stretches of the routine."""
    routine = transition.progress.routine or transition.content.default
    names = [stretch.name for stretch in routine.stretches]
    count = counted_thing(transition.words, len(names), "a_stretch", "stretches")
    reply(transition, (*transition.words("list_stretches", count=count), *listed(transition.words, names)))


@on("list_routines")
def list_routines(transition: Transition, heard: Heard) -> None:
    """Name the routines."""
    names = [routine.name for routine in transition.content.routines.values()]
    count = counted_thing(transition.words, len(names), "a_routine", "routines")
    reply(transition, (*transition.words("list_routines", count=count), *listed(transition.words, names)))


@on("history")
def history(transition: Transition, heard: Heard) -> None:
    """Say how often the user stretched this week, and when they last did."""
    days, sessions = transition.history.days_since_last, transition.history.sessions_this_week
    if days is None:
        answer(transition, "no_history")
        return
    last = _day(transition, days)
    if sessions == 0:
        answer(transition, "history_earlier", day=last)
        return
    times = (
        transition.words("twice")[0] if sessions == 2 else counted_thing(transition.words, sessions, "once", "times")
    )
    answer(transition, "history", times=times, day=last)


@on("safety_info")
def safety_info(transition: Transition, heard: Heard) -> None:
    """Say the safety information again, unless it is being said or about to be."""
    transition.interrupt()
    if not any(line.tells_safety for line in transition.speech.queue):
        transition.reply(transition.words("safety_full"), keep=True)


@on("help")
def help_(transition: Transition, heard: Heard) -> None:
    """Say what can be said right now: the three most useful commands."""
    answer(transition, transition.state.help_key)
    more = f"more_{transition.state.mode}"
    known = more in transition.content.responses.variants
    transition.turn = replace(transition.turn, more=more if known else None)


@on("more")
def more(transition: Transition, heard: Heard) -> None:
    """After help: say the next three commands. Otherwise as "help", but not in a hold, where users talk to others."""
    key = transition.turn.more
    if key:
        transition.turn = replace(transition.turn, more=None)
        answer(transition, key)
    elif transition.state.mode != "holding":
        help_(transition, heard)


def _stretch(transition: Transition, heard: Heard) -> Stretch | None:
    """Return the stretch that was named, or else the current one."""
    wanted = heard.slot("stretch") or transition.state.active_stretch
    every = (transition.progress.stretches, *(r.stretches for r in transition.content.routines.values()))
    return next((stretch for stretches in every for stretch in stretches if stretch.id == wanted), None)


def _name(transition: Transition, stretch: str) -> str:
    """Return the name of a stretch of the routine that is on, by its id."""
    names = (s.name for s in transition.progress.stretches if s.id == stretch)
    return next(names, stretch.replace("_", " "))


def _day(transition: Transition, days: int) -> str:
    if days <= 0:
        return transition.words("today")[0]
    return counted_thing(transition.words, days, "yesterday", "days_ago")
