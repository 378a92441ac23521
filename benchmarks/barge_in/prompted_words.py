"""Words that the coach prompts the user to say, said over the prompt; and the prompts alone, which are only echo."""

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from benchmarks.barge_in import closed_loop
from benchmarks.barge_in.accuracy import COACH, LINES
from benchmarks.barge_in.simulated_session import HISS
from benchmarks.data.recordings import split_of
from benchmarks.data.synthetic_speakers import speakers
from benchmarks.evaluation import Evaluation
from benchmarks.figures import Figure, rate
from skill.audio.blocks import BLOCK_SIZE, SAMPLE_RATE, Samples, silence
from skill.content.language import Language, load_language
from skill.content.responses import split
from skill.content.tokenizer import tokens
from skill.hearing.listener import Listener
from skill.simulation.room import Room
from skill.understanding.understanding import Understanding
from skill.understanding.word_graph import WordGraph

RATE = 150 / 160
"""Speed of the coach's voice, relative to the engine's own."""

MOMENTS_S = {"before": -0.7, "in chorus with": 0.0, "shortly after": 0.5}
"""When the user begins, relative to the beginning of the prompted words, seconds."""

LEAD_S = 8.0
"""The coach talks as long before the prompts, so that echo control converges."""

PAUSE_S = 2.5
"""Silence after each prompt."""

NO_MORE = ("to", "for", "when", "if")
"""Words after which a prompt explains its command: "say skip to leave this one out"."""

EACH = 12
"""Number of prompts."""

LOUDER_DB = (0, 6)
"""Levels of the coach, relative to the usual one, at which it is heard alone."""


@dataclass(frozen=True)
class Prompt:
    """A line of the coach, and a command in it."""

    line: str
    command: str
    intent: str
    before: str
    """What it says before the command."""


@dataclass(frozen=True)
class Trial:
    """A prompt, and a user who says its command."""

    prompt: Prompt
    sound: Samples
    moment: str


def prompts(language: Language, graph: WordGraph) -> list[Prompt]:
    """Return every line of the responses in which "say" or "ask" is followed by a command, with that command."""
    found = {}
    for texts in language.responses.values():
        for line in (line for text in texts for line in split(text) if "{" not in line):
            for prompt in _in_line(line, graph):
                found[prompt.line, prompt.command] = prompt
    return list(found.values())


def _in_line(line: str, graph: WordGraph) -> Iterator[Prompt]:
    words = tokens(line)
    at = next((number + 1 for number, word in enumerate(words) if word in ("say", "ask")), len(words))
    while at < len(words) and words[at] not in NO_MORE:
        ends = [end for end in range(at + 1, len(words) + 1) if graph.is_complete(words[at:end])]
        if ends:
            meaning = graph.meaning(words[at : ends[-1]])
            if meaning and meaning.in_scope:
                yield Prompt(line, " ".join(words[at : ends[-1]]), meaning.intent, " ".join(words[:at]))
        at = ends[-1] if ends else at + 1


def prompted_words(evaluation: Evaluation) -> Iterator[Figure]:
    """Yield how many prompted words are understood at 0 dB over the prompt, and how often the prompt itself is.

    The rooms are split as the voices are: one half is for `dev`, the other for `test`.
    """
    listener = evaluation.coach_listener()
    all_rooms = closed_loop.all_rooms(evaluation.recordings)
    rooms = {
        name: taps
        for number, (name, taps) in enumerate(all_rooms.items())
        if evaluation.split in ("all", ("dev", "test")[number % 2])
    }
    trials = _trials(evaluation)
    right, count = dict.fromkeys(MOMENTS_S, 0), dict.fromkeys(MOMENTS_S, 0)
    for number, (name, taps) in enumerate(rooms.items()):
        for trial, understood in _over_prompts(evaluation, listener, partial(_room, taps, number, 0), trials):
            right[trial.moment] += understood
            count[trial.moment] += 1
            if not understood:
                said = f"{name}, {trial.moment}: {trial.prompt.command}"
                evaluation.note("prompted-words", said, trial.prompt.intent, ())
    for moment in MOMENTS_S:
        yield rate(f"prompted words, said {moment} the prompt's", right[moment], count[moment], "95 %")
    coach, lines = _talk(evaluation, trials)
    for louder_db in LOUDER_DB:
        accepted = 0
        for number, (name, taps) in enumerate(rooms.items()):
            quiet = np.random.default_rng(1).normal(0, HISS, len(coach)).astype(np.int16)
            heard, _ = _loop(listener, _room(taps, number, louder_db)).run(coach, quiet, lines, None)
            accepted += len(heard)
            evaluation.note("prompts-alone", f"{name}, {louder_db} dB louder", None, heard)
        yield rate(f"prompts alone, {louder_db} dB louder: accepted", accepted, len(trials) * len(rooms), "0 %")


