"""`back-stretches routines`: list all routines, and check the user's own files."""

import json
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from skill import speech_model
from skill.commands.options import log_level_option, model_option
from skill.composition.coach_settings import Settings
from skill.composition.parts import Parts, routines_folder
from skill.content.abbreviations import abbreviation_notes
from skill.content.own_routines import unheard_names
from skill.content.routine import Routine
from skill.errors import ContentError, ModelError
from skill.hearing.recognizer import SpeechModel


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@model_option
@log_level_option
def routines(as_json: bool, model: Path | None) -> None:
    """List all routines and check your own files; the exit code is 1 if something is wrong in them.

    Your own files belong in the folder that is printed last. They have the format of the shipped ones and may use
    their stretches.
    """
    parts = Parts(Settings())
    found = parts.routines
    if as_json:
        for routine in found.all.values():
            print(json.dumps(_fields(routine, parts), ensure_ascii=False), flush=True)
    else:
        _print_table(parts)
    problems = list(found.problems)
    unheard, notes = _unheard(parts, model)
    notes += abbreviation_notes(found.all[name] for name in sorted(found.own))
    for path in found.unread:
        notes.append(f"{path} is not read; routine files end in .yaml or .yml.")
    for line in notes:
        click.echo(f"note: {line}", err=True)
    problems += unheard
    if problems:
        raise ContentError("\n".join(problems))


def _fields(routine: Routine, parts: Parts) -> dict[str, Any]:
    return {
        "id": routine.id,
        "name": routine.name,
        "stretches": [stretch.id for stretch in routine.stretches],
        "own": routine.id in parts.routines.own,
    }


def _print_table(parts: Parts) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Id", "Say", "Stretches", "From"):
        table.add_column(title, overflow="fold")
    for routine in parts.routines.all.values():
        names = ", ".join(stretch.name for stretch in routine.stretches)
        origin = "you" if routine.id in parts.routines.own else "the coach"
        table.add_row(routine.id, f"start {routine.name}", names, origin)
    console = Console(highlight=False)
    console.print(table)
    console.print(f"\nYour own routine files: {routines_folder()}/*.yaml (or *.yml)", soft_wrap=True)


def _unheard(parts: Parts, model: Path | None) -> tuple[list[str], list[str]]:
    """Return problems and notes about names that the speech model cannot hear; without a model none."""
    own = [parts.routines.all[name] for name in sorted(parts.routines.own)]
    if not own:
        return [], []
    try:
        folder = speech_model.locate(model)
    except ModelError as error:
        return [], [str(error)]
    if folder is None:
        return [], ["there is no speech model yet, so whether your names can be heard was not checked."]
    return unheard_names(own, SpeechModel(folder).knows)
