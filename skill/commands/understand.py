"""`back-stretches understand`: the intents of sound files."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from skill import speech_model
from skill.audio import wav
from skill.audio.blocks import Samples, blocks, level_db
from skill.audio.levels import QUIET_RECORDING_DBFS
from skill.commands.options import log_level_option, model_option
from skill.composition.coach_settings import COACH_LISTENING
from skill.content.language import load_language
from skill.errors import AudioError, SkillError, UsageError
from skill.hearing.listener import Listener
from skill.hearing.recognizer import SpeechModel, check_words
from skill.hearing.recording import understand_samples
from skill.settings import ListeningSettings
from skill.understanding.contexts import contexts


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--intents", type=click.Path(path_type=Path), help="Folder of hassil templates (default: the coach's).")
@click.option("--context", help="The context whose sentences are active (default: all sentences).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@model_option
@log_level_option
def understand(
    files: tuple[Path, ...], intents: Path | None, context: str | None, as_json: bool, model: Path | None
) -> None:
    """Understand each of FILES as one utterance; - is standard input."""
    language = load_language(intents)
    if context is not None and context not in (known := contexts(language.intents)):
        raise UsageError(f"There is no context {context}; contexts are {', '.join(known) or 'not used here'}.")
    sounds, problems = _read(files)
    if not sounds:
        raise SkillError("\n".join(map(str, problems)))
    speech = SpeechModel(speech_model.find(model))
    check_words(language, speech)
    listener = Listener(speech, language, ListeningSettings() if intents else COACH_LISTENING)
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
    """Return the sounds of the readable files, and the errors of the others."""
    sounds: list[tuple[Path, Samples]] = []
    problems: list[AudioError] = []
    for path in files:
        try:
            sounds.append((path, wav.read(path)))
        except AudioError as error:
            problems.append(error)
    return sounds, problems


def _line(path: Path, found: dict[str, Any], samples: Samples) -> str:
    if found["rejected"]:
        hint = _too_quiet(samples) if found["rejected"] == "no speech" else ""
        return f'{path}: rejected ({found["rejected"]}) "{found["text"]}"{hint}'
    slots = "".join(f", {name}: {value}" for name, value in found["slots"].items())
    return f'{path}: {found["intent"]}{slots} "{found["text"]}" ({found["confidence"]:.2f}, {found["decided_at"]} s)'


def _too_quiet(samples: Samples) -> str:
    """Return a hint if the loudest 20 ms are quieter than speech should be; none for digital silence."""
    if not samples.any():
        return ""
    level = max(level_db(block) for block in blocks(samples))
    if level >= QUIET_RECORDING_DBFS:
        return ""
    return f"; it is very quiet (at most {level:.0f} dBFS): speak louder, go closer, or turn the microphone up"
