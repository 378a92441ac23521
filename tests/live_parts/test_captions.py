"""The conversation in writing."""

import pytest

from skill.audio.sounds import NOTES
from skill.dialogue.view import view
from skill.live.captions import caption, headline
from tests.dialogue.world import World, holding

NAMES = {"knee_to_chest": "knee to chest", "childs_pose": "child's pose"}

STATE = {"event": "state", "state": "holding", "stretch": "knee_to_chest", "side": "right", "remaining": 12.34}


@pytest.mark.parametrize(
    ("event", "line"),
    [
        ({"event": "say", "id": 1, "text": "Hello."}, "  1:05  coach  Hello."),
        ({"event": "heard", "text": "next", "intent": "next", "slots": {}}, "  1:05  you    next"),
        ({"event": "rejected", "text": "blah", "reason": "no sentence"}, "  1:05  you    blah (not understood)"),
        ({"event": "rejected", "text": "bend", "reason": "echo"}, "  1:05  echo   bend"),
        ({"event": "rejected", "text": "", "reason": "no speech"}, None),
        ({"event": "said", "id": 1, "interrupted": False}, None),
        ({"event": "sound", "name": "begin"}, "  1:05  ♪      begin"),
        ({"event": "sound", "name": "tick"}, "  1:05  ♪      tick"),
        ({"event": "sound", "name": "heard"}, None),
        ({"event": "problem", "text": "No voice."}, "  1:05  !      No voice."),
        ({"event": "end", "reason": "goodbye"}, "  1:05         [end: goodbye]"),
        (STATE, "  1:05         [knee to chest, right: holding, 12 s left]"),
        ({**STATE, "side": None, "remaining": None}, "  1:05         [knee to chest: holding]"),
        ({**STATE, "stretch": "childs_pose"}, "  1:05         [child's pose, right: holding, 12 s left]"),
        ({**STATE, "stretch": "new_one", "side": None}, "  1:05         [new one: holding, 12 s left]"),
        ({**STATE, "stretch": None, "state": "idle"}, None),
        ({"event": "something new"}, None),
    ],
)
def test_one_plain_line_an_event(event: dict, line: str | None) -> None:
    assert caption({"t": 65.98, **event}, NAMES) == line


def test_long_sessions() -> None:
    assert caption({"t": 7265.0, "event": "say", "text": "Hello."}, NAMES) == "121:05  coach  Hello."


def test_nothing_is_only_a_sound() -> None:
    """The sound without words only repeats what is on the screen: what was heard."""
    silent = {name for name in NOTES if caption({"t": 0, "event": "sound", "name": name}, NAMES) is None}
    assert silent == {"heard"}


def test_the_headline_says_where_we_are() -> None:
    assert headline(World().begin().view) == "idle"
    held = holding()
    assert headline(view(held.state, held.now)) == "1 of 7: knee to chest (right) · holding"
