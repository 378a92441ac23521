"""Draws the dialogue's states from its code: `python -m benchmarks.pictures.states` prints docs/states.md.

It simulates a routine in which the user says nothing, keeps one sample of each state, and tries every intent in it.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from skill.content.content import Content
from skill.content.language import Language, load_language
from skill.content.responses import Responses
from skill.content.routine_catalog import load_routines
from skill.content.states import STATES
from skill.dialogue.actions import Action, Listen, Say, StartTimer, StopTimer
from skill.dialogue.handlers import HANDLERS
from skill.dialogue.meaning import NO_MEANING, SITUATIONS, situation
from skill.dialogue.state import State, initial
from skill.dialogue.step import step
from skill.events import Event, Heard, Rejected, SessionStarted, SpeechEnded, TimerFired
from skill.understanding.contexts import when

_HEAD = """<!-- Written by `make picture` from the code; a test fails when it is out of date. -->

# The states of the dialogue

Arrows are labelled with commands (intents), or with *time* if nobody says anything. Questions by the user, and
utterances that are not understood, return to the same state and are not drawn. In `asking` the coach waits for an
answer to one of these questions:

- `pain`: easier, skip, or stop? Asked again after 20 s; then the coach waits.
- `go_on`: continue where an earlier routine was left? Asked again after 20 s; then the coach waits.
- `better`: does the user feel better? Asked before a routine if they felt unwell. Asked again after 20 s; then the
  coach waits.
- `still_there`: asked after three stretches without a word. Any utterance that is clearly addressed to the coach is an
  answer, understood or not. Without one the coach pauses after 30 s.
- `conditions`: anything to know about your body? Asked once, before the first routine. Without an answer the routine
  continues after 20 s.
- `did_you_mean`: confirms an utterance that was almost understood. Another command replaces it. Without an answer the
  coach continues after 10 s.

Arrows out of `still_there` and `did_you_mean` are not drawn.

"""

_TABLE = """
## What each command does in each state

- `→`: the state that follows.
- *answers*: the coach says something and stays at its place.
- *silently*: the command is carried out without a word.
- A dash: no template has sentences for the command in this state (see `intents/`).
- A dot: templates have sentences for it in some of the questions, but deliberately not in this one
  (see `skill/dialogue/meaning.py`).

In the columns `paused` and `asking pain` the first stretch is being held; in `asking did_you_mean` the user is getting
ready. `more` is said after `help`.

