"""Sound files of many formats are read, one format is written; errors are one sentence."""

import resource
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from skill.audio import wav
from skill.audio.blocks import SAMPLE_RATE, AudioFormatError
from skill.errors import AudioError

RATES = (8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000)
WIDTHS = ("PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE")
SECONDS = 0.5
HZ = 440.0


def tone(rate: int, channels: int = 1, level: float = 0.5) -> np.ndarray:
    mono = level * np.sin(2 * np.pi * HZ * np.arange(round(SECONDS * rate)) / rate)
    return np.repeat(mono[:, None], channels, axis=1)


def pitch(samples: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum)) * SAMPLE_RATE / len(samples)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_length_level_and_pitch_are_kept(tmp_path: Path, rate: int, width: str, channels: int) -> None:
    path = tmp_path / "tone.wav"
    soundfile.write(path, tone(rate, channels), rate, subtype=width)
    samples = wav.read(path)
    assert samples.dtype == np.int16
    assert samples.ndim == 1
    assert abs(len(samples) - SECONDS * SAMPLE_RATE) <= 1
    assert pitch(samples) == pytest.approx(HZ, abs=2)
    middle = samples[1000:-1000].astype(float) / 32768
    assert np.sqrt(2 * np.mean(middle**2)) == pytest.approx(0.5, rel=0.01)


def test_samples_in_the_internal_format_are_read_bit_for_bit(tmp_path: Path) -> None:
    samples = np.array([0, 1, -1, 32767, -32768, 12345], dtype=np.int16)
    for name in ("a.wav", "a.flac"):
        soundfile.write(tmp_path / name, samples, SAMPLE_RATE, subtype="PCM_16")
        np.testing.assert_array_equal(wav.read(tmp_path / name), samples)


def test_channels_are_averaged(tmp_path: Path) -> None:
    path = tmp_path / "stereo.wav"
    soundfile.write(path, np.array([[1000, 3000], [-4, -8]], dtype=np.int16), SAMPLE_RATE)
    np.testing.assert_array_equal(wav.read(path), [2000, -6])


@pytest.mark.parametrize(("left", "right", "taken"), [(1.0, -1.0, 1.0), (-0.8, 1.0, 1.0), (1.0, -0.9, 1.0)])
def test_of_channels_that_cancel_each_other_the_loudest_is_taken(
    tmp_path: Path, left: float, right: float, taken: float
) -> None:
    path = tmp_path / "swapped.wav"
    soundfile.write(path, tone(SAMPLE_RATE) * [left, right], SAMPLE_RATE, subtype="FLOAT")
    expected = (32768 * taken * tone(SAMPLE_RATE)[:, 0]).astype(int)
    np.testing.assert_allclose(wav.read(path).astype(int), expected, atol=2)


@pytest.mark.parametrize("levels", [(1.0, 0.0), (1.0, -0.5), (0.0, 0.0, 0.0, 1.0, 0.0, 0.0)])
def test_other_channels_are_still_averaged(tmp_path: Path, levels: tuple[float, ...]) -> None:
    path = tmp_path / "one-side.wav"
    soundfile.write(path, tone(SAMPLE_RATE) * levels, SAMPLE_RATE, subtype="FLOAT")
    expected = (32768 * np.mean(levels) * tone(SAMPLE_RATE)[:, 0]).astype(int)
    np.testing.assert_allclose(wav.read(path).astype(int), expected, atol=2)


