"""`back-stretches replay`: a whole session with a sound file as the microphone."""

import contextlib
import json
from pathlib import Path
from typing import Any

import click

from skill import parts as parts_of
from skill.audio import wav
from skill.audio.blocks import blocks
from skill.captions import caption
from skill.offline import TAIL_S, feed, feed_tail
from skill.parts import Parts


@click.command()
@click.argument("speech", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Write what the coach played to this WAV.")
@click.option(
    "--tail", type=click.IntRange(0, 86_400), default=TAIL_S, help="Seconds of silence after the end, at most."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@parts_of.options
def replay(parts: Parts, speech: Path, out: Path | None, tail: int, as_json: bool) -> None:
    """Hold a whole session with SPEECH as the microphone, faster than real time, and print what happens."""
    run(parts, speech, out, tail, as_json)


def run(parts: Parts, speech: Path, out: Path | None = None, tail: float = TAIL_S, as_json: bool = False) -> None:
    """Replay a file, print its events, and write what was played."""
    samples = wav.read(speech)
    with contextlib.ExitStack() as stack:
        played = stack.enter_context(wav.Writer(out)).write if out else None
        voice = stack.enter_context(contextlib.closing(parts.voice()))
        session = parts.session(log=printer(as_json), voice=voice, wait_for_voice=True)
        session.start()
        feed(session, blocks(samples), played)
        feed_tail(session, tail, played)
        session.close("input ended")


def printer(as_json: bool) -> Any:
    """Return a log that prints events, as JSON or as captions."""

    def log(event: dict[str, Any]) -> None:
        line = json.dumps(event, ensure_ascii=False) if as_json else caption(event)
        if line is not None:
            print(line, flush=True)

    return log
