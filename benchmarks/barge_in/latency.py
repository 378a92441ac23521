"""Barge-in latency in whole sessions, in closed loop: the time from the end of a command until the coach is silent."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.barge_in.closed_loop import Command, active_rms, audible_from
from benchmarks.barge_in.simulated_session import SimulatedSession
from benchmarks.data.mixing import end_of_speech
from skill.audio.blocks import BLOCK_MS, BLOCK_SIZE, SAMPLE_RATE

LEAD_S = 8.0
"""The coach talks for this many seconds before the first command, so that the echo canceller has converged."""

AFTER_S = 1.4
"""Seconds to wait after a command for the decision and for silence."""

FADE_S = 0.07
"""Seconds from a decision to the end of the voice: one block, and the fade."""

LONGEST_S = 60.0
"""A command is given up when no instruction was long enough for it within this many seconds."""


@dataclass(frozen=True)
class Interruption:
    """The result of one command over the coach. Times in seconds; infinite: it did not happen."""

    name: str
    understood: bool
    silent_after: float
    """From the end of the command until the coach was silent; negative where its line was over before."""


def interruptions(simulated: SimulatedSession, said: Sequence[Command], loudness: float) -> Iterator[Interruption]:
    """Say each command over the coach, in the middle of a line, as loud as asked (RMS of its loud parts, of 32768)."""
    for number, command in enumerate(said):
        if not _in_a_line(simulated, 0.5 + 0.5 * (number * 0.618 % 1)):
            return
        yield _interrupt(simulated, command, loudness)


def _in_a_line(simulated: SimulatedSession, audible_s: float) -> bool:
    """Let time pass until the coach has been speaking an instruction for `audible_s`; return whether it did."""
    simulated.silence(0.4)
    for _ in range(round(LONGEST_S * 1000 / BLOCK_MS)):
        if simulated.session.ended:
            return False
        simulated.move_on()
        instructing = simulated.session.view.state == "instructing" and simulated.seconds > LEAD_S
        if instructing and simulated.audible_ms >= 1000 * audible_s:
            return True
        simulated.silence(BLOCK_MS / 1000)
    return False


def _interrupt(simulated: SimulatedSession, command: Command, loudness: float) -> Interruption:
    begin = simulated.seconds
    sound = command.sound * (loudness / active_rms(command.sound))
    whole = np.concatenate([sound, np.zeros(-len(sound) % BLOCK_SIZE)])
    end = begin + end_of_speech(command.sound) / SAMPLE_RATE
    heard_from = begin + audible_from(command.sound) / SAMPLE_RATE
    for at in range(0, len(whole), BLOCK_SIZE):
        simulated.block(whole[at : at + BLOCK_SIZE])
    simulated.silence(AFTER_S)
    right = (at for at, intent, _ in simulated.heard if at > heard_from and intent == command.intent)
    decided = next(right, math.inf)
    return Interruption(command.name, math.isfinite(decided), _silent(simulated, decided) - end)


def _silent(simulated: SimulatedSession, decided: float) -> float:
    """Return when the voice became silent: after the decision, or before it. The chime after it is not counted."""
    before = [at for at in simulated.audible if at <= decided]
    early = bool(before) and decided - before[-1] > BLOCK_MS / 1000
    return before[-1] if early else decided + FADE_S
