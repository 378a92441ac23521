"""What is measured: each function runs one set of sounds through a listener and returns figures."""

from collections.abc import Callable, Iterator

from benchmarks import mixing, recordings
from benchmarks.compute_cost import compute
from benchmarks.endpointing_delay import hesitation, patience
from benchmarks.false_alarms import long_talk
from benchmarks.figures import Figure, per_hour, percentile, rate
from benchmarks.material import Bench, understood
from benchmarks.spoken_commands import spoken
from skill.audio.blocks import Samples
from skill.events import Heard
from skill.hearing.recording import outcome

AGAINST_EACH = 4
"""Sentences a voice."""

SNRS = (6, 9, 12, 15, 18, 21, 24)
COFFEE_TARGETS = {None: "99.5", 6: "97", 9: "98", 12: "99", 15: "99", 18: "99.5", 21: "99.5", 24: "99.5"}


def coffee(bench: Bench) -> Iterator[Figure]:
    """Coffee orders fully right, clean and in kitchen noise."""
    listener = bench.barista()
    noise = recordings.kitchen(bench.recordings)
    clips = list(bench.of_half(recordings.coffee(bench.recordings)))
    for snr in (None, *SNRS):
        right = 0
        what = "coffee orders, clean" if snr is None else f"coffee orders, kitchen {snr} dB"
        for clip in clips:
            sound = clip.samples if snr is None else mixing.in_noise(clip.samples, noise, snr, clip.name)
            events = bench.decide(listener, sound, None)
            found = outcome(events)
            hit = isinstance(found, Heard) and (found.intent, found.slots) == (clip.label, clip.slots)
            right += hit
            if not hit:
                bench.note(what, clip.name, f"{clip.label} {dict(clip.slots)}", events)
        yield rate(what, right, len(clips), f"{COFFEE_TARGETS[snr]} %")


def words(bench: Bench) -> Iterator[Figure]:
    """Single words: commands where they are commands, others that are none."""
    listener = bench.coach()
    right, commands_said, accepted, others = 0, 0, 0, 0
    for clip in bench.of_half(recordings.words(bench.recordings)):
        context = recordings.COMMANDS.get(clip.label, "holding")
        events = bench.decide(listener, clip.samples, context)
        wanted = recordings.INTENTS.get(clip.label)
        wrong = [event.intent for event in understood(events)] != ([wanted] if wanted else [])
        if wanted:
            right += not wrong
            commands_said += 1
        elif clip.label != "silence":
            accepted += wrong
            others += 1
        if wrong:
            bench.note("words", clip.name, wanted, events, context=context)
    yield rate("single words of people (stop, yes, no, go)", right, commands_said, "99 %")
    yield rate("words that are no command, accepted in a hold", accepted, others, "1 %")


def own(bench: Bench) -> Iterator[Figure]:
    """Our commands by synthetic voices: acceptance, and how soon after the end of speech."""
    said = list(spoken(bench.cache, bench.half))
    listener = bench.coach()
    noise = recordings.kitchen(bench.recordings)
    room = recordings.rooms(bench.recordings)["room48"]
    ways: dict[str, tuple[Callable[[Samples, str], Samples], str]] = {
        "clean": (lambda sound, name: sound, "99 %"),
        "kitchen 10 dB": (lambda sound, name: mixing.in_noise(sound, noise, 10, name), "96 %"),
        "in a room": (lambda sound, name: mixing.in_room(sound, room), ""),
    }
    delays: dict[tuple[str, str], list[float]] = {}
    for way, (change, target) in ways.items():
        right: dict[str, int] = {}
        for each, sound, end in said:
            events = bench.decide(listener, change(sound, each.name), each.context)
            found = outcome(events)
            meaning = (each.meaning.intent, each.meaning.slots)
            if not isinstance(found, Heard) or (found.intent, found.slots) != meaning:
                bench.note(f"own, {way}", each.text, each.meaning.intent, events, **each.about)
                continue
            right[each.speaker.engine] = right.get(each.speaker.engine, 0) + 1
            kind = "may go on" if listener.may_go_on(each.text, each.context) else each.context
            delays.setdefault((way, kind), []).append(found.at / 1000 - end)
        yield rate(f"our commands, all voices, {way}", sum(right.values()), len(said), target)
        for engine in dict.fromkeys(each.speaker.engine for each, _, _ in said):
            of = sum(each.speaker.engine == engine for each, _, _ in said)
            yield rate(f"– the voices of {engine}", right.get(engine, 0), of)
    yield from _latency(delays)


def against(bench: Bench) -> Iterator[Figure]:
    """Sentences that sound like commands and are none ("don't skip this one"), by synthetic voices."""
    said = list(spoken(bench.cache, bench.half, AGAINST_EACH, in_scope=False))
    listener, taken = bench.coach(), 0
    for each, sound, _ in said:
        events = bench.decide(listener, sound, each.context)
        if understood(events):
            taken += 1
            bench.note("against", each.text, None, events, **each.about)
    yield rate("what is said against a command, or in thanks, taken for a command", taken, len(said), "1 %")


def _latency(delays: dict[tuple[str, str], list[float]]) -> Iterator[Figure]:
    """Yield how long after the end of speech decisions fell, in audio time.

    Speech ends with the last 10 ms of the dry, clean clip within 35 dB of its loudest 10 ms (mixing.end_of_speech).
    """
    quick = {key: values for key, values in delays.items() if key[1] != "may go on"}
    groups = {"unambiguous, clean": [v for key, values in quick.items() if key[0] == "clean" for v in values]}
    groups["unambiguous, all conditions"] = [v for values in quick.values() for v in values]
    for context in sorted({key[1] for key in quick}):
        groups[f"unambiguous, {context}"] = [v for key, values in quick.items() if key[1] == context for v in values]
    groups["may go on"] = [v for key, values in delays.items() if key not in quick for v in values]
    for number, (name, values) in enumerate(groups.items()):
        targets = ("0.20 s", "0.35 s") if number < 2 else ("", "")
        yield percentile(f"decision after speech, {name}, median", values, 0.5, "s", targets[0])
        yield percentile(f"decision after speech, {name}, 95 %", values, 0.95, "s", targets[1])


def not_for_us(bench: Bench) -> Iterator[Figure]:
    """Noise, and talk of others, in a hold."""
    listener = bench.coach()
    for kind in ("noise", "talk", "orders"):
        pieces = recordings.coffee(bench.recordings) if kind == "orders" else recordings.pieces(bench.recordings, kind)
        count, seconds = 0, 0.0
        for clip in bench.of_half(pieces):
            events = bench.decide(listener, clip.samples, "holding")
            if understood(events):
                bench.note(f"not for us: {kind}", clip.name, None, understood(events))
            count += len(understood(events))
            seconds += clip.seconds
        names = {"noise": "household noise and music", "talk": "meetings and reading", "orders": "coffee orders"}
        yield per_hour(f"accepted in a hold: {names[kind]}", count, seconds, "0" if kind == "noise" else "0.5")


MEASURES: dict[str, Callable[[Bench], Iterator[Figure]]] = {
    "words": words,
    "not-for-us": not_for_us,
    "own": own,
    "against": against,
    "patience": patience,
    "hesitation": hesitation,
    "talk": long_talk,
    "coffee": coffee,
    "compute": compute,
}
