"""Accuracy and false acceptance of single utterances: each function passes one set of sounds through a listener."""

from collections.abc import Callable, Iterator

from benchmarks.compute.hearing_cost import compute
from benchmarks.data import mixing, recordings
from benchmarks.data.spoken_commands import spoken
from benchmarks.evaluation import Evaluation, understood
from benchmarks.figures import Figure, per_hour, percentile, rate
from benchmarks.recognition.after_other_talk import after_other_talk
from benchmarks.recognition.endpointing_delay import early_decisions, hesitation
from benchmarks.recognition.false_alarms import background_talk_alarms
from skill.audio.blocks import Samples
from skill.events import Heard
from skill.hearing.recording import outcome

OUT_OF_SCOPE_EACH = 4
"""Out-of-scope sentences for each voice."""

SNRS = (6, 9, 12, 15, 18, 21, 24)
COFFEE_TARGETS = {None: "99.5", 6: "97", 9: "98", 12: "99", 15: "99", 18: "99.5", 21: "99.5", 24: "99.5"}


def coffee(evaluation: Evaluation) -> Iterator[Figure]:
    """Coffee orders with intent and all slots right, clean and in kitchen noise."""
    listener = evaluation.coffee_listener()
    noise = recordings.kitchen(evaluation.recordings)
    clips = list(evaluation.in_split(recordings.coffee(evaluation.recordings)))
    for snr in (None, *SNRS):
        right = 0
        what = "coffee orders, clean" if snr is None else f"coffee orders, kitchen {snr} dB"
        for clip in clips:
            sound = clip.samples if snr is None else mixing.in_noise(clip.samples, noise, snr, clip.name)
            events = evaluation.decide(listener, sound, None)
            found = outcome(events)
            hit = isinstance(found, Heard) and (found.intent, found.slots) == (clip.label, clip.slots)
            right += hit
            if not hit:
                evaluation.note(what, clip.name, f"{clip.label} {dict(clip.slots)}", events)
        yield rate(what, right, len(clips), f"{COFFEE_TARGETS[snr]} %")


def single_words(evaluation: Evaluation) -> Iterator[Figure]:
    """Single words of people: accuracy of commands, and false acceptance of other words."""
    listener = evaluation.coach_listener()
    right, commands_said, accepted, others = 0, 0, 0, 0
    for clip in evaluation.in_split(recordings.words(evaluation.recordings)):
        context = recordings.COMMANDS.get(clip.label, "holding")
        events = evaluation.decide(listener, clip.samples, context)
        wanted = recordings.INTENTS.get(clip.label)
        wrong = [event.intent for event in understood(events)] != ([wanted] if wanted else [])
        if wanted:
            right += not wrong
            commands_said += 1
        elif clip.label != "silence":
            accepted += wrong
            others += 1
        if wrong:
            evaluation.note("single-words", clip.name, wanted, events, context=context)
    yield rate("single words of people (stop, yes, no, go)", right, commands_said, "99 %")
    yield rate("other single words, accepted in a hold", accepted, others, "1 %")


def coach_commands(evaluation: Evaluation) -> Iterator[Figure]:
    """The coach's commands by synthetic voices: accuracy, and decision time after the end of speech."""
    said = list(spoken(evaluation.cache, evaluation.split))
    listener = evaluation.coach_listener()
    noise = recordings.kitchen(evaluation.recordings)
    room = recordings.rooms(evaluation.recordings)["room48"]
    conditions: dict[str, tuple[Callable[[Samples, str], Samples], str]] = {
        "clean": (lambda sound, name: sound, "99 %"),
        "kitchen 10 dB": (lambda sound, name: mixing.in_noise(sound, noise, 10, name), "96 %"),
        "in a room": (lambda sound, name: mixing.in_room(sound, room), ""),
    }
    delays: dict[tuple[str, str], list[float]] = {}
    for condition, (change, target) in conditions.items():
        right: dict[str, int] = {}
        for each, sound, end in said:
            events = evaluation.decide(listener, change(sound, each.name), each.context)
            found = outcome(events)
            meaning = (each.meaning.intent, each.meaning.slots)
            if not isinstance(found, Heard) or (found.intent, found.slots) != meaning:
                evaluation.note(f"coach commands, {condition}", each.text, each.meaning.intent, events, **each.about)
                continue
            right[each.speaker.engine] = right.get(each.speaker.engine, 0) + 1
            kind = "may go on" if listener.may_go_on(each.text, each.context) else each.context
            delays.setdefault((condition, kind), []).append(found.at / 1000 - end)
        yield rate(f"our commands, all voices, {condition}", sum(right.values()), len(said), target)
        for engine in dict.fromkeys(each.speaker.engine for each, _, _ in said):
            of = sum(each.speaker.engine == engine for each, _, _ in said)
            yield rate(f"– the voices of {engine}", right.get(engine, 0), of)
    yield from _latency(delays)


def out_of_scope(evaluation: Evaluation) -> Iterator[Figure]:
    """False acceptance of out-of-scope sentences that resemble commands ("don't skip this one")."""
    said = list(spoken(evaluation.cache, evaluation.split, OUT_OF_SCOPE_EACH, in_scope=False))
    listener, taken = evaluation.coach_listener(), 0
    for each, sound, _ in said:
        events = evaluation.decide(listener, sound, each.context)
        if understood(events):
            taken += 1
            evaluation.note("out-of-scope", each.text, None, events, **each.about)
    yield rate("out-of-scope sentences (negated commands, thanks) accepted", taken, len(said), "1 %")


def _latency(delays: dict[tuple[str, str], list[float]]) -> Iterator[Figure]:
    """Yield the decision time after the end of speech, in audio time.

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


def background_sound(evaluation: Evaluation) -> Iterator[Figure]:
    """False acceptance in a hold: noise, talk of other people, coffee orders."""
    listener = evaluation.coach_listener()
    for kind in ("noise", "talk", "orders"):
        pieces = (
            recordings.coffee(evaluation.recordings)
            if kind == "orders"
            else recordings.pieces(evaluation.recordings, kind)
        )
        count, seconds = 0, 0.0
        for clip in evaluation.in_split(pieces):
            events = evaluation.decide(listener, clip.samples, "holding")
            if understood(events):
                evaluation.note(f"background-sound: {kind}", clip.name, None, understood(events))
            count += len(understood(events))
            seconds += clip.seconds
        names = {"noise": "household noise and music", "talk": "meetings and reading", "orders": "coffee orders"}
        yield per_hour(f"accepted in a hold: {names[kind]}", count, seconds, "0" if kind == "noise" else "0.5")


MEASURES: dict[str, Callable[[Evaluation], Iterator[Figure]]] = {
    "single-words": single_words,
    "background-sound": background_sound,
    "coach-commands": coach_commands,
    "out-of-scope": out_of_scope,
    "early-decisions": early_decisions,
    "hesitation": hesitation,
    "after-other-talk": after_other_talk,
    "background-talk": background_talk_alarms,
    "coffee": coffee,
    "compute": compute,
}
