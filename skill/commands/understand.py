"""`back-stretches understand`: sound files in, what was said and meant out."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from skill import content, speech_model
from skill.audio import wav
from skill.audio.blocks import BLOCK_MS, Samples, blocks, level_db
from skill.errors import AudioError, SkillError, UsageError
from skill.events import Heard, Rejected, SpeechStarted
from skill.hearing.contexts import contexts
from skill.hearing.listener import Listener
from skill.hearing.recognizer import SpeechModel, check_words
from skill.hearing.weighing import Weighed
from skill.settings import ListeningSettings

AFTER_MS = 1200
"""Silence that follows the file, so that its end can be heard."""

QUIET_DBFS = -45.0
"""A file without a block louder than this may hold speech that is too quiet to be found."""


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--intents", type=click.Path(path_type=Path), help="Folder of hassil templates (default: the coach's).")
@click.option("--context", help="The context whose sentences are active (default: all sentences).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@click.option("--model", type=click.Path(path_type=Path), help="Folder of the speech model.")
def understand(
    files: tuple[Path, ...], intents: Path | None, context: str | None, as_json: bool, model: Path | None
) -> None:
    """Understand each of FILES as one utterance; - is standard input."""
    language = content.load_language(intents)
    if context is not None and context not in (known := contexts(language.intents)):
        raise UsageError(f"There is no context {context}; contexts are {', '.join(known) or 'not used here'}.")
    sounds, problems = _read(files)
    if not sounds:
        raise SkillError("\n".join(map(str, problems)))
    speech = SpeechModel(speech_model.find(model))
    check_words(language, speech)
    listener = Listener(speech, language, ListeningSettings())
    for path, samples in sounds:
        listener.restart()
        listener.listen(context)
        found = understand_samples(listener, samples)
        click.echo(
            json.dumps({"file": str(path), **found}, ensure_ascii=False) if as_json else _line(path, found, samples)
        )
    if problems:
        raise SkillError("\n".join(map(str, problems)))


def _read(files: Iterable[Path]) -> tuple[list[tuple[Path, Samples]], list[AudioError]]:
    """Return the sounds of the files that are good, and what is wrong with the others."""
    sounds: list[tuple[Path, Samples]] = []
    problems: list[AudioError] = []
    for path in files:
        try:
            sounds.append((path, wav.read(path)))
        except AudioError as error:
            problems.append(error)
    return sounds, problems


def understand_samples(listener: Listener, samples: Any) -> dict[str, Any]:
    """Take samples for one utterance; return the fields of the command's output but the file's name.

    Of several decisions (a cough, then a sentence) the first one understood counts, with what it was revised to when
    the speaker went on; where nothing was understood, the last one.
    """
    decided: list[tuple[Heard | Rejected, tuple[Weighed, ...]]] = []
    now = 0
    padded = list(blocks(samples))
    silence = [0 * padded[0]] * (AFTER_MS // BLOCK_MS) if padded else []
    for block in padded + silence:
        now += BLOCK_MS
        decided += _decisions(listener.hear(block, now), listener)
    decided += _decisions(listener.finish(now), listener)
    found = outcome([event for event, _ in decided]) or Rejected(now, "", "no speech")
    readings = next((readings for event, readings in decided if event is found), ())
    return {**_fields(found), "numbers": _numbers(readings)}


def _decisions(
    events: Iterable[SpeechStarted | Heard | Rejected], listener: Listener
) -> Iterator[tuple[Heard | Rejected, tuple[Weighed, ...]]]:
    """Yield the decisions among some events, each with the readings that it rests on."""
    return ((event, listener.readings) for event in events if isinstance(event, Heard | Rejected))


def outcome(decisions: Sequence[Heard | Rejected]) -> Heard | Rejected | None:
    """Return the decision that counts of several on one utterance (see understand_samples); None of none."""
    result: Heard | Rejected | None = None
    for decision in decisions:
        revised = isinstance(decision, Heard) and result and decision.text.startswith(f"{result.text} ")
        if not isinstance(result, Heard) or revised:
            result = decision
    return result


def _fields(decision: Heard | Rejected) -> dict[str, Any]:
    at = round(decision.at / 1000, 3)
    if isinstance(decision, Rejected):
        nothing: dict[str, Any] = {"text": decision.text, "intent": None, "slots": {}, "confidence": 0.0}
        return {**nothing, "decided_at": at, "rejected": decision.reason}
    return {
        "text": decision.text,
        "intent": decision.intent,
        "slots": dict(decision.slots),
        "confidence": round(decision.confidence, 3),
        "decided_at": at,
        "rejected": None,
    }


def _numbers(readings: Iterable[Weighed]) -> list[dict[str, Any]]:
    """Return the readings behind a decision: scores are log likelihoods relative to the best, in nats."""
    return [
        {"text": each.text, "score": round(each.score, 2), "intent": each.meaning and each.meaning.intent}
        for each in readings
    ]


def _line(path: Path, found: dict[str, Any], samples: Samples) -> str:
    if found["rejected"]:
        hint = _too_quiet(samples) if found["rejected"] == "no speech" else ""
        return f'{path}: rejected ({found["rejected"]}) "{found["text"]}"{hint}'
    slots = "".join(f", {name}: {value}" for name, value in found["slots"].items())
    return f'{path}: {found["intent"]}{slots} "{found["text"]}" ({found["confidence"]:.2f}, {found["decided_at"]} s)'


def _too_quiet(samples: Samples) -> str:
    """Return a hint where the loudest 20 ms are quieter than speech should be; digital silence needs none."""
    if not samples.any():
        return ""
    level = max(level_db(block) for block in blocks(samples))
    if level >= QUIET_DBFS:
        return ""
    return f"; it is very quiet (at most {level:.0f} dBFS): speak louder, go closer, or turn the microphone up"
