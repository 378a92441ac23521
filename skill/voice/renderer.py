"""Renders one line after the other in a worker process, which is replaced when it fails."""

import tempfile
from pathlib import Path

from skill.audio import wav
from skill.audio.blocks import Samples
from skill.errors import AudioError, SynthesisError
from skill.voice.trimming import trim
from skill.voice.worker_process import RequestRefused, WorkerProcess

TRIES = 2
"""Attempts to render a line, each with a new worker if the last one failed."""

REMEDY = "install the speech engine (Debian: espeak-ng), and see `back-stretches doctor`."


class Renderer:
    """Speaks in one voice. `render` is for one thread, `stop` for any."""

    def __init__(self, command: list[str], voice: str):
        """Take the command of the worker process, and the voice's name there."""
        self._worker = WorkerProcess(command)
        self._voice = voice

    def render(self, line: str, rate: int) -> Samples:
        """Return the clip of a line at a rate (words a minute). SynthesisError: it cannot be rendered."""
        with tempfile.TemporaryDirectory(prefix="back-stretches-") as folder:
            path = Path(folder) / "line.wav"
            request = {"text": line, "voice": self._voice, "rate": rate, "path": str(path)}
            for left in reversed(range(TRIES)):
                try:
                    self._worker.ask(request)
                    return trim(wav.read(path))
                except RequestRefused:
                    raise
                except (SynthesisError, AudioError) as error:
                    path.unlink(missing_ok=True)
                    if not left:
                        raise failure(line, " ".join(str(error).split()).rstrip(".")) from error
        raise AssertionError("unreachable")

    def stop(self) -> None:
        """End the worker process for good; `render` fails from now on."""
        self._worker.stop()

    def close(self) -> None:
        """Clean up after `stop`, when nothing is rendered any more."""
        self._worker.kill()


def failure(line: str, reason: str) -> SynthesisError:
    """Return the error that says why a line could not be spoken."""
    return SynthesisError(f"“{line}” could not be spoken ({reason}); {REMEDY}")
