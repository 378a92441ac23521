"""The coach's voice with the real engine: text becomes clips, and clips are kept."""

import os
import tempfile
from pathlib import Path

import numpy as np
import pytest

from skill.errors import SynthesisError
from skill.voice.silent_voice import SilentVoice
from skill.voice.trimming import trim
from tests.speech import say
from tests.voice.voices import NO_WORKER, Counted, Open, seconds

pytest_plugins = ["tests.voice.voice_fixtures"]

LONG = (
    "Kneel, with the tops of your feet down and your big toes touching, let your bottom sink toward your heels and your"
    " trunk between your thighs, stretch your arms long in front of you, rest your forehead on the floor, and breathe"
    " slowly and evenly for as long as it feels good to you."
)


def test_lines_become_speech_of_their_length_in_any_order(voice_of: Open) -> None:
    """Long texts come late from the engine: none may leak into the next one."""
    voice = voice_of()
    assert len(LONG) > 190
    for line in ("Hold.", LONG, "And rest.", LONG[:250], "Number one of seven: knee to chest."):
        clip = voice.wait(line)
        assert clip.dtype == np.int16
        assert np.abs(clip.astype(int)).max() > 3000
        assert seconds(clip) == pytest.approx(seconds(trim(say(line, "gmw/en-us", 150))), abs=0.15), line


def test_the_rate_is_the_settings_rate(voice_of: Open) -> None:
    line = "Breathe in, and breathe out, slowly."
    slow, fast = voice_of(rate=100).wait(line), voice_of(rate=200).wait(line)
    assert 1.5 < len(slow) / len(fast) < 2.5


def test_the_voice_is_the_settings_voice(voice_of: Open) -> None:
    line = "Breathe in."
    assert not np.array_equal(voice_of(voice="en-us").wait(line), voice_of(voice="gmw/de").wait(line))


@pytest.mark.parametrize(
    "line",
    [
        'She said: "breathe", and \\ that\'s it.',
        "Naïve café, “curly” — 你好, ñandú.",
        "{braces} 100 % & <b>tags</b> $HOME `date`; rm",
        "Tabs\tand\nnew lines.",
        "Zero\0byte.",
    ],
)
def test_odd_characters_are_spoken(voice_of: Open, line: str) -> None:
    assert seconds(voice_of().wait(line)) > 0.5


def test_get_never_waits(voice_of: Open) -> None:
    voice = voice_of()
    assert voice.get("Hold for twenty seconds.") is None
    clip = voice.wait("Hold for twenty seconds.")
    assert np.array_equal(voice.get("Hold for twenty seconds."), clip)


def test_clips_are_kept_by_text_voice_and_rate(voice_of: Open, tmp_path: Path) -> None:
    worker = Counted(tmp_path / "pids")
    first = voice_of(worker.command).wait("Well done.")
    again = voice_of(NO_WORKER).wait("Well done.")
    np.testing.assert_array_equal(again, first)
    assert len(worker.pids) == 1
    for other in ({"rate": 160}, {"voice": "gmw/de"}):
        with pytest.raises(SynthesisError):
            voice_of(NO_WORKER, **other).wait("Well done.")
    with pytest.raises(SynthesisError):
        voice_of(NO_WORKER).wait("Well done!")


def test_a_cache_that_cannot_be_written_does_not_matter(voice_of: Open, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/clips")):
        assert seconds(voice_of(cache=place).wait("All right.")) > 0.3


@pytest.mark.parametrize("damage", ["empty", "cut", "other bytes"])
def test_a_damaged_clip_is_rendered_again(voice_of: Open, tmp_path: Path, damage: str) -> None:
    clip = voice_of().wait("All right.")
    (file,) = (tmp_path / "clips").iterdir()
    whole = file.read_bytes()
    match damage:
        case "empty":
            file.write_bytes(b"")
        case "cut":
            file.write_bytes(whole[: len(whole) // 2])
        case "other bytes":
            file.write_bytes(os.urandom(len(whole)))
    np.testing.assert_array_equal(voice_of().wait("All right."), clip)
    np.testing.assert_array_equal(voice_of(NO_WORKER).wait("All right."), clip)
    assert list((tmp_path / "clips").iterdir()) == [file]


def test_a_folder_in_place_of_a_clip_does_not_matter(voice_of: Open, tmp_path: Path) -> None:
    clip = voice_of().wait("All right.")
    (file,) = (tmp_path / "clips").iterdir()
    file.unlink()
    file.mkdir()
    np.testing.assert_array_equal(voice_of().wait("All right."), clip)
    assert list((tmp_path / "clips").iterdir()) == [file]


def test_without_a_cache_folder_nothing_is_left(
    voice_of: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    voice = voice_of(cache=None)
    assert seconds(voice.wait("All right.")) > 0.3
    voice.close()
    assert list(tmp_path.iterdir()) == []


def test_the_silent_voice_takes_as_long_as_speech() -> None:
    clip = SilentVoice().wait("Draw the right knee gently to your chest.")
    assert not clip.any()
    assert 2 < seconds(clip) < 5
    assert np.array_equal(SilentVoice().get("Two words."), SilentVoice().wait("Two words."))
