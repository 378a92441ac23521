"""What each intent does: one function an intent, and the table that names them."""

from collections.abc import Callable

from skill.actions import Chime
from skill.dialogue.state import Question
from skill.dialogue.turn import Turn
from skill.events import Heard
from skill.routine import Routine, Stretch

Handler = Callable[[Turn, Heard], None]

HANDLERS: dict[str, Handler] = {}
"""Intent name -> what it does."""


def on(*intents: str) -> Callable[[Handler], Handler]:
    """Register a function for intents."""

    def register(handler: Handler) -> Handler:
        HANDLERS.update(dict.fromkeys(intents, handler))
        return handler

    return register


# Starting and ending


@on("start_routine")
def start_routine(turn: Turn, heard: Heard) -> None:
    """Greet and start; offer to go on where an earlier routine was left."""
    state = turn.state
    if state.routine:
        _answer(turn, "already_started", routine=state.routine.name)
        return
    wanted = heard.slot("routine")
    routine = state.content.routines.get(wanted) if wanted else state.content.default
    turn.interrupt()
    if routine is None:
        _answer(turn, "no_such_routine")
        return
    place = _saved_place(turn)
    asking = state.question is not None and state.question.kind == "go_on"
    if place and not asking and wanted in (None, place[0].id):
        stretch = place[0].stretches[place[1]]
        turn.ask(Question("go_on", turn.words("offer_to_go_on", stretch=stretch.name)))
    else:
        turn.begin(routine)


@on("stop")
def stop(turn: Turn, heard: Heard) -> None:
    """End the routine and keep the place."""
    turn.interrupt()
    if turn.state.routine:
        name = turn.state.current.name
        turn.leave_routine()
        turn.reply(turn.words("stopped", stretch=name), keep=True)
    else:
        turn.set(question=None, answer=())
        turn.reply(turn.words("all_right"))


@on("goodbye")
def goodbye(turn: Turn, heard: Heard) -> None:
    """End the session and keep the place."""
    turn.interrupt()
    turn.leave_routine()
    turn.set(question=None, answer=(), leaving=True)
    turn.reply(turn.words("goodbye"))


# Moving


@on("next")
def next_(turn: Turn, heard: Heard) -> None:
    """The stretch after this one, at once."""
    _move(turn, +1)


@on("previous")
def previous(turn: Turn, heard: Heard) -> None:
    """The stretch before this one, at once."""
    _move(turn, -1)


def _move(turn: Turn, by: int) -> None:
    state = turn.state
    if state.routine is None:
        _answer(turn, "nothing_is_on")
        return
    index = state.stretch + by
    if 0 <= index < len(state.routine.stretches):
        _go_to(turn, index)
    else:
        _answer(turn, "is_last" if by > 0 else "is_first", stretch=state.current.name)


@on("go_to", "repeat_stretch")
def go_to(turn: Turn, heard: Heard) -> None:
    """Move to a stretch, from its beginning, and go on from there."""
    routine = turn.state.routine or turn.state.content.default
    index = routine.index(heard.slot("stretch") or "")
    if index is None:
        _answer(turn, "not_in_routine", routine=routine.name)
    elif turn.state.routine is None:
        turn.interrupt()
        turn.begin(routine, index)
    else:
        _go_to(turn, index)


def _go_to(turn: Turn, index: int) -> None:
    turn.interrupt()
    turn.set(question=None, paused=False, answer=tuple(line for line in turn.state.answer if line.keep))
    turn.enter_stretch(index)


@on("repeat")
def repeat(turn: Turn, heard: Heard) -> None:
    """Say the last thing again; restart a hold."""
    state = turn.state
    holding = state.mode == "holding" and not state.answer
    turn.interrupt()
    if holding:
        turn.set(answer=())
        turn.enter_step(state.step)
    elif state.answer:
        pass  # the interrupted sentence restarts by itself
    elif state.question:
        turn.reply(state.question.lines, keep=True)
    elif state.routine and not state.paused and state.last_said == (state.current_step.line,):
        turn.set(spoken=False)  # the line of the step itself: no need to say it twice
    else:
        turn.reply(state.last_said or turn.words("nothing_said"))


@on("easier")
def easier(turn: Turn, heard: Heard) -> None:
    """Explain the easier version of the current stretch, and do that one."""
    state = turn.state
    if state.routine is None:
        _answer(turn, "nothing_is_on")
        return
    turn.interrupt()
    turn.set(question=None, paused=False, answer=(), easier=True)
    first = next(i for i, s in enumerate(turn.state.course) if s.kind == "instructing")
    turn.enter_step(first)
    turn.reply(turn.words("easier", stretch=state.current.name))


# Pausing


@on("pause")
def pause(turn: Turn, heard: Heard) -> None:
    """Be silent and stand still until "resume"."""
    if turn.state.routine and not turn.state.paused:
        turn.pause()
    else:
        turn.hush()
        turn.set(answer=())


