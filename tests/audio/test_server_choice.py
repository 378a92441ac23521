"""Names of microphones and speakers as users type them."""

import pytest

from skill.audio.server_choice import choose
from skill.audio.sound_server import Endpoint
from skill.errors import UsageError

HEADSET = Endpoint("alsa_input.usb-0", "Logi Headset Mono")
INNER = Endpoint("alsa_input.pci-0", "Built-in Audio Analog Stereo")
MONITOR = Endpoint("alsa_output.usb-0.monitor", "Monitor of Logi Headset Stereo", monitor_of="alsa_output.usb-0")
ALL = (MONITOR, INNER, HEADSET)
TWINS = (Endpoint("alsa_input.a", "USB Microphone"), Endpoint("alsa_input.b", "USB Microphone"))


@pytest.mark.parametrize(
    ("name", "chosen"),
    [
        ("Logi Headset Mono", HEADSET),
        ("headset", HEADSET),
        ("BUILT-IN", INNER),
        ("alsa_input.usb-0", HEADSET),
        ("input.pci", INNER),
        ("monitor of logi", MONITOR),
        ("alsa_output.usb-0.monitor", MONITOR),
        ("alsa_output", None),
        ("webcam", None),
    ],
)
def test_a_part_of_the_name_is_enough(name: str, chosen: Endpoint | None) -> None:
    assert choose(ALL, name) == chosen


def test_a_whole_name_is_meant_though_it_is_part_of_another() -> None:
    short, long = Endpoint("a", "Headset"), Endpoint("b", "Headset Two")
    assert choose((long, short), "headset") == short


@pytest.mark.parametrize(
    ("endpoints", "name", "listed"),
    [
        (ALL, "o", "“Built-in Audio Analog Stereo”, “Logi Headset Mono”"),
        (TWINS, "usb", "“alsa_input.a”, “alsa_input.b”"),
    ],
)
def test_several_are_listed_by_names_that_differ(endpoints: tuple[Endpoint, ...], name: str, listed: str) -> None:
    with pytest.raises(UsageError) as error:
        choose(endpoints, name)
    assert str(error.value) == f"“{name}” may be any of {listed}; give one of these names."
