"""`back-stretches`: the live session, with microphone and speaker."""

import contextlib
import sys
from importlib.resources import as_file, files
from pathlib import Path

import click

from skill import parts as parts_of
from skill.audio import device, wav
from skill.commands import chat, replay
from skill.errors import AudioError
from skill.memory import Memory
from skill.parts import Parts, memory_file
from skill.screen import Screen
from skill.session import Session

DEMO_OUT = Path("back-stretches-demo.wav")
"""Where the demonstration writes what the coach said, in the current folder."""


@click.command(hidden=True)
@click.option("--input", "microphone")
@click.option("--output", "speaker")
@parts_of.options
def live(parts: Parts, microphone: str | None, speaker: str | None) -> None:
    """Hold a live session; without microphone and speaker a typed one, or the demonstration."""
    try:
        endpoints = device.find(microphone, speaker)
    except AudioError as error:
        _without_sound(parts, error)
        return
    run(parts, endpoints)


def run(parts: Parts, endpoints: device.Endpoints) -> None:
    """Talk with whoever is there until they say goodbye or press Ctrl-C. AudioError when the device is lost."""
    memory = Memory(memory_file())
    with contextlib.closing(parts.voice()) as voice, Screen() as screen:
        devices = f"Microphone: {endpoints.input_name}. Speaker: {endpoints.output_name}."
        screen.console.print(devices, soft_wrap=True)
        session = parts.session(log=screen.log, voice=voice, memory=memory)
        try:
            _talk(session, endpoints, screen)
        except KeyboardInterrupt:
            session.close("closed")
        except AudioError:
            session.close("no sound")
            raise
        finally:
            screen.draw(session.view)


def _talk(session: Session, endpoints: device.Endpoints, screen: Screen) -> None:
    stream = device.Device(endpoints, session.player.pull)
    try:
        with stream:
            session.start()
            for near, far in stream.pairs():
                session.hear(near, far)
                screen.draw(session.view)
                if session.ended:
                    break
    finally:
        _tell_losses(stream.counts, screen)


def _tell_losses(lost: device.Counts, screen: Screen) -> None:
    """Say so when sound was lost."""
    if lost.overruns or lost.underruns or lost.dropped:
        screen.console.print(
            f"Sound was lost: {lost.overruns} overruns, {lost.underruns} underruns, {lost.dropped} blocks dropped;"
            " close other programs, or see `back-stretches doctor`.",
            soft_wrap=True,
        )


def _without_sound(parts: Parts, why: AudioError) -> None:
    """Go on without microphone or speaker: typed at a terminal, otherwise the demonstration."""
    if sys.stdin.isatty():
        click.echo(f"{why} Going on in writing: type what you would say, e.g. start back stretches.")
        chat.run(parts, at_terminal=True)
        return
    click.echo(f"{why} Going on with the demonstration: a recorded session.")
    with as_file(files("skill") / "demo" / "session.flac") as speech:
        replay.run(parts, wav.read(speech), out=DEMO_OUT)
    click.echo(f"What the coach said is in {DEMO_OUT}.")