@on("resume")
def resume(turn: Turn, heard: Heard) -> None:
    """Go on exactly where the pause began."""
    state = turn.state
    if state.paused:
        turn.stop_timer()
        turn.set(paused=False)
        turn.do(Chime("resume"))
        if state.question:
            turn.reply(state.question.lines, keep=True)
    elif state.question:
        _carry_on(turn)
    elif state.routine is None:
        place = _saved_place(turn)
        turn.interrupt()
        turn.begin(*(place or (state.content.default, 0)))


@on("ready")
def ready(turn: Turn, heard: Heard) -> None:
    """Go on: the body is in position."""
    state = turn.state
    if state.paused:
        resume(turn, heard)
    elif state.question:
        affirm(turn, heard)
    elif state.mode == "getting_ready":
        turn.interrupt()
        turn.set(answer=())
        turn.next_step()


# Answers to the coach's questions


@on("affirm")
def affirm(turn: Turn, heard: Heard) -> None:
    """Take the offer of the question."""
    question = turn.state.question
    if question is None:
        return
    if question.kind == "pain":  # "yes" to a choice of three: which one?
        turn.interrupt()
        turn.reply(question.lines, keep=True)
    else:
        _carry_on(turn)


def _carry_on(turn: Turn) -> None:
    """Take the offer of a question: go on where we are, or where an earlier routine was left."""
    question = turn.state.question
    place = _saved_place(turn)
    turn.interrupt()
    turn.set(question=None, answer=())
    if question and question.kind == "go_on":
        turn.begin(*(place or (turn.state.content.default, 0)))


@on("deny")
def deny(turn: Turn, heard: Heard) -> None:
    """Turn the offer down."""
    question = turn.state.question
    if question is None:
        return
    turn.interrupt()
    turn.set(question=None, answer=())
    if question.kind == "go_on":
        turn.begin(turn.state.content.default)
    else:
        turn.pause()
        turn.reply(turn.words("take_your_time"))


# The body


@on("pain")
def pain(turn: Turn, heard: Heard) -> None:
    """Stop everything, and offer easier, skip or stop; nothing goes on without an answer."""
    turn.interrupt()
    if turn.state.routine is None:
        turn.reply(turn.words("pain_idle"), keep=True)
        return
    turn.set(answer=(), paused=False)
    turn.ask(Question("pain", turn.words("pain_offer")), before=turn.words("pain"))


@on("unwell")
def unwell(turn: Turn, heard: Heard) -> None:
    """End the routine with calm advice, and keep the place."""
    turn.interrupt()
    turn.leave_routine()
    turn.set(question=None, answer=())
    turn.reply(turn.words("unwell"), keep=True)


# Questions: answered, and the place is as it was


@on("how_to")
def how_to(turn: Turn, heard: Heard) -> None:
    """Explain a stretch in short."""
    stretch = _stretch(turn, heard)
    if stretch:
        _reply(turn, stretch.how_to)
    else:
        _answer(turn, "no_such_stretch")


@on("help")
def help_(turn: Turn, heard: Heard) -> None:
    """Say what can be said right now."""
    key = f"help_{turn.state.mode}"
    if turn.state.question and not turn.state.paused:
        key = f"help_asking_{turn.state.question.kind}"
    _answer(turn, key)


@on("list_stretches")
def list_stretches(turn: Turn, heard: Heard) -> None:
    """Name the stretches of the routine."""
    routine = turn.state.routine or turn.state.content.default
    *names, last = [s.name for s in routine.stretches]
    _answer(turn, "list_stretches", names=", ".join(names) or last, last=last, count=str(len(names) + 1))


@on("safety_info")
def safety_info(turn: Turn, heard: Heard) -> None:
    """Say the safety information again."""
    turn.interrupt()
    turn.reply(turn.words("safety_full"), keep=True)


def _answer(turn: Turn, key: str, **fields: str) -> None:
    _reply(turn, turn.words(key, **fields))


def _reply(turn: Turn, lines: tuple[str, ...]) -> None:
    turn.interrupt()
    turn.reply(lines)


def _stretch(turn: Turn, heard: Heard) -> Stretch | None:
    """Return the stretch that was named, or the current one where none was."""
    wanted = heard.slot("stretch")
    if wanted is None and turn.state.routine:
        return turn.state.current
    every = [turn.state.routine] if turn.state.routine else []
    for routine in (*every, *turn.state.content.routines.values()):
        for stretch in routine.stretches:
            if stretch.id == wanted:
                return stretch
    return None


def _saved_place(turn: Turn) -> tuple[Routine, int] | None:
    """Return where an earlier routine was left, if that place still exists."""
    saved = turn.state.saved
    routine = turn.state.content.routines.get(saved.routine) if saved else None
    index = routine.index(saved.stretch) if routine and saved else None
    return None if routine is None or index is None else (routine, index)
