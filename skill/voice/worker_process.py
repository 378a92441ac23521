"""The client of a worker process: starts it when it is needed, kills and replaces it when it fails or hangs."""

import json
import logging
import queue
import subprocess
import threading

from skill.errors import SynthesisError

ANSWER_TIMEOUT_S = 15.0
"""Timeout for an answer of the worker, seconds (wall clock)."""

CLOSED = "The voice is closed."

_logger = logging.getLogger(__name__)


class RequestRefused(SynthesisError):
    """The request is wrong, and would be for every worker; the message is for the user."""


class WorkerProcess:
    """A process that runs worker_server. One thread asks; any may stop it."""

    def __init__(self, command: list[str]):
        """Take the command of the process; it is started with the first request."""
        self._command = command
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._lock = threading.Lock()  # nothing is started after `stop`
        self._answers: queue.Queue[str] = queue.Queue()
        self._stopped = False
        self._starts = 0

    def ask(self, request: dict[str, object]) -> None:
        """Have a request carried out. SynthesisError when the worker fails, dies or hangs, or refuses the request."""
        if self._process is None or self._process.poll() is not None:
            self._start()
        process = self._process
        if process is None or process.stdin is None:
            raise SynthesisError(CLOSED)
        try:
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
        except OSError as error:
            self._kill("it is gone")
            raise SynthesisError("the worker process is gone") from error
        self._expect_ok()

    def _start(self) -> None:
        self._kill("it has ended")
        self._answers = queue.Queue()
        with self._lock:
            if self._stopped:
                raise SynthesisError(CLOSED)
            try:
                self._process = self._popen()
            except OSError as error:
                raise SynthesisError(f"the worker process cannot be started ({error.strerror})") from error
        self._starts += 1
        _logger.info("worker process %d %s", self._process.pid, "restarted" if self._starts > 1 else "started")
        self._reader = threading.Thread(target=_pump, args=(self._process, self._answers), daemon=True)
        self._reader.start()
        self._expect_ok()

    def _popen(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            bufsize=1,
        )

    def _expect_ok(self) -> None:
        try:
            line = self._answers.get(timeout=ANSWER_TIMEOUT_S)
        except queue.Empty:
            self._kill(f"no answer within {ANSWER_TIMEOUT_S:.0f} s")
            raise SynthesisError(f"no answer within {ANSWER_TIMEOUT_S:.0f} s") from None
        if not line:
            self._kill("it has ended")
            raise SynthesisError("the worker process ended")
        answer = _parsed(line)
        if answer.get("ok"):
            return
        if "refused" in answer:
            raise RequestRefused(answer["refused"])
        self._kill("its engine failed")  # after an error the engine cannot be relied on
        raise SynthesisError(answer.get("error", line))

    def kill(self) -> None:
        """End the process immediately."""
        self._kill("the voice is closed")

    def _kill(self, reason: str) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            _logger.info("worker process %d killed: %s", self._process.pid, reason)
            self._process = None
        if self._reader:
            self._reader.join(timeout=1)  # it ends with the process
            self._reader = None

    def stop(self) -> None:
        """End the process for good; the thread that asks finds it gone."""
        with self._lock:
            self._stopped = True
            process = self._process  # the thread that asks may let go of it at any moment
        if process:
            process.kill()


def _parsed(line: str) -> dict[str, str]:
    """Return an answer; nothing of it if the worker does not speak the protocol."""
    try:
        answer = json.loads(line)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _pump(process: "subprocess.Popen[str]", answers: "queue.Queue[str]") -> None:
    """Move the worker's answers into a queue; an empty string means that it has ended."""
    assert process.stdout
    for line in process.stdout:
        answers.put(line)
    answers.put("")
