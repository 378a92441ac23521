"""An answer that repeats the coach's words right after its question, in a room with an echo."""

from contextlib import closing

import pytest

from skill.composition.coach_settings import Settings
from skill.simulation.impulse_response import BOXES, generated
from skill.simulation.room import Room, RoomSettings
from skill.voice.system_voice import SystemVoice
from tests.scenarios.reading import VOICE
from tests.session.spoken_stage import SpokenStage


@pytest.mark.parametrize("after_ms", [300, 450])
def test_stop_right_after_easier_skip_or_stop(after_ms):
    with closing(SystemVoice(Settings().voice, cache=None)) as voice:
        stage = SpokenStage(voice, VOICE, echo=True, room=Room(generated(BOXES["living"]), RoomSettings()))
        stage.begin({"safety_told": True, "conditions": frozenset()})
        quiet(stage)
        stage.user("let's do the bridge")
        stage.user("ouch")
        quiet(stage)
        assert (stage.said[-1], stage.view.state) == ("Say easier, skip, or stop.", "asking")
        stage.wait(after_ms)
        stage.user("stop")
        assert stage.view.state == "idle"


def quiet(stage: SpokenStage) -> None:
    """Wait until the coach has finished."""
    while stage.speaking:
        stage.wait(20)
