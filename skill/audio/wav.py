"""Sound files: any rate, width and channel count in; 16 kHz mono int16 WAV out."""

import contextlib
import io
import os
import sys
import wave
from pathlib import Path
from types import TracebackType

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from skill.audio.blocks import SAMPLE_RATE, Samples, check_samples, to_int16
from skill.errors import AudioError

MAX_SECONDS = 4 * 3600
"""Longest file that is read, seconds: longer ones would not fit into memory."""

MAX_BYTES = 1_000_000_000
"""Maximum number of bytes read from a pipe."""

STANDARD_INPUT = Path("-")

CANCELLED = 0.1
"""Channels cancel each other if the power of their mean is less than this share of that of uncorrelated channels."""


def read(path: Path) -> Samples:
    """Return the sound of a file of any rate, width and channel count as Samples: mono, SAMPLE_RATE, int16.

    `-` is standard input. NaN in a float file becomes silence. Raises AudioError if there is no such
    file, no sound in it, or less sound than its header says.
    """
    try:
        if _is_stream(path):
            channels, rate = _read(path, io.BytesIO(_all_of(path)))
        else:
            _refuse_unusable(path)
            channels, rate = _read(path, path)
    except OSError as error:
        raise AudioError(f"{path}: cannot be read ({error.strerror or error}); name a WAV or FLAC file.") from error
    except (soundfile.SoundFileError, RuntimeError, TypeError) as error:  # TypeError: a file without a header
        raise AudioError(f"{path}: not a sound file that can be read ({error}); convert it to WAV.") from error
    mono = _mono(np.clip(np.nan_to_num(channels), -1.0, 1.0))
    return to_int16(mono if rate == SAMPLE_RATE else soxr.resample(mono, rate, SAMPLE_RATE))


def _mono(channels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the mean of the channels; the loudest of them if they cancel each other, as with swapped wires."""
    mean = channels.mean(axis=1)
    powers = np.einsum("ij,ij->j", channels, channels, dtype=np.float64)
    unrelated = float(powers.sum()) / len(powers) ** 2  # the power of the mean of uncorrelated channels
    if float(np.einsum("i,i", mean, mean, dtype=np.float64)) < CANCELLED * unrelated:
        return channels[:, int(powers.argmax())]
    return mean


def _is_stream(path: Path) -> bool:
    """Return whether this is a pipe, such as standard input, which cannot be read twice."""
    return path == STANDARD_INPUT or path.is_fifo() or path.is_char_device() or path.is_socket()


def _all_of(path: Path) -> bytes:
    with contextlib.ExitStack() as stack:
        pipe = sys.stdin.buffer if path == STANDARD_INPUT else stack.enter_context(path.open("rb"))
        read = pipe.read(MAX_BYTES + 1)
    if len(read) > MAX_BYTES:
        raise AudioError(f"{path}: more than {MAX_BYTES // 1_000_000} MB of sound; cut it into parts.")
    if not read:
        raise AudioError(f"{path}: nothing came from there; send a WAV or FLAC file.")
    return read


def _read(path: Path, source: Path | io.BytesIO) -> tuple[NDArray[np.float32], int]:
    """Return the samples of a file, a column for each channel, and their rate."""
    with soundfile.SoundFile(source) as file:
        if file.frames > MAX_SECONDS * file.samplerate:
            raise AudioError(f"{path}: longer than {MAX_SECONDS // 3600} hours; cut it into parts.")
        channels = file.read(dtype="float32", always_2d=True)
        if len(channels) == 0:
            raise AudioError(f"{path}: there is no audio in it; record it again.")
        if len(channels) < file.frames:
            raise AudioError(
                f"{path}: cut off after {len(channels)} of {file.frames} samples; copy or record it again."
            )
        return channels, file.samplerate


def _refuse_unusable(path: Path) -> None:
    if path.is_dir():
        raise AudioError(f"{path}: this is a folder; name a WAV or FLAC file.")
    if not path.is_file():
        raise AudioError(f"{path}: there is no such file; name a WAV or FLAC file.")
    if path.stat().st_size == 0:
        raise AudioError(f"{path}: the file is empty; record it again.")
    _refuse_truncated(path)


def _refuse_truncated(path: Path) -> None:
    """Compare the size in a WAV's header with the file's: the sound library reads truncated files without an error.

    A size of zero or of the largest number, which streaming recorders write, is accepted.
    """
    with path.open("rb") as file:
        head = file.read(12)
        if len(head) < 12 or head[:4] != b"RIFF" or head[8:12] != b"WAVE":
            return
        size = path.stat().st_size
        while len(chunk := file.read(8)) == 8:
            length = int.from_bytes(chunk[4:], "little")
            if chunk[:4] == b"data":
                if 0 < length < 0xFFFFFF00 and file.tell() + length > size:
                    raise AudioError(
                        f"{path}: cut off, {size - file.tell()} of {length} bytes of sound are there;"
                        " copy or record it again."
                    )
                return
            file.seek(length + length % 2, os.SEEK_CUR)


class Writer:
    """Writes 16 kHz mono int16 blocks to a WAV; the file appears under its name only when it is complete."""

    def __init__(self, path: Path):
        self.path = path
        try:
            if not path.name or (path.exists() and not path.is_file()):  # a device must not be replaced by a file
                raise AudioError(f"{path}: this is no file; give the WAV another name.")
            self._part = path.with_name(f".{path.name}.part")
            self._raw = self._part.open("wb")
        except OSError as error:
            raise self._failed(error) from error
        self._file = wave.open(self._raw)  # noqa: SIM115 - closed in __exit__
        self._file.setnchannels(1)
        self._file.setsampwidth(2)
        self._file.setframerate(SAMPLE_RATE)

    def write(self, samples: Samples) -> None:
        """Append samples. Raises AudioError if the disk is full, AudioFormatError unless they are mono int16."""
        check_samples(samples)
        try:
            self._file.writeframesraw(samples.astype("<i2").tobytes())
        except OSError as error:
            raise self._failed(error) from error

    def __enter__(self) -> "Writer":
        return self

    def __exit__(self, kind: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        try:
            self._file.close()
            self._raw.close()
            if kind is None:
                self._part.replace(self.path)
        except OSError as error:
            if kind is None:
                raise self._failed(error) from error
        finally:
            self._part.unlink(missing_ok=True)

    def _failed(self, error: OSError) -> AudioError:
        return AudioError(f"{self.path}: cannot be written ({error.strerror}); choose another place.")


def write(path: Path, samples: Samples) -> None:
    """Write samples (mono int16, 16 kHz) to a WAV in one go. Raises as Writer does; then no file is left."""
    with Writer(path) as writer:
        writer.write(samples)
