"""Captions: one line of text for everything that is said or happens."""

from collections.abc import Mapping
from typing import Any

from skill.dialogue.view import View

_SOUNDS = {"begin": "begin", "tick": "tick", "end": "done", "pause": "paused", "resume": "going on"}
"""Each sound in words: no information is only a sound. "heard" has none: the words that were heard are shown."""

_NOT_UNDERSTOOD = "(not understood)"


def caption(event: dict[str, Any], names: Mapping[str, str]) -> str | None:
    """Return the line for an event of a session, or None if there is nothing to show.

    `names`: stretch id -> name.
    """
    words = _words(event, names)
    if words is None:
        return None
    minutes, seconds = divmod(int(event["t"]), 60)
    return f"{minutes:3d}:{seconds:02d}  {words}"


def _words(event: dict[str, Any], names: Mapping[str, str]) -> str | None:
    match event["event"]:
        case "say":
            return f"coach  {event['text']}"
        case "heard":
            return f"you    {event['text']}"
        case "rejected" if event["reason"] == "echo":
            return f"echo   {event['text']}"
        case "rejected" if event["text"]:
            return f"you    {event['text']} {_NOT_UNDERSTOOD}"
        case "sound" if event["name"] in _SOUNDS:
            return f"♪      {_SOUNDS[event['name']]}"
        case "state" if event["stretch"]:
            return f"       [{place(event, names)}]"
        case "problem":
            return f"!      {event['text']}"
        case "end":
            return f"       [end: {event['reason']}]"
    return None


def place(event: dict[str, Any], names: Mapping[str, str]) -> str:
    """Return where in the routine an event of kind `state` is."""
    side = f", {event['side']}" if event["side"] else ""
    left = f", {event['remaining']:.0f} s left" if event["remaining"] is not None else ""
    name = names.get(event["stretch"], event["stretch"].replace("_", " "))
    return f"{name}{side}: {event['state'].replace('_', ' ')}{left}"


def headline(view: View) -> str:
    """Return where in the routine a view is, for the head of a screen."""
    if view.name is None:
        return view.state
    side = f" ({view.side})" if view.side else ""
    return f"{view.number} of {view.total}: {view.name}{side} · {view.state.replace('_', ' ')}"
