"""The sound card: played sound is heard at every rate of the device, and losses are counted."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from skill.audio import wav
from skill.audio.blocks import Samples
from tests.live import servers
from tests.live.hearing import correlate
from tests.live.sound_server import SoundServer
from tests.speech import say

CLIP = say("Lie down on your back, in your own time.")
PART = 1600
"""Length of the parts of the clip that are searched, samples."""

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def server() -> Iterator[SoundServer]:
    server = servers.start(heard="speaker")
    yield server
    server.stop()


def loop(server: SoundServer, folder: Path, rate: int, seconds: float, stall: str = "") -> dict[str, int]:
    """Play the clip and write what the device delivered; return what it counted."""
    wav.write(folder / "clip.wav", CLIP)
    files = [str(folder / name) for name in ("clip.wav", "near.wav", "far.wav")]
    command = [sys.executable, "-m", "tests.live.loop", str(rate), str(seconds), *files, stall]
    run = subprocess.run(
        command, env=server.environment, cwd=REPOSITORY, timeout=120, check=True, capture_output=True, text=True
    )
    assert run.stderr == ""
    counts: dict[str, int] = json.loads(run.stdout)
    return counts


def best_match(recording: Samples, clip: Samples) -> tuple[float, int]:
    """Return the highest correlation of a recording with a clip, and where that part begins."""
    found = correlate(recording.astype(np.float64), clip.astype(np.float64))
    return float(found.max()), int(found.argmax())


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000])
def test_what_is_played_is_heard_whatever_the_rate(server: SoundServer, tmp_path: Path, rate: int) -> None:
    counts = loop(server, tmp_path, rate, seconds=5.5)
    far, near = wav.read(tmp_path / "far.wav"), wav.read(tmp_path / "near.wav")
    exact, played_at = best_match(far, CLIP)
    assert exact == pytest.approx(1.0, abs=1e-6), "the far end is not what the player gave"
    found = [(start, *best_match(near, CLIP[start : start + PART])) for start in range(8000, len(CLIP) - PART, 4000)]
    clear = [(start, place) for start, alike, place in found if alike > 0.8]
    assert len(clear) > len(found) * 2 / 3, f"not heard as it was played: {found}; {counts}"
    for start, place in clear:
        assert 0 < place - played_at - start < 16_000, f"not heard within a second after it was played: {found}"
    (first, first_place), (last, last_place) = clear[0], clear[-1]
    pace = (last_place - first_place) / (last - first)
    assert pace == pytest.approx(1.0, abs=0.01), "PulseAudio itself is off by up to 0.3 percent"


def test_a_busy_sound_card_thread_is_counted(server: SoundServer, tmp_path: Path) -> None:
    counts = loop(server, tmp_path, 16_000, seconds=2.5, stall="callback")
    assert counts["overruns"] + counts["underruns"] > 0
    assert counts["dropped"] == 0


def test_a_session_too_slow_to_take_its_blocks_is_counted(server: SoundServer, tmp_path: Path) -> None:
    counts = loop(server, tmp_path, 16_000, seconds=0.5, stall="session")
    assert counts["dropped"] > 0
