"""A changed echo path is distinguished from double-talk."""

import pytest

from skill.echo_control.echo_path_change import EchoPathChangeDetector


@pytest.mark.parametrize(
    ("near", "error", "echo", "converged", "changed", "diverged"),
    [
        (1.0, 0.01, 1.0, True, False, False),  # the filter has converged
        (1.0, 0.3, 0.9, False, False, False),  # it has converged less well
        (2.0, 1.0, 1.0, False, False, False),  # double-talk, as loud as the coach
        (3.5, 2.5, 1.0, False, True, False),  # double-talk, twice as loud: a needless search does no harm
        (11.0, 10.0, 1.0, False, False, False),  # double-talk, much louder
        (1.0, 1.6, 1.0, False, True, True),  # the filter has diverged
        (1e-6, 1e-8, 1e-6, False, False, False),  # silence
    ],
)
def test_what_powers_tell(near, error, echo, converged, changed, diverged):
    detector = EchoPathChangeDetector()
    for _ in range(100):
        detector.update(near, error, echo)
    assert (detector.converged, detector.changed, detector.diverged) == (converged, changed, diverged)


def test_it_takes_a_while_to_be_noticed():
    detector = EchoPathChangeDetector()
    for _ in range(200):
        detector.update(1.0, 0.01, 1.0)
    hops = 0
    while not detector.changed:
        detector.update(1.0, 1.6, 1.0)
        hops += 1
    assert detector.CHANGED_HOPS < hops < 50


def test_a_mismatch_dates_from_when_the_filter_was_converged_last():
    detector = EchoPathChangeDetector()
    for _ in range(200):
        detector.update(1.0, 0.01, 1.0)
    assert detector.mismatch_hops == 0
    hops = 0
    while not detector.diverged:
        detector.update(1.0, 1.6, 1.0)
        hops += 1
    detector.note_mismatch()
    assert 3 < hops <= detector.mismatch_hops <= hops + detector.SMOOTHING_DELAY_HOPS


def test_a_mismatch_is_over_when_the_filter_has_converged_again():
    detector = EchoPathChangeDetector()
    for error in [0.01] * 200 + [1.6] * 100:
        detector.update(1.0, error, 1.0)
    detector.note_mismatch()
    before = detector.mismatch_hops
    detector.update(1.0, 0.01, 1.0)
    assert detector.mismatch_hops > before
    for _ in range(100):
        detector.update(1.0, 0.01, 1.0)
    assert detector.converged
    assert detector.mismatch_hops == 0


def test_a_mismatch_is_over_after_a_second_of_double_talk_without_one():
    detector = EchoPathChangeDetector()
    for error in [0.01] * 200 + [1.6] * 100:
        detector.update(1.0, error, 1.0)
    detector.note_mismatch()
    for _ in range(detector.RECOVERY_HOPS + 20):
        detector.update(2.0, 1.0, 1.0)
    assert detector.mismatch_hops == 0


@pytest.mark.parametrize(("converged_before", "near"), [(False, 1.0), (True, 1e-6)])
def test_a_filter_without_an_echo_has_no_mismatch(converged_before, near):
    detector = EchoPathChangeDetector()
    for _ in range(200):
        detector.update(1.0, 0.01 if converged_before else 1.0, 1.0 if converged_before else 0.0)
    for _ in range(500):
        detector.update(near, 1.6 * near, near)
        if near < 1e-4:
            detector.note_mismatch()
    detector.note_mismatch()
    assert detector.mismatch_hops == 0
