"""A filter that is out of step is told from somebody who speaks over the coach."""

import pytest

from skill.echo_control.echo_path_change import EchoPathChangeDetector


@pytest.mark.parametrize(
    ("near", "left", "echo", "fits", "noticed", "certain"),
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
def test_what_powers_tell(near, left, echo, fits, noticed, certain):
    misfit = EchoPathChangeDetector()
    for _ in range(100):
        misfit.hear(near, left, echo)
    assert (misfit.fits, misfit.noticed, misfit.certain) == (fits, noticed, certain)


def test_it_takes_a_while_to_be_noticed():
    misfit = EchoPathChangeDetector()
    for _ in range(200):
        misfit.hear(1.0, 0.01, 1.0)
    hops = 0
    while not misfit.noticed:
        misfit.hear(1.0, 1.6, 1.0)
        hops += 1
    assert misfit.HOPS < hops < 50
