"""`back-stretches chat`: a typed conversation."""

import io
import queue
import sys
import threading
import time
from collections.abc import Iterator

import click

from skill.audio.blocks import BLOCK_MS
from skill.commands.options import with_parts
from skill.commands.replay import printer
from skill.composition.parts import Parts, memory_file
from skill.memory import Memory
from skill.session import Session
from skill.simulation.replay import feed_tail, pass_time
from skill.understanding.understanding import Understanding

AFTER_LINE_S = 2.0
"""Seconds of audio time that pass after every line."""

BEHIND_S = 1.0
"""Seconds of real time that are made up for at a terminal: not those in which the program was stopped (Ctrl-Z)."""

WAIT, QUIT, HELP = "/wait", "/quit", "/help"

USAGE = """\
A line is what you would say, like: start back stretches. Ctrl-D, /quit or goodbye ends it.
/wait SECONDS lets time pass, like: /wait 20."""
"""What /help prints."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@with_parts
def chat(parts: Parts, as_json: bool) -> None:
    """Hold the conversation in writing: a line is what you would say.

    /wait SECONDS lets time pass, /help explains this in short, and /quit, Ctrl-D or "goodbye" ends it.

    At a terminal it runs in real time, and your place is kept as in the live session. With input from a pipe or a
    file, or with --json, nothing is kept, and only audio time passes: two seconds after every line, the seconds of
    /wait, and at the end until the coach waits for you. --model and --voice are checked, but a typed conversation
    uses neither.
    """
    parts.check_named()
    run(parts, as_json, at_terminal=sys.stdin.isatty() and not as_json)


def run(parts: Parts, as_json: bool = False, at_terminal: bool = False) -> None:
    """Hold a typed conversation: in real time at a terminal, otherwise as fast as possible in audio time."""
    memory = Memory(memory_file() if at_terminal else None)
    _read_any_bytes()
    typing = _Typing(parts, parts.session(log=printer(parts, as_json), memory=memory), as_json)
    typing.session.start()
    try:
        if at_terminal:
            _run_at_terminal(typing)
        else:
            _run_fast(typing)
    finally:  # on Ctrl-C too: the place is kept
        typing.session.close("input ended")


def _read_any_bytes() -> None:
    """Accept input that is not valid text, as words that are not understood."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")


class _Typing:
    """Turns typed lines into utterances of a session."""

    def __init__(self, parts: Parts, session: Session, as_json: bool):
        self.session = session
        self._as_json = as_json
        self._understanding = Understanding(parts.sentences, parts.settings.listening)

    def take(self, line: str, number: int | None = None, after_s: float = 0) -> None:
        """Carry out a line; `after_s` of audio time follow an utterance. With a `number`, errors are usage errors."""
        text = line.strip()
        if text == QUIT:
            self.session.close("closed")
        elif text == HELP:
            click.echo(USAGE, err=self._as_json)
        elif text.startswith(WAIT):
            pass_time(self.session, _seconds(text, number))
        elif text:
            self._say(text)
            pass_time(self.session, after_s)

    def _say(self, line: str) -> None:
        """Handle a line as an utterance at this moment."""
        session = self.session
        session.handle(self._understanding.event(line, session.view.state, session.now))


def _run_fast(typing: _Typing) -> None:
    for number, line in enumerate(sys.stdin, 1):
        if typing.session.ended:
            return
        typing.take(line, number, AFTER_LINE_S)
    feed_tail(typing.session)


def _run_at_terminal(typing: _Typing) -> None:
    session = typing.session
    lines: queue.Queue[str | None] = queue.Queue(100)
    threading.Thread(target=_read_lines, args=(lines,), daemon=True).start()
    for _ in _ticks():
        try:
            line = lines.get_nowait()
        except queue.Empty:
            line = ""
        if line is None or session.ended:
            return
        typing.take(line)
        pass_time(session, BLOCK_MS / 1000)


def _ticks() -> Iterator[None]:
    """Yield once for every block, at real-time pace."""
    due = time.monotonic()
    while True:
        yield
        due = max(due + BLOCK_MS / 1000, time.monotonic() - BEHIND_S)
        time.sleep(max(0.0, due - time.monotonic()))


def _read_lines(lines: "queue.Queue[str | None]") -> None:
    for line in sys.stdin:
        lines.put(line)
    lines.put(None)


def _seconds(text: str, number: int | None) -> float:
    """Return the seconds of a /wait line. Without a line number, print what is wrong and return 0."""
    words = text.split()
    try:
        seconds = float(words[1])
        if words[0] != WAIT or len(words) != 2 or not 0 <= seconds <= 86_400:
            raise ValueError
    except (IndexError, ValueError):
        where = f"line {number}: " if number else ""
        message = f"{where}“{text}”: write {WAIT} and a number of seconds, at most 86400, like {WAIT} 20."
        if number is None:
            click.echo(message, err=True)
            return 0.0
        raise click.UsageError(message) from None
    return seconds
