"""Draws the dialogue from its code: `python -m skill.dialogue.diagram` prints docs/states.md.

It walks through a routine as an unhurried user would, keeps one state for each name, and tries every intent in it.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from skill.actions import Action, Say, StartTimer
from skill.content import load_language, load_routines
from skill.dialogue.intents import HANDLERS
from skill.dialogue.state import MODES, Content, State, initial
from skill.dialogue.step import step
from skill.events import Event, Heard, SessionStarted, SpeechEnded, TimerFired
from skill.responses import Responses

_HEAD = """<!-- Written by `make picture` from the code; a test fails when it is out of date. -->

# The states of the dialogue

The arrows are commands, and *time* where nobody says anything. A question or a mishearing leads back to where it came
from and is not drawn. In `asking` the coach waits for an answer: after pain, after "Still there?", or when it offers to
go on where an earlier routine was left.

"""

_TABLE = """
## What each command does in each state

`→` names the state that follows; *answers*: the coach says something and the place stays; *quietly*: it acts without a
word; a dot: the command has no meaning there. In `asking` and `paused` a hold of the first stretch is on.

"""


def main() -> None:
    """Print the page."""
    print(page(), end="")


def page() -> str:
    """Return the page with diagram and table, as Markdown."""
    found = samples(_content())
    return _HEAD + _diagram(found) + _TABLE + _table(found)


def _content() -> Content:
    return Content(load_routines(), Responses(load_language().responses))


def samples(content: Content) -> dict[str, State]:
    """Return a state of each name, at a moment when the coach is silent (in `introducing`: between two sentences)."""
    state, _ = step(initial(content), SessionStarted(0, safety_told=True, conditions=frozenset()))
    found = {"idle": _let_speak(state)}
    for later in _course(_try(found["idle"], "start_routine")[0]):
        if later.routine and later.speech is None:
            found.setdefault(later.mode, later)
    found["asking"] = _let_speak(_try(found["holding"], "pain")[0])
    found["paused"] = _try(found["holding"], "pause")[0]
    return {mode: found[mode] for mode in MODES}


def _let_speak(state: State) -> State:
    while state.speech:
        state, _ = step(state, SpeechEnded(0, state.speech.id))
    return state


def _course(state: State) -> Iterator[State]:
    """Yield the states of a routine in which the user says nothing, until there is nothing more to wait for."""
    at = 0
    while state.speech or state.timer:
        yield state
        state, at = _pass_time(state, at)
    yield state


def _pass_time(state: State, at: int) -> tuple[State, int]:
    """Let the coach finish its sentence, or so much time pass that whatever is waited for is over."""
    at += 3_600_000
    event: Event = SpeechEnded(at, state.speech.id) if state.speech else TimerFired(at, state.timer or 0)
    return step(state, event)[0], at


def _try(state: State, intent: str) -> tuple[State, tuple[Action, ...]]:
    named = {"go_to": "stretch", "repeat_stretch": "stretch", "how_to": "stretch", "have_condition": "condition"}
    values = {"stretch": "bridge", "condition": "knees"}
    slots = ((named[intent], values[named[intent]]),) if intent in named else ()
    return step(state, Heard(state.since or 0, intent, intent, slots))


def _diagram(found: dict[str, State]) -> str:
    arrows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for mode, state in found.items():
        for intent in HANDLERS:
            after = _try(state, intent)[0]
            if after.mode != mode:
                arrows[mode, after.mode].append(intent)
    for pair in _by_time(found):
        arrows[pair].append("time")
    lines = [f"    {a} --> {b}: {', '.join(labels)}" for (a, b), labels in arrows.items()]
    return "\n".join(
        ["```mermaid", "stateDiagram-v2", "    [*] --> idle", *lines, "    idle --> [*]: goodbye", "```", ""]
    )


def _by_time(found: dict[str, State]) -> list[tuple[str, str]]:
    """Return the changes that come without a word: in a whole silent routine, and out of a long pause."""
    silent = [s.mode for s in _course(_try(found["idle"], "start_routine")[0])]
    pairs = list(pairwise(silent))
    last = _try(found["holding"], "go_to")[0]
    while last.routine and last.mode != "asking" and last.stretch < len(last.routine.stretches) - 1:
        last = _try(last, "next")[0]
    end = [s.mode for s in _course(last)]
    pairs += pairwise(end)
    return list(dict.fromkeys(p for p in pairs if p[0] != p[1]))


def _table(found: dict[str, State]) -> str:
    head = ["| command |" + "".join(f" {mode} |" for mode in found), "|---|" + "---|" * len(found)]
    rows = [f"| {intent} |" + "".join(f" {_cell(s, intent)} |" for s in found.values()) for intent in sorted(HANDLERS)]
    return "\n".join([*head, *rows, ""])


def _cell(state: State, intent: str) -> str:
    after, actions = _try(state, intent)
    place = (after.mode, after.routine and after.stretch, after.routine and after.step, after.leaving)
    if place != (state.mode, state.routine and state.stretch, state.routine and state.step, state.leaving):
        return "→ the end" if after.leaving else f"→ {after.mode}"
    if any(isinstance(action, Say) for action in actions):
        return "answers"
    return "quietly" if any(not isinstance(action, StartTimer) for action in actions) else "·"


if __name__ == "__main__":
    main()
