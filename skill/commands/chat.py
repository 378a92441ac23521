"""`back-stretches chat`: the same conversation, typed."""

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
from skill.composition import Parts, memory_file
from skill.memory import Memory
from skill.session import Session
from skill.simulation.replay import feed_tail, pass_time
from skill.understanding.understanding import Understanding

AFTER_LINE_S = 2.0
"""Audio time that passes after every line."""

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

    /wait SECONDS lets time pass, /help tells this in short, and /quit, Ctrl-D or "goodbye" ends it.

    At a terminal time passes as it does, and your place is kept as in the live session. With input from a pipe or a
    file, or with --json, nothing is kept, and time passes only as far as it must: two seconds after every line, what
    /wait says, and at the end until the coach waits for you. Model and voice are checked where they are named, but a
    typed conversation uses neither.
    """
    parts.check_named()
    run(parts, as_json, at_terminal=sys.stdin.isatty() and not as_json)


def run(parts: Parts, as_json: bool = False, at_terminal: bool = False) -> None:
    """Hold a typed conversation; at a terminal time passes as it does, elsewhere only as far as it must."""
    memory = Memory(memory_file() if at_terminal else None)
    _read_any_bytes()
    typing = _Typing(parts, parts.session(log=printer(as_json), memory=memory), as_json)
    typing.session.start()
    try:
        if at_terminal:
            _run_at_terminal(typing)
        else:
            _run_at_once(typing)
    finally:  # also by Ctrl-C: the place is kept
        typing.session.close("input ended")


def _read_any_bytes() -> None:
    """Let input that is no text be read all the same: as words that nobody understands."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")


class _Typing:
    """Turns typed lines into utterances of a session."""

    def __init__(self, parts: Parts, session: Session, as_json: bool):
        self.session = session
        self._as_json = as_json
        self._understanding = Understanding(parts.sentences, parts.settings.listening)

    def take(self, line: str, number: int | None = None, after_s: float = 0) -> None:
        """Do what a line asks for; an utterance is followed by so many seconds. UsageError where it has a number."""
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
        """Let a line be an utterance at this moment."""
        session = self.session
        session.handle(self._understanding.event(line, session.view.state, session.now))


def _run_at_once(typing: _Typing) -> None:
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
    """Yield once a block, at the pace of real time."""
    due = time.monotonic()
    while True:
        yield
        due += BLOCK_MS / 1000
        time.sleep(max(0.0, due - time.monotonic()))


def _read_lines(lines: "queue.Queue[str | None]") -> None:
    for line in sys.stdin:
        lines.put(line)
    lines.put(None)


def _seconds(text: str, number: int | None) -> float:
    """Return the seconds of a /wait line. UsageError where there are none."""
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
