"""Training scenes of the double-talk detector."""

import numpy as np
import pytest

from benchmarks.double_talk.training_data import SCENE_S, Material, scenes
from skill.echo_control.double_talk import FEATURES
from skill.echo_control.kalman_filter import HOP
from tests.speech import say

HOPS = round(SCENE_S * 16_000) // HOP


@pytest.fixture(scope="module")
def found():
    noise = np.random.default_rng(1).normal(0, 500, 16_000 * 5).astype(np.int16)
    return list(scenes(Material([[say("Bend both knees.")]], [say("stop")], [noise]), 2))


def test_a_scene_has_features_label_and_weight_for_every_hop(found):
    for scene in found:
        assert scene.features.shape == (HOPS, FEATURES)
        assert len(scene.speech) == len(scene.weight) == HOPS


def test_every_other_scene_has_near_end_speech(found):
    with_people, alone = found
    assert 0.02 < with_people.speech.mean() < 0.5
    assert not alone.speech.any()
