"""A filter that is out of step is told from somebody who speaks over the coach."""

import pytest

from skill.echo_control.echo_path_change import EchoPathChangeDetector


@pytest.mark.parametrize(
    ("near", "error", "echo", "converged", "changed", "diverged"),
    [
        (1.0, 0.01, 1.0, True, False, False),  # the room is known
        (1.0, 0.3, 0.9, False, False, False),  # and less well
        (2.0, 1.0, 1.0, False, False, False),  # somebody speaks, as loud as the coach
        (3.5, 2.5, 1.0, False, True, False),  # somebody speaks, twice as loud: it does no harm to look
        (11.0, 10.0, 1.0, False, False, False),  # somebody speaks, much louder
        (1.0, 1.6, 1.0, False, True, True),  # what is taken off is not there
        (1e-6, 1e-8, 1e-6, False, False, False),  # nothing is heard
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
