"""What is measured: each function runs one set of sounds through a listener and returns figures."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from skill import content
from skill.audio.blocks import BLOCK_MS, SAMPLE_RATE, Samples, blocks
from skill.bench import mixing, recordings
from skill.bench.commands import Spoken, commands
from skill.bench.figures import Figure, per_hour, percentile, rate
from skill.bench.recordings import Clip
from skill.bench.talk import talk
from skill.bench.voices import speakers
from skill.commands.understand import understand_samples
from skill.events import Heard, Rejected
from skill.hearing.listener import Listener
from skill.hearing.recognizer import SpeechModel
from skill.settings import ListeningSettings

SNRS = (6, 9, 12, 15, 18, 21, 24)
COFFEE_TARGETS = {None: "99.5", 6: "97", 9: "98", 12: "99", 15: "99", 18: "99.5", 21: "99.5", 24: "99.5"}
INTENTS = {"stop": "stop", "yes": "affirm", "no": "deny", "go": "ready"}


@dataclass
class Bench:
    """The material, and the ears that are measured."""

    model: SpeechModel
    recordings: Path
    cache: Path
    half: str = "judge"
    """The half of the data that is used; `all` for both."""

    settings: ListeningSettings = field(default_factory=ListeningSettings)
    heard_s: float = 0.0
    """Seconds of audio that went through a listener, and CPU seconds that it took."""
    cpu_s: float = 0.0

    def of_half(self, clips: Iterable[Clip]) -> Iterator[Clip]:
        """Yield the clips of the half that is used."""
        return (clip for clip in clips if self.half in ("all", clip.half))

    def decide(self, listener: Listener, sound: Samples, context: str | None) -> list[Heard | Rejected]:
        """Return what a listener decides on a sound with 1.2 s of silence after it."""
        began = time.process_time()
        listener.restart()
        listener.listen(context)
        events, now = [], 0
        for block in blocks(np.concatenate([sound, np.zeros(1200 * 16, np.int16)])):
            now += BLOCK_MS
            events += listener.hear(block, now)
        events += listener.finish(now)
        self.heard_s += now / 1000
        self.cpu_s += time.process_time() - began
        return [event for event in events if isinstance(event, Heard | Rejected)]


def coffee(bench: Bench) -> Iterator[Figure]:
    """Coffee orders fully right, clean and in kitchen noise."""
    language = content.load_language(bench.recordings / "coffee" / "intents" / "en")
    listener = Listener(bench.model, language, bench.settings)
    noise = recordings.kitchen(bench.recordings)
    clips = list(bench.of_half(recordings.coffee(bench.recordings)))
    for snr in (None, *SNRS):
        right = 0
        for clip in clips:
            sound = clip.samples if snr is None else mixing.in_noise(clip.samples, noise, snr, clip.name)
            listener.restart()
            found = understand_samples(listener, sound)
            right += (found["intent"], found["slots"]) == (clip.label, dict(clip.slots))
        what = "coffee orders, clean" if snr is None else f"coffee orders, kitchen {snr} dB"
        yield rate(what, right, len(clips), f"{COFFEE_TARGETS[snr]} %")


def words(bench: Bench) -> Iterator[Figure]:
    """Single words: commands where they are commands, others that are none."""
    listener = _coach(bench)
    right, commands_said, accepted, others = 0, 0, 0, 0
    for clip in bench.of_half(recordings.words(bench.recordings)):
        if clip.label in INTENTS:
            decided = _understood(bench.decide(listener, clip.samples, recordings.COMMANDS[clip.label]))
            right += [event.intent for event in decided] == [INTENTS[clip.label]]
            commands_said += 1
        elif clip.label != "silence":
            accepted += bool(_understood(bench.decide(listener, clip.samples, "holding")))
            others += 1
    yield rate("single words of people (stop, yes, no, go)", right, commands_said, "99 %")
    yield rate("words that are no command, accepted in a hold", accepted, others, "1 %")


def own(bench: Bench) -> Iterator[Figure]:
    """Our commands by synthetic voices: acceptance, and how soon after the end of speech."""
    said = list(_spoken(bench))
    listener = _coach(bench)
    noise = recordings.kitchen(bench.recordings)
    room = recordings.rooms(bench.recordings)["room48"]
    ways: dict[str, Callable[[Samples, str], Samples]] = {
        "clean": lambda sound, name: sound,
        "kitchen 10 dB": lambda sound, name: mixing.in_noise(sound, noise, 10, name),
        "in a room": lambda sound, name: mixing.in_room(sound, room),
    }
    targets = {"clean": "99 %", "kitchen 10 dB": "96 %", "in a room": ""}
    for way, change in ways.items():
        right, delays = 0, []
        for spoken, sound, end in said:
            events = _understood(bench.decide(listener, change(sound, spoken.name), spoken.context))
            hit = len(events) >= 1 and (events[-1].intent, events[-1].slots) == (
                spoken.meaning.intent,
                spoken.meaning.slots,
            )
            right += hit
            if hit and way == "clean" and not listener.may_go_on(spoken.text, spoken.context):
                delays.append(events[-1].at / 1000 - end)
        yield rate(f"our commands, all voices, {way}", right, len(said), targets[way])
        if delays:
            yield percentile("decision after speech, unambiguous, median", delays, 0.5, "s", "0.20 s")
            yield percentile("decision after speech, unambiguous, 95 %", delays, 0.95, "s", "0.35 s")


def not_for_us(bench: Bench) -> Iterator[Figure]:
    """Noise, and talk of others, in a hold."""
    listener = _coach(bench)
    for kind in ("noise", "talk", "orders"):
        pieces = recordings.coffee(bench.recordings) if kind == "orders" else recordings.pieces(bench.recordings, kind)
        count, seconds = 0, 0.0
        for clip in bench.of_half(pieces):
            count += len(_understood(bench.decide(listener, clip.samples, "holding")))
            seconds += clip.seconds
        names = {"noise": "household noise and music", "talk": "meetings and reading", "orders": "coffee orders"}
        yield per_hour(f"accepted in a hold: {names[kind]}", count, seconds, "0" if kind == "noise" else "0.5")


def long_talk(bench: Bench) -> Iterator[Figure]:
    """Hours of synthetic talk, in a hold."""
    listener = _coach(bench)
    count, seconds = 0, 0.0
    for sound in talk(bench.cache, bench.half):
        count += len(_understood(bench.decide(listener, sound, "holding")))
        seconds += len(sound) / SAMPLE_RATE
    if seconds:
        yield per_hour("accepted in a hold: synthetic talk", count, seconds, "0.5")


def compute(bench: Bench) -> Iterator[Figure]:
    """What everything measured before took."""
    import resource

    if bench.heard_s:
        share = bench.cpu_s / bench.heard_s
        counted = f"{bench.heard_s / 60:.0f} min of audio"
        yield Figure("compute, microphone block to intent", share, "of real time", counted, target="0.06")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Figure("memory of the process, peak", peak, "MB", "", target="250 MB")


MEASURES: dict[str, Callable[[Bench], Iterator[Figure]]] = {
    "words": words,
    "not-for-us": not_for_us,
    "own": own,
    "talk": long_talk,
    "coffee": coffee,
    "compute": compute,
}


def _coach(bench: Bench) -> Listener:
    return Listener(bench.model, content.load_language(), bench.settings)


def _understood(events: Iterable[Heard | Rejected]) -> list[Heard]:
    return [event for event in events if isinstance(event, Heard)]


def _spoken(bench: Bench) -> Iterator[tuple[Spoken, Samples, float]]:
    """Yield commands with their sound, and the second at which the speaker stops."""
    for spoken in commands(content.load_language(), speakers(), each=1):
        if bench.half in ("all", spoken.half):
            clean = spoken.speaker.say(spoken.text, spoken.speed, bench.cache)
            sound = mixing.between_silence(mixing.at_level(clean, spoken.level_db), 500, 0)
            yield spoken, sound, 0.5 + mixing.end_of_speech(clean) / SAMPLE_RATE
