"""A voice refuses what no engine can do, with one sentence that says what was expected."""

import math

import pytest

from skill.errors import SynthesisError, UsageError
from skill.voice.natural_voice import NaturalVoice
from skill.voice.system_voice import SystemVoice
from tests.voice.voices import NO_WORKER, Counted, Open

pytest_plugins = ["tests.voice.voice_fixtures"]


@pytest.mark.parametrize("line", ["", " ", "…", "?!", "😀"])
def test_a_line_without_a_letter_or_digit_is_refused(voice_of: Open, line: str) -> None:
    voice = voice_of(NO_WORKER)
    for ask in (voice.wait, voice.get):
        with pytest.raises(SynthesisError, match=r"nothing to pronounce: a line needs at least one letter or digit\.$"):
            ask(line)
    voice.prepare([line, line])
    voice.prepare_answers([line])


@pytest.mark.parametrize(("kind", "least", "most"), [(SystemVoice, 80, 600), (NaturalVoice, 40, 600)])
def test_a_rate_that_the_engine_cannot_speak_at_is_refused(
    voice_of: Open, kind: type[SystemVoice], least: int, most: int
) -> None:
    for rate in (least - 1, most + 1, 0, -150):
        with pytest.raises(UsageError, match=f"rate of {rate} is out of range: expected {least} to {most} words a min"):
            voice_of(NO_WORKER, kind=kind, rate=rate)
    for rate in (least, most):
        voice_of(NO_WORKER, kind=kind, rate=rate)


@pytest.mark.parametrize("factor", [0, -1, math.nan, math.inf])
def test_a_speed_that_is_no_factor_is_refused(voice_of: Open, factor: float) -> None:
    with pytest.raises(UsageError, match="expected a factor above 0"):
        voice_of(NO_WORKER).set_speed(factor)


def test_below_its_slowest_rate_a_voice_stays_at_it(voice_of: Open) -> None:
    voice = voice_of(rate=80)
    slowest = voice.wait("Breathe in.")
    voice.set_speed(0.5)
    assert voice.get("Breathe in.") is slowest


def test_an_unknown_voice_is_one_sentence_that_names_others_and_costs_no_worker(voice_of: Open, tmp_path) -> None:
    worker = Counted(tmp_path / "pids")
    voice = voice_of(worker.command, voice="nobody")
    for _ in range(2):
        with pytest.raises(SynthesisError, match=r"^There is no voice called “nobody”; there is “.*“gmw/en-us”.*\.$"):
            voice.wait("Hello.")
    assert len(worker.pids) == 1
