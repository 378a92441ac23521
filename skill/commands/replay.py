"""`back-stretches replay`: a whole session with a sound file as the microphone."""

import contextlib
import json
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from skill.audio import wav
from skill.audio.blocks import Samples, blocks
from skill.commands.options import with_parts
from skill.commands.param_types import DECIBELS, BoundedFloat
from skill.composition.parts import Parts
from skill.errors import AudioError
from skill.live.captions import caption
from skill.simulation.impulse_response import normalized
from skill.simulation.replay import TAIL_S, feed, feed_tail
from skill.simulation.room import Room, RoomSettings


@click.command()
@click.argument("speech", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Write what the coach played to this WAV.")
@click.option("--tail", type=BoundedFloat(0, 86_400), default=TAIL_S, help="Longest silence after the end, in seconds.")
@click.option(
    "--room",
    type=click.Path(path_type=Path),
    help="Impulse response of a room in which the microphone hears the coach.",
)
@click.option("--speaker-gain", type=DECIBELS, default=0.0, help="With --room: gain of the loudspeaker in dB.")
@click.option("--noise", type=click.Path(path_type=Path), help="Noise that is added at the microphone, repeated.")
@click.option("--snr", type=DECIBELS, help="With --noise: signal-to-noise ratio in dB.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@with_parts
def replay(
    parts: Parts,
    speech: Path,
    out: Path | None,
    tail: float,
    room: Path | None,
    speaker_gain: float,
    noise: Path | None,
    snr: float | None,
    as_json: bool,
) -> None:
    """Hold a whole session with SPEECH as the microphone, faster than real time, and print what happens.

    Without --room the microphone does not hear the coach, as if the user wore headphones.
    """
    if snr is not None and noise is None:
        raise click.UsageError("--snr needs --noise; give a noise file.")
    if speaker_gain and room is None:
        raise click.UsageError("--speaker-gain needs --room; give an impulse response.")
    user = wav.read(speech)
    run(parts, user, out, tail, _room(user, room, speaker_gain, noise, snr), as_json, echo=room is not None)


def run(
    parts: Parts,
    user: Samples,
    out: Path | None = None,
    tail: float = TAIL_S,
    room: Room | None = None,
    as_json: bool = False,
    echo: bool = False,
) -> None:
    """Replay what a user said (16 kHz mono int16), print the events, and write what the coach played to `out`.

    `echo`: whether the microphone hears the coach in the room. On Ctrl-C, `out` keeps what was played so far.
    """
    interrupted = False
    with contextlib.ExitStack() as stack:
        played = stack.enter_context(wav.Writer(out)).write if out else None
        voice = stack.enter_context(contextlib.closing(parts.voice()))
        session = parts.session(log=printer(parts, as_json), voice=voice, wait_for_voice=True, echo=echo)
        try:
            session.start()
            feed(session, blocks(user), played, room)
            feed_tail(session, tail, played, room)
            session.close("input ended")
        except KeyboardInterrupt:
            if not out:
                raise
            interrupted = True
    if interrupted:
        click.echo(f"Stopped; what the coach played until then is in {out}.", err=True)
        raise click.exceptions.Exit(1)


def _room(user: Samples, response: Path | None, gain: float, noise: Path | None, snr: float | None) -> Room | None:
    """Return the simulated room, if any. With a noise alone, the microphone does not hear the coach."""
    if response is None and noise is None:
        return None
    taps = _taps(response) if response else np.zeros(1)
    settings = RoomSettings(speaker_gain_db=gain, snr_db=snr)
    return Room(taps, settings, noise=wav.read(noise) if noise else None, speech=user)


def _taps(response: Path) -> NDArray[np.floating]:
    try:
        return normalized(wav.read(response) / 32768.0)
    except ValueError as error:
        raise AudioError(f"{response} is silent, so it is not an impulse response; choose another file.") from error


def printer(parts: Parts, as_json: bool) -> Any:
    """Return a log that prints events, as JSON or as captions."""
    names = parts.content.stretch_names

    def log(event: dict[str, Any]) -> None:
        line = json.dumps(event, ensure_ascii=False) if as_json else caption(event, names)
        if line is not None:
            print(line, flush=True)

    return log
