"""A recording of one utterance."""

import numpy as np
import pytest

from skill.audio.blocks import AudioFormatError
from skill.composition.coach_settings import COACH_LISTENING
from skill.content.language import load_language
from skill.events import Heard, Rejected
from skill.hearing.listener import Listener
from skill.hearing.recording import outcome, understand_samples
from tests.speech import model, say


@pytest.fixture(scope="module")
def listener() -> Listener:
    return Listener(model(), load_language(), COACH_LISTENING)


def test_a_recording_is_understood_with_the_hypotheses_behind_it(listener: Listener) -> None:
    found = understand_samples(listener, say("pause"))
    assert (found["text"], found["intent"], found["rejected"]) == ("pause", "pause", None)
    assert found["numbers"][0] == {"text": "pause", "score": 0.0, "intent": "pause"}


@pytest.mark.parametrize(
    ("sound", "says"),
    [
        (np.zeros(16_000, np.float32), "array of float32"),
        (np.zeros((16_000, 2), np.int16), r"array of shape \(16000, 2\)"),
    ],
    ids=["floats", "stereo"],
)
def test_a_recording_in_another_format_is_an_error(listener: Listener, sound: np.ndarray, says: str) -> None:
    with pytest.raises(AudioFormatError, match=says):
        understand_samples(listener, sound)


COUGH, SHORT = Rejected(1, "…", "unknown words"), Heard(2, "repeat", "repeat")
LONG, OTHER = Heard(3, "repeat cow pose", "repeat_stretch"), Heard(3, "louder", "louder")


@pytest.mark.parametrize(
    ("decisions", "counts"),
    [
        ([], None),
        ([COUGH], COUGH),
        ([COUGH, SHORT], SHORT),
        ([SHORT, COUGH], SHORT),
        ([SHORT, LONG], LONG),
        ([SHORT, OTHER], SHORT),
    ],
)
def test_the_first_sentence_counts_with_what_extends_it(
    decisions: list[Heard | Rejected], counts: Heard | Rejected | None
) -> None:
    assert outcome(decisions) is counts