def _room(taps: np.ndarray, number: int, louder_db: float) -> Room:
    device = closed_loop.DEVICES[number % len(closed_loop.DEVICES)]
    return Room(taps, replace(device, speaker_gain_db=device.speaker_gain_db + louder_db))


def _loop(listener: Listener, room: Room) -> closed_loop.Loop:
    return closed_loop.Loop(listener, closed_loop.through(room))


def _trials(evaluation: Evaluation) -> list[Trial]:
    """Return every prompt with a voice and a moment, so ordered that prompts, voices and moments are mixed."""
    voices = [voice for voice in speakers() if voice != COACH and evaluation.split in ("all", split_of(voice.name))]
    language = load_language()
    found = prompts(language, Understanding(language, evaluation.settings).graph(None))
    found.sort(key=lambda prompt: zlib.crc32(f"{prompt.line} {prompt.command}".encode()))
    moments = list(MOMENTS_S)
    return [
        Trial(prompt, voices[number % len(voices)].say(prompt.command, 1.0, evaluation.cache), moments[number % 3])
        for number, prompt in enumerate(found[:EACH])
    ]


def _over_prompts(
    evaluation: Evaluation, listener: Listener, new_room: Callable[[], Room], trials: Sequence[Trial]
) -> Iterator[tuple[Trial, bool]]:
    """Yield each trial and whether its command was understood; the user is as loud as the echo."""
    coach, lines = _talk(evaluation, trials)
    room = new_room()
    blocks = [room.microphone(silence(), coach[at : at + BLOCK_SIZE]) for at in range(0, len(coach), BLOCK_SIZE)]
    loudness = closed_loop.active_rms(np.concatenate(blocks))
    user = np.random.default_rng(1).normal(0, HISS, len(coach))
    places = []
    for trial, line in zip(trials, lines, strict=True):
        before = len(COACH.say(trial.prompt.before, RATE, evaluation.cache))
        place = line.began * SAMPLE_RATE // 1000 + before + round(MOMENTS_S[trial.moment] * SAMPLE_RATE)
        sound = trial.sound * (loudness / closed_loop.active_rms(trial.sound))
        user[place : place + len(sound)] += sound
        places.append(place)
    heard, _ = _loop(listener, new_room()).run(coach, np.clip(user, -32768, 32767).astype(np.int16), lines, None)
    for trial, place in zip(trials, places, strict=True):
        first, last = 1000 * place / SAMPLE_RATE, 1000 * (place + len(trial.sound)) / SAMPLE_RATE + 1500
        yield trial, any(event.intent == trial.prompt.intent and first < event.at <= last for event in heard)


def _talk(evaluation: Evaluation, trials: Sequence[Trial]) -> tuple[Samples, list[closed_loop.Line]]:
    """Return the coach's sound: other lines first, then the prompts with silence after each; and when each is said."""
    lead = np.resize(
        np.concatenate([COACH.say(line, RATE, evaluation.cache) for line in LINES]), round(LEAD_S * SAMPLE_RATE)
    )
    parts, lines, at = [lead], [], len(lead)
    for trial in trials:
        sound = COACH.say(trial.prompt.line, RATE, evaluation.cache)
        began, ended = 1000 * at // SAMPLE_RATE, 1000 * (at + len(sound)) // SAMPLE_RATE
        lines.append(closed_loop.Line(trial.prompt.line, began, ended))
        parts += [sound, silence(round(PAUSE_S * SAMPLE_RATE))]
        at += len(sound) + len(parts[-1])
    whole = np.concatenate(parts)
    return whole[: len(whole) // BLOCK_SIZE * BLOCK_SIZE], lines
