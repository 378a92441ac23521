"""Sound is lost while the coach speaks: what it hears of itself then is no command."""

from pathlib import Path

import pytest

from benchmarks.barge_in.closed_loop import DEVICES
from benchmarks.barge_in.lost_sound import coach, trial
from skill.composition.coach_settings import COACH_LISTENING
from skill.content.language import load_language
from skill.hearing.listener import Listener
from skill.simulation.impulse_response import BOXES, generated
from skill.simulation.room import Room
from tests.speech import model


def test_the_coach_hardly_ever_takes_a_command_from_its_own_voice_after_lost_sound(tmp_path: Path) -> None:
    listener = Listener(model(), load_language(), COACH_LISTENING)
    heard, losses = trial(listener, Room(generated(BOXES["small"]), DEVICES[0]), coach(tmp_path, 0, 16))
    assert losses == 16
    # The one that is left: 12 ms were lost, and the filter learnt the new delay before it could tell.
    assert [event.text for event in heard] in ([], ["stay longer"])


@pytest.mark.parametrize(("box", "device", "first_line"), [("small", 0, 0), ("living", 2, 0), ("laptop", 0, 7)])
def test_words_that_looked_like_the_users_until_the_loss_was_noticed_are_no_commands(
    box: str, device: int, first_line: int, tmp_path: Path
) -> None:
    listener = Listener(model(), load_language(), COACH_LISTENING)
    heard, losses = trial(listener, Room(generated(BOXES[box]), DEVICES[device]), coach(tmp_path, first_line, 12))
    assert losses >= 12
    assert [event.text for event in heard] == []
