"""Commands over the coach in whole sessions, in closed loop: how soon the coach is silent."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.commands_over_coach import Command, active_rms, audible_from
from benchmarks.mixing import end_of_speech
from benchmarks.simulated_session import HeldSession
from skill.audio.blocks import BLOCK_MS, BLOCK_SIZE, SAMPLE_RATE

LEAD_S = 8.0
"""The coach talks for so long before the first command: what comes sooner is another measure."""

AFTER_S = 1.4
"""How long is waited for silence and a decision after a command."""

FADE_S = 0.07
"""From a decision to the end of the voice: a block, and the fade."""

LONGEST_S = 60.0
"""A command that finds no place for so long is given up."""


@dataclass(frozen=True)
class Interruption:
    """What became of one command over the coach. Seconds; infinite: it did not happen."""

    name: str
    understood: bool
    silent_after: float
    """From the end of the command until the coach was silent; negative where its line was over before."""


def interruptions(held: HeldSession, said: Sequence[Command], loudness: float) -> Iterator[Interruption]:
    """Say each command over the coach, in the middle of a line, as loud as asked (RMS of its loud parts, of 32768)."""
    for number, command in enumerate(said):
        if not _in_a_line(held, 0.5 + 0.5 * (number * 0.618 % 1)):
            return
        yield _interrupt(held, command, loudness)


def _in_a_line(held: HeldSession, audible_s: float) -> bool:
    """Let time pass until the coach has instructed for so long; tell whether it did."""
    held.silence(0.4)
    for _ in range(round(LONGEST_S * 1000 / BLOCK_MS)):
        if held.session.ended:
            return False
        held.move_on()
        instructing = held.session.view.state == "instructing" and held.seconds > LEAD_S
        if instructing and held.audible_ms >= 1000 * audible_s:
            return True
        held.silence(BLOCK_MS / 1000)
    return False


def _interrupt(held: HeldSession, command: Command, loudness: float) -> Interruption:
    begin = held.seconds
    sound = command.sound * (loudness / active_rms(command.sound))
    whole = np.concatenate([sound, np.zeros(-len(sound) % BLOCK_SIZE)])
    end = begin + end_of_speech(command.sound) / SAMPLE_RATE
    heard_from = begin + audible_from(command.sound) / SAMPLE_RATE
    for at in range(0, len(whole), BLOCK_SIZE):
        held.block(whole[at : at + BLOCK_SIZE])
    held.silence(AFTER_S)
    right = (at for at, intent, _ in held.heard if at > heard_from and intent == command.intent)
    decided = next(right, math.inf)
    return Interruption(command.name, math.isfinite(decided), _silent(held, decided) - end)


def _silent(held: HeldSession, decided: float) -> float:
    """Return when the voice was silent: by the decision, or before it. The chime that answers is no voice."""
    before = [at for at in held.audible if at <= decided]
    early = bool(before) and decided - before[-1] > BLOCK_MS / 1000
    return before[-1] if early else decided + FADE_S