@pytest.mark.parametrize("rate", [16_000, 44_100])
@pytest.mark.parametrize(("value", "expected"), [(np.nan, 0), (np.inf, 32767), (-np.inf, -32768), (1e30, 32767)])
@pytest.mark.filterwarnings("error")
def test_numbers_that_are_no_sound(tmp_path: Path, rate: int, value: float, expected: int) -> None:
    path = tmp_path / "strange.wav"
    soundfile.write(path, np.full((rate // 10, 2), value, dtype=np.float32), rate, subtype="FLOAT")
    middle = wav.read(path)[200:-200]
    assert np.abs(middle.astype(int) - expected).max() <= 40


def test_other_chunks_before_the_sound(tmp_path: Path) -> None:
    path = tmp_path / "tagged.wav"
    wav.write(path, np.arange(100, dtype=np.int16))
    whole = path.read_bytes()
    extra = b"LIST" + struct.pack("<I", 5) + b"hello\0"
    path.write_bytes(whole[:12] + extra + whole[12:])
    np.testing.assert_array_equal(wav.read(path), np.arange(100))


@pytest.mark.parametrize("promise", [0xFFFFFFFF, 0x7FFFFFFF + 0x80000000])
def test_a_recorder_that_streams_leaves_the_length_open(tmp_path: Path, promise: int) -> None:
    path = tmp_path / "stream.wav"
    wav.write(path, np.arange(1000, dtype=np.int16))
    whole = bytearray(path.read_bytes())
    whole[40:44] = struct.pack("<I", promise)
    path.write_bytes(whole)
    np.testing.assert_array_equal(wav.read(path), np.arange(1000))


def cut(path: Path, share: float) -> None:
    path.write_bytes(path.read_bytes()[: round(path.stat().st_size * share)])


@pytest.mark.parametrize("name", ["tone.wav", "tone.flac"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95, 0.9999])
def test_a_file_that_is_cut_off_is_refused(tmp_path: Path, name: str, share: float) -> None:
    path = tmp_path / name
    noise = np.random.default_rng(0).normal(0, 0.1, 30_000)
    soundfile.write(path, noise, SAMPLE_RATE, subtype="PCM_16")
    cut(path, share)
    with pytest.raises(AudioError, match=f"{name}: .*; (copy or record it again|convert it to WAV)"):
        wav.read(path)


def folder(path: Path) -> None:
    path.mkdir()


def no_samples(path: Path) -> None:
    soundfile.write(path, np.zeros(0), SAMPLE_RATE, format="WAV")


BAD_FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing.wav": (lambda path: None, "no such file"),
    "empty.wav": (lambda path: path.write_bytes(b""), "empty"),
    "no_samples.wav": (no_samples, "no audio"),
    "text.wav": (lambda path: path.write_text("This is not a sound.\n" * 9), "not a sound file"),
    "riff.wav": (lambda path: path.write_bytes(b"RIFF\x24\0\0\0WAVE"), "not a sound file"),
    "zeros.flac": (lambda path: path.write_bytes(bytes(4000)), "not a sound file"),
    "headerless.raw": (lambda path: path.write_bytes(bytes(4000)), "not a sound file"),
    "folder.wav": (folder, "folder"),
    "long" * 80 + ".wav": (lambda path: None, "cannot be read"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_named_with_what_to_do(tmp_path: Path, name: str) -> None:
    make, reason = BAD_FILES[name]
    path = tmp_path / name
    make(path)
    with pytest.raises(AudioError, match=reason) as error:
        wav.read(path)
    message = str(error.value)
    assert message.startswith(f"{path}: ")
    assert "; " in message
    assert message.endswith(".")


def test_any_bytes_are_a_sound_or_an_audio_error(tmp_path: Path) -> None:
    good = tmp_path / "good.wav"
    wav.write(good, np.arange(200, dtype=np.int16))
    whole = good.read_bytes()
    random = np.random.default_rng(3)
    path = tmp_path / "damaged.wav"
    read = 0
    for _ in range(300):
        damaged = bytearray(whole)
        for place in random.integers(0, 60, 3):
            damaged[place] = random.integers(256)
        path.write_bytes(damaged)
        try:
            read += wav.read(path).dtype == np.int16
        except AudioError:
            continue
    assert 0 < read < 300


def test_writing_and_reading_back(tmp_path: Path) -> None:
    path = tmp_path / "out.wav"
    samples = np.arange(-500, 500, dtype=np.int16)
    with wav.Writer(path) as writer:
        for block in np.split(samples, 10):
            writer.write(block)
        assert not path.exists()
    np.testing.assert_array_equal(wav.read(path), samples)
    assert soundfile.info(path).subtype == "PCM_16"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, SystemExit])
def test_an_interruption_leaves_what_was_there_before(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "out.wav"
    wav.write(path, np.ones(10, dtype=np.int16))
    before = path.read_bytes()

    def interrupted() -> None:
        with wav.Writer(path) as writer:
            writer.write(np.zeros(100_000, dtype=np.int16))
            raise error

    with pytest.raises(error):
        interrupted()
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "nowhere" / "out.wav", tmp_path / "file" / "out.wav", tmp_path / ("long" * 80)):
        with pytest.raises(AudioError, match="cannot be written"):
            wav.Writer(path)
    for path in (tmp_path, Path("/dev/null"), Path("")):
        with pytest.raises(AudioError, match="this is no file"):
            wav.Writer(path)
    assert Path("/dev/null").is_char_device()


def test_a_full_disk_is_reported_and_leaves_no_file(tmp_path: Path) -> None:
    program = (
        "import sys, numpy, pathlib; from skill.audio import wav; from skill.errors import AudioError\n"
        "try: wav.write(pathlib.Path(sys.argv[1]), numpy.zeros(100_000, dtype=numpy.int16))\n"
        "except AudioError as error: print(error)"
    )
    limit = (20_000, 20_000)
    result = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "out.wav")],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit),
    )
    assert "out.wav: cannot be written (File too large)" in result.stdout
    assert result.stderr == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("wrong", [np.zeros(100), np.full(100, np.nan), np.zeros((100, 2), np.int16), [0, 1]])
def test_only_mono_int16_is_written_and_nothing_is_left_of_a_try(tmp_path: Path, wrong: object) -> None:
    """Floats were cut to zeros, and two channels written one after the other, without a word."""
    with pytest.raises(AudioFormatError, match="expected mono samples, a one-dimensional array of int16"):
        wav.write(tmp_path / "out.wav", wrong)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []
