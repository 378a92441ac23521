"""A voice's worker process as seen from outside: started when it is needed, killed when it hangs."""

import json
import queue
import subprocess
import threading

from skill.errors import SynthesisError

ANSWER_TIMEOUT_S = 15.0
"""A worker that has not answered by then hangs; it is killed and replaced."""

CLOSED = "The voice is closed."


class WorkerProcess:
    """A process that speaks the protocol of worker_loop."""

    def __init__(self, command: list[str]):
        """Take the command of the process; it is started with the first request."""
        self._command = command
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._lock = threading.Lock()  # nothing is started after `stop`
        self._answers: queue.Queue[str] = queue.Queue()
        self._stopped = False

    def ask(self, request: dict[str, object]) -> None:
        """Have a request carried out. SynthesisError when the worker fails, dies or hangs."""
        if self._process is None or self._process.poll() is not None:
            self._start()
        process = self._process
        if process is None or process.stdin is None:
            raise SynthesisError(CLOSED)
        try:
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
        except OSError as error:
            self.kill()
            raise SynthesisError("the worker process is gone") from error
        self._expect_ok()

    def _start(self) -> None:
        self.kill()
        self._answers = queue.Queue()
        with self._lock:
            if self._stopped:
                raise SynthesisError(CLOSED)
            try:
                self._process = self._popen()
            except OSError as error:
                raise SynthesisError(f"the worker process cannot be started ({error.strerror})") from error
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
            self.kill()
            raise SynthesisError(f"no answer within {ANSWER_TIMEOUT_S:.0f} s") from None
        if not line:
            self.kill()
            raise SynthesisError("the worker process ended")
        if json.loads(line).get("ok"):
            return
        self.kill()  # after an error the engine cannot be relied on
        raise SynthesisError(json.loads(line).get("error", line))

    def kill(self) -> None:
        """End the process at once."""
        if self._process:
            self._process.kill()
            self._process.wait()
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


def _pump(process: "subprocess.Popen[str]", answers: "queue.Queue[str]") -> None:
    """Move the worker's answers into a queue; an empty string when it is gone."""
    assert process.stdout
    for line in process.stdout:
        answers.put(line)
    answers.put("")