"""


NOT_LISTENED_FOR = "–"
"""The cell of a command in a state in which no template has sentences for it."""

_ANY_WORD_ENDS = ("asking still_there", "asking did_you_mean")
_WITH_STRETCH = ("go_to", "repeat_stretch", "how_to", "why")


def main() -> None:
    """Print the page."""
    print(page(), end="")


def page() -> str:
    """Return the page with diagram and table, as Markdown."""
    language = load_language()
    found = samples(Content(load_routines(), Responses(language.responses)))
    heard = listened_for(language)
    return _HEAD + _diagram(found, heard) + _TABLE + _table(found, heard)


def listened_for(language: Language) -> set[tuple[str, str]]:
    """Return all pairs (intent, state) for which a template has sentences."""
    return {
        (name, mode)
        for name, intent in language.intents.intents.items()
        for mode in STATES
        if any(when(block).holds(mode) for block in intent.data)
    }


def samples(content: Content) -> dict[str, State]:
    """Return a sample of each situation while the coach is silent (in `introducing`: between two sentences)."""
    start = SessionStarted(0, safety_told=True, conditions=frozenset())
    found = {"idle": _let_speak(step(initial(content), start)[0])}
    for later in _course(_try(found["idle"], "start_routine")[0]):
        if later.progress.routine and later.speech.current is None:
            found.setdefault(situation(later), later)
    hold = found["holding"]
    found["paused"] = _try(hold, "pause")[0]
    stopped = _let_speak(_try(hold, "stop")[0])
    near = Heard(0, "go to bridge", "go_to", (("stretch", "bridge"),))
    quiet = found["getting_ready"]
    heard_badly, _ = step(quiet, Rejected(quiet.clock.since or 0, "", "no sentence", near=near))
    first = step(initial(content), SessionStarted(0, safety_told=True))[0]
    for asked in (
        _try(hold, "pain")[0],
        _try(stopped, "start_routine")[0],
        _try(_let_speak(_try(hold, "unwell")[0]), "start_routine")[0],
        heard_badly,
        _let_speak_until(_try(first, "start_routine")[0], "asking conditions"),
    ):
        found[situation(asked)] = _let_speak(asked)
    return {name: found[name] for name in SITUATIONS}


def _let_speak_until(state: State, wanted: str) -> State:
    while situation(state) != wanted and state.speech.current:
        state, _ = step(state, SpeechEnded(0, state.speech.current.id))
    return state


def _let_speak(state: State) -> State:
    while state.speech.current:
        state, _ = step(state, SpeechEnded(0, state.speech.current.id))
    return state


def _course(state: State) -> Iterator[State]:
    """Yield the states of a routine in which the user says nothing, until no timer runs and nothing is being said."""
    at = 0
    while state.speech.current or state.timer:
        yield state
        state, at = _pass_time(state, at)
    yield state


def _pass_time(state: State, at: int) -> tuple[State, int]:
    """Let the coach finish its sentence, or let its timer fire."""
    at += 3_600_000
    speech = state.speech.current
    event: Event = SpeechEnded(at, speech.id) if speech else TimerFired(at, state.timer or 0)
    return step(state, event)[0], at


def _try(state: State, intent: str) -> tuple[State, tuple[Action, ...]]:
    if intent == "more" and not state.turn.question:
        state = _let_speak(_try(state, "help")[0])
    named = {"have_condition": ("condition", "knees")} | dict.fromkeys(_WITH_STRETCH, ("stretch", "bridge"))
    slots = (named[intent],) if intent in named else ()
    return step(state, Heard(state.clock.since or 0, intent, intent, slots))


def _diagram(found: dict[str, State], heard: set[tuple[str, str]]) -> str:
    arrows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, state in found.items():
        for intent in () if name in _ANY_WORD_ENDS else sorted(HANDLERS):
            after = _try(state, intent)[0]
            drawn = intent in arrows[state.mode, after.mode] or (intent, state.mode) not in heard
            if after.mode != state.mode and not drawn:
                arrows[state.mode, after.mode].append(intent)
    for pair in _by_time(found):
        arrows[pair].append("time")
    lines = [f"    {a} --> {b}: {', '.join(labels)}" for (a, b), labels in arrows.items() if labels]
    return "\n".join(
        ["```mermaid", "stateDiagram-v2", "    [*] --> idle", *lines, "    idle --> [*]: goodbye", "```", ""]
    )


def _by_time(found: dict[str, State]) -> list[tuple[str, str]]:
    """Return the transitions by time: in a whole routine without a word, and out of a long pause."""
    silent = [s.mode for s in _course(_try(found["idle"], "start_routine")[0])]
    pairs = list(pairwise(silent))
    last = _try(found["holding"], "go_to")[0]
    while last.mode != "asking" and last.progress.later_stretches:
        last = _try(last, "next")[0]
    end = [s.mode for s in _course(last)]
    pairs += pairwise(end)
    return list(dict.fromkeys(p for p in pairs if p[0] != p[1]))


def _table(found: dict[str, State], heard: set[tuple[str, str]]) -> str:
    head = ["| command |" + "".join(f" {mode} |" for mode in found), "|---|" + "---|" * len(found)]
    rows = []
    for intent in sorted(HANDLERS):
        cells = (_cell(s, intent) if (intent, s.mode) in heard else NOT_LISTENED_FOR for s in found.values())
        rows.append(f"| {intent} | {' | '.join(cells)} |")
    return "\n".join([*head, *rows, ""])


def _cell(state: State, intent: str) -> str:
    if situation(state) in NO_MEANING.get(intent, ()):
        return "·"
    after, actions = _try(state, intent)
    if _place(after) != _place(state):
        return "→ the end" if after.leaving else f"→ {situation(after)}"
    if situation(after) != situation(state):
        return f"→ {situation(after)}"
    return "answers" if any(isinstance(action, Say) for action in actions) else "silently"


def _place(state: State) -> tuple[object, ...]:
    progress = state.progress
    here = (progress.stretch_index, progress.step_index) if progress.routine else None
    return state.mode, here, state.leaving


def has_effect(state: State, intent: str) -> bool:
    """Return whether a command has any effect in a state, other than being acknowledged."""
    after, actions = _try(state, intent)
    changed = (after.mode, after.turn.question) != (state.mode, state.turn.question)
    return changed or any(not isinstance(a, StartTimer | StopTimer | Listen) for a in actions)


if __name__ == "__main__":
    main()
