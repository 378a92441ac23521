"""`back-stretches`: the live session, with microphone and speaker."""

import contextlib
import sys
from importlib.resources import as_file, files
from pathlib import Path

import click

from skill.audio import device, wav
from skill.audio.blocks import BLOCK_MS
from skill.audio.device_pair import DevicePair
from skill.audio.source_watch import SourceWatch
from skill.commands import chat, replay
from skill.commands.options import with_parts
from skill.composition.parts import Parts, memory_file
from skill.errors import AudioError
from skill.events import Heard
from skill.hearing.listener_thread import ListenerThread
from skill.live import remembered_choices as remembered
from skill.live.audio_supervisor import AudioSupervisor
from skill.live.awake import Awake
from skill.live.ending import Ending
from skill.live.job_control import JobControl
from skill.live.keys import HINT, Keys, intent_of
from skill.live.level_check import ASK, LevelCheck
from skill.live.screen import Screen
from skill.memory import Memory
from skill.session import Session
from skill.voice.natural_voice import NaturalVoice
from skill.voice.static_prompts import static_prompts
from skill.voice.system_voice import SystemVoice

DEMO_OUT = Path("back-stretches-demo.wav")
"""Where the demonstration writes what the coach said, in the current folder."""

_HEARD = "microphone_heard"

REOPEN_TIMEOUT_S = 600.0
"""Timeout for a lost device, seconds (wall clock), if the user has keys to end the session ..."""

REOPEN_TIMEOUT_NO_KEYS_S = 30.0
"""... and if not."""

SWITCH_S = 0.001
"""Python's switch interval: how long a thread may hold the interpreter while another waits for it."""


Requests = tuple[Ending, JobControl]
"""What may be asked of the session by a signal: to end, or to stand still."""


@click.command(hidden=True)
@click.option("--input", "microphone")
@click.option("--output", "speaker")
@with_parts
def live(parts: Parts, microphone: str | None, speaker: str | None) -> None:
    """Hold a live session; without microphone and speaker a typed one, or the demonstration."""
    with contextlib.closing(Memory(memory_file(), in_background=True)) as memory:
        try:
            device_pair = remembered.devices(memory, microphone, speaker, notice=click.echo)
        except AudioError as error:
            _without_sound(parts, error)
            return
        run(parts, remembered.voice(memory, parts, notice=click.echo), device_pair, memory)


def run(parts: Parts, voice: SystemVoice, device_pair: DevicePair, memory: Memory) -> None:
    """Hold a session until the user says goodbye or presses Ctrl-C. Raises AudioError if the device is lost."""
    ending = Ending()
    sys.setswitchinterval(SWITCH_S)
    with (
        contextlib.closing(voice),
        contextlib.closing(parts.listener_thread()) as listener,  # early: loading it takes longest
        Keys() as keys,
        Screen(names=parts.content.stretch_names) as screen,
        JobControl((keys.release, screen.release), (screen.take,)) as jobs,
        Awake() as awake,
    ):
        devices = f"Microphone: {device_pair.input_name}. Speaker: {device_pair.output_name}."
        screen.console.print(devices, soft_wrap=True)
        if keys.active:
            screen.console.print(HINT, soft_wrap=True)
        if isinstance(voice, NaturalVoice):
            voice.prepare_for_later(static_prompts(parts.content))
        session = parts.session(log=screen.log, voice=voice, memory=memory, listener=listener)
        first = keys.active and not memory.safety_told and memory.setting(_HEARD) is None
        try:
            _talk(session, device_pair, screen, keys, awake, (ending, jobs), memory if first else None)
        except KeyboardInterrupt:
            session.close("closed")
        except AudioError:
            session.close("no sound")
            raise
        except Exception:  # an error in the program: end in order, then report it
            with contextlib.suppress(Exception):
                session.close("error")
            raise
        finally:
            screen.draw(session.view)
            _report_unheard(listener, screen)


def _talk(
    session: Session,
    device_pair: DevicePair,
    screen: Screen,
    keys: Keys,
    awake: Awake,
    requests: Requests,
    first: Memory | None,
) -> None:
    stream = device.Device(device_pair, session.player.pull)
    try:
        with stream, SourceWatch(device_pair.source, device_pair.sink) as watch:
            if first:
                _check_level(stream, screen, keys, requests, first)
            _check(requests)
            session.start()
            supervisor = AudioSupervisor(
                stream, session, watch, screen.log, REOPEN_TIMEOUT_S if keys.active else REOPEN_TIMEOUT_NO_KEYS_S
            )
            for pair in supervisor.pairs():
                if pair:
                    session.hear(*pair)
                _check(requests)
                _carry_out(keys, session)
                awake.keep(session.view.stretch is not None)
                screen.draw(session.view)
                if session.ended:
                    break
    finally:
        _report_losses(stream.counts, screen)


def _check(requests: Requests) -> None:
    """Do what was asked for by a signal."""
    for request in requests:
        request.check()


def _carry_out(keys: Keys, session: Session) -> None:
    """Carry out the keys' commands as if they were spoken."""
    for key in keys.pressed():
        intent = intent_of(key, paused=session.view.state == "paused")
        if key == "quit":
            session.close("closed")
        elif intent:
            session.handle(Heard(session.now, f"({key} key)", intent))


def _check_level(stream: device.Device, screen: Screen, keys: Keys, requests: Requests, memory: Memory) -> None:
    """Let a new user say hello, and show whether that was loud enough; any key skips it, q quits."""
    check = LevelCheck()
    screen.console.print(ASK, soft_wrap=True)
    for pair in stream.pairs():
        if pair:
            check.hear(pair[0])
        screen.show(f"{ASK}\n{check.bar()}")
        _check(requests)
        pressed = keys.pressed()
        if "quit" in pressed:
            raise KeyboardInterrupt
        if check.over or pressed:
            break
    screen.console.print(check.verdict, soft_wrap=True)
    if check.heard:
        memory.keep_setting(_HEARD, "yes")


def _report_losses(lost: device.Counts, screen: Screen) -> None:
    """Report lost sound."""
    if lost != device.Counts():
        screen.console.print(
            f"Sound was lost: {lost}; close other programs, or see `back-stretches doctor`.", soft_wrap=True
        )


def _report_unheard(listener: ListenerThread, screen: Screen) -> None:
    """Report speech that was not heard because this computer is too slow."""
    if listener.dropped:
        seconds = listener.dropped * BLOCK_MS / 1000
        screen.console.print(
            f"{seconds:.0f} s of what was said were not heard: this computer is too slow at the moment; close other"
            " programs, or see `back-stretches doctor`.",
            soft_wrap=True,
        )


def _without_sound(parts: Parts, why: AudioError) -> None:
    """Go on without microphone or speaker: typed at a terminal, otherwise the demonstration."""
    if sys.stdin.isatty():
        click.echo(f"{why} Going on in writing: type what you would say, e.g. start back stretches.")
        chat.run(parts, at_terminal=True)
        return
    click.echo(
        f"{why} Going on with the demonstration: a recorded session. To type instead, use `back-stretches chat`."
    )
    with as_file(files("skill") / "demo" / "session.flac") as speech:
        replay.run(parts, wav.read(speech), out=DEMO_OUT)
    click.echo(f"What the coach said is in {DEMO_OUT}.")
