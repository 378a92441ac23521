"""Headphones are distinguished from a loudspeaker."""

import numpy as np
import pytest

from skill.audio.blocks import BLOCK_SIZE
from skill.echo_control.echo_control import EchoControl
from skill.echo_control.erl_estimator import DECAY_BLOCKS, ErlEstimator
from tests.speech import quiet, say


def estimator(
    near_while_loud: float, blocks: int = 100, *, quiet_db: float = -70.0, far_db: float = -20.0
) -> ErlEstimator:
    found = ErlEstimator()
    for _ in range(blocks + DECAY_BLOCKS):
        found.update(quiet_db, -120.0)
    for _ in range(blocks):
        found.update(near_while_loud, far_db)
    return found


def test_there_is_no_echo_if_the_loud_coach_does_not_raise_the_level() -> None:
    assert estimator(-69.0).no_echo
    assert not estimator(-60.0).no_echo
    assert not estimator(-70.0, blocks=40).no_echo  # too soon to know


@pytest.mark.parametrize(("rise_db", "none"), [(2.0, True), (4.0, False)])
def test_an_echo_raises_the_level_by_three_decibels(rise_db: float, none: bool) -> None:
    assert estimator(-70.0 + rise_db).no_echo is none


@pytest.mark.parametrize(("far_db", "known"), [(-34.0, True), (-36.0, False)])
def test_a_coach_softer_than_35_db_below_full_scale_decides_nothing(far_db: float, known: bool) -> None:
    assert estimator(-70.0, far_db=far_db).no_echo is known


def test_an_echo_that_fills_the_pauses_between_sentences_is_no_silence() -> None:
    found = ErlEstimator()
    for _ in range(40):
        for _ in range(50):
            found.update(-30.0, -20.0)
        for _ in range(35):  # the pause between two sentences, and in it the late echo of the first
            found.update(-30.0, -120.0)
    assert not found.no_echo


def test_a_user_who_speaks_before_the_coach_does_not_hide_its_echo() -> None:
    found = ErlEstimator()
    for _ in range(3):
        for level in [-70.0] * (DECAY_BLOCKS + 15) + [-25.0] * 40:
            found.update(level, -120.0)
        for _ in range(60):
            found.update(-30.0, -20.0)
    assert not found.no_echo


@pytest.mark.parametrize("quiet_db", [-65.0, -40.0])
def test_only_what_stands_out_by_ten_decibels_is_a_voice(quiet_db: float) -> None:
    found = estimator(quiet_db, quiet_db=quiet_db)
    assert found.is_voice(quiet_db + 11)
    assert not found.is_voice(quiet_db + 9)


def test_nothing_softer_than_60_db_below_full_scale_is_a_voice() -> None:
    found = estimator(-90.0, quiet_db=-90.0)
    assert found.is_voice(-59.0)
    assert not found.is_voice(-61.0)


def test_with_headphones_the_user_is_heard_over_the_coach_from_the_first_block_on() -> None:
    line = say("Bend both knees and put your feet flat on the floor.", "en-gb")
    far = np.concatenate([quiet(3000) * 0, line, line, line])
    near = quiet(len(far) // 16 + 1)[: len(far)]
    user = say("stop")[8000:]
    begin = 9 * 16_000
    near[begin : begin + len(user)] += user
    control, found = EchoControl(), []
    for start in range(0, len(far) - BLOCK_SIZE, BLOCK_SIZE):
        found.append(control.process(near[start : start + BLOCK_SIZE], far[start : start + BLOCK_SIZE]).near_end_speech)
    first = begin // BLOCK_SIZE
    assert max(found[first - 50 : first]) == 0.0
    assert min(found[first : first + 10]) == 1.0
