"""Mixing, splits and confidence intervals of the benchmarks."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from benchmarks.compute import hearing_process
from benchmarks.data import mixing, recordings
from benchmarks.figures import per_hour, percentile, rate, wilson
from skill.errors import UsageError


def test_wilson_interval_agrees_with_published_values() -> None:
    """81 of 263: the worked example of Newcombe, Statistics in Medicine 17 (1998) 857, method 3."""
    low, high = wilson(81, 263)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(10, 10)[1] == pytest.approx(1.0)


def test_no_event_an_hour_still_has_an_upper_bound() -> None:
    figure = per_hour("alarms", 0, 3600)
    assert figure.low == 0
    assert figure.high == pytest.approx(3.69, abs=0.05)
    assert rate("r", 1, 4).value == 25.0
    assert percentile("p", [3.0, 1.0, 2.0], 0.5, "s").value == 2.0


@pytest.mark.parametrize("snr", [-5.0, 6.0, 24.0])
def test_noise_is_mixed_at_the_ratio_of_the_largest_frames(snr: float) -> None:
    generator = np.random.default_rng(3)
    speech = (generator.normal(0, 3000, 32768) * np.repeat([0.1, 1.0, 0.2, 0.0], 8192)).astype(np.int16)
    noise = generator.normal(0, 500, 16000).astype(np.int16)
    mixed = mixing.in_noise(speech, noise, snr, "a")
    added = mixed.astype(float) - speech
    largest = [max((x.astype(float).reshape(-1, mixing.FRAME) ** 2).sum(axis=1)) for x in (speech, added)]
    assert 10 * np.log10(largest[0] / largest[1]) == pytest.approx(snr, abs=0.1 if snr > 0 else 0.5)
    assert np.array_equal(mixed, mixing.in_noise(speech, noise, snr, "a"))


def test_the_end_of_speech_is_found() -> None:
    tone = (3000 * np.sin(np.arange(8000) / 5)).astype(np.int16)
    sound = np.concatenate([tone, np.zeros(4000, np.int16)])
    assert abs(mixing.end_of_speech(sound) - 8000) <= 160


def test_splits_never_change_and_a_file_cut_in_half_is_in_both(tmp_path: Path) -> None:
    assert [recordings.split_of(name) for name in ("a", "e")] == ["dev", "test"]
    (tmp_path / "noise").mkdir()
    soundfile.write(tmp_path / "noise" / "hum.flac", np.zeros(32000, np.int16), 16000)
    pieces = list(recordings.pieces(tmp_path, "noise"))
    assert [piece.split for piece in pieces] == ["dev", "test"]
    assert [piece.seconds for piece in pieces] == [1.0, 1.0]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "labels.jsonl:1: not a label"),
        ('{"file": "a.flac"}', "labels.jsonl:1: not a label"),
        (json.dumps({"file": "a.flac", "intent": "x", "slots": {}}), "a.flac is missing"),
    ],
)
def test_labels_that_do_not_match_are_named(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "coffee").mkdir()
    (tmp_path / "coffee" / "labels.jsonl").write_text(line)
    with pytest.raises(UsageError) as caught:
        list(recordings.coffee(tmp_path))
    assert message in str(caught.value)


def test_missing_recordings_are_reported(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--recordings"):
        recordings.folder(tmp_path)


def test_what_a_stage_takes_inside_another_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    taken = {"understanding": 0.0, "decoding": 0.0}
    running: list[float] = []
    monkeypatch.setattr(hearing_process.time, "process_time", lambda: now[0])

    def work(seconds: float) -> None:
        now[0] += seconds

    decode = hearing_process.timed(work, taken, "decoding", running)

    def broken(seconds: float) -> None:
        work(seconds)
        raise ZeroDivisionError

    fail = hearing_process.timed(broken, taken, "decoding", running)

    def understand() -> None:
        work(1)
        decode(4)
        with pytest.raises(ZeroDivisionError):
            fail(2)
        work(3)

    hearing_process.timed(understand, taken, "understanding", running)()
    decode(5)
    assert taken == {"understanding": 4.0, "decoding": 11.0}
    assert running == []
