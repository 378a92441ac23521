"""Scenes from which the decision about near speech is learnt."""

import numpy as np
import pytest

from benchmarks.double_talk_data import SCENE_S, Material, scenes
from skill.echo_control.double_talk import FEATURES
from skill.echo_control.kalman_filter import HOP
from tests.speech import say

HOPS = round(SCENE_S * 16_000) // HOP


@pytest.fixture(scope="module")
def found():
    noise = np.random.default_rng(1).normal(0, 500, 16_000 * 5).astype(np.int16)
    return list(scenes(Material([[say("Bend both knees.")]], [say("stop")], [noise]), 2))


def test_every_hop_of_a_scene_is_there_with_what_is_to_be_learnt_from_it(found):
    for scene in found:
        assert scene.features.shape == (HOPS, FEATURES)
        assert len(scene.speech) == len(scene.weight) == HOPS


def test_people_speak_in_every_other_scene(found):
    with_people, alone = found
    assert 0.02 < with_people.speech.mean() < 0.5
    assert not alone.speech.any()
