"""`back-stretches models`: find, download and verify the speech model."""

import json
from pathlib import Path
from typing import Any

import click

from skill.errors import ModelError
from skill.speech_model.download_progress import say
from skill.speech_model.fetcher import fetch
from skill.speech_model.finder import locate
from skill.speech_model.manifest import PublishedModel, Verdict, load_manifest
from skill.speech_model.search_path import places

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def models(context: click.Context, as_json: bool) -> None:
    """List the speech models, fetch the one needed, or verify it.

    Without a subcommand: list every place where the model is looked for, and what is there. A star marks the model
    that is used.
    """
    if context.invoked_subcommand is None:
        _list(load_manifest(), as_json)
    elif as_json:
        raise click.UsageError(f"--json goes after the subcommand: models {context.invoked_subcommand} --json")


@models.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """List every place where the model is looked for, and what is there."""
    _list(load_manifest(), as_json)


@models.command("fetch")
@json_option
def fetch_command(as_json: bool) -> None:
    """Fetch the model, unless a verified one is on this machine; print its folder."""
    model = load_manifest()
    here = locate(model=model)
    folder = here or fetch(model=model)
    if as_json:
        _print_json({"model": model.name, "path": str(folder), "status": "verified", "fetched": here is None})
    else:
        click.echo(folder)


@models.command("verify")
@json_option
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
def verify_command(folder: Path | None, as_json: bool) -> None:
    """Compare every file of the model in DIR (default: the first one found) with the published hashes."""
    model = load_manifest()
    place = places(folder, model)[0].folder if folder else _first_there(model)
    found = model.examine(place)
    if as_json:
        status = found.verdict.value
        _print_json({"model": model.name, "path": str(place), "status": status, "problem": found.problem})
    elif found.verdict is Verdict.VERIFIED:
        click.echo(f"{place}: verified")
    if found.verdict is Verdict.DAMAGED:
        remedy = "unpack it again, or remove it and run `back-stretches models fetch`"
        raise ModelError(f"The speech model in {place} is damaged: {found.problem}; {remedy}.")
    if found.verdict is not Verdict.VERIFIED:
        raise ModelError(f"{place} is not the folder of {model.name} ({found.problem}); give that folder.")


def _first_there(model: PublishedModel) -> Path:
    for place in places(model=model):
        if model.examine(place.folder).verdict is not Verdict.NO_MODEL:
            return place.folder
    raise ModelError(f"{model.name} is not on this machine; run `back-stretches models fetch`.")


def _list(model: PublishedModel, as_json: bool) -> None:
    if not as_json:
        size = sum(file.size for file in model.files + model.editions[0].files) / 1e6
        click.echo(f"{model.name} ({model.language}, {model.licence}, {size:.0f} MB)")
    used = False
    for place in places(model=model):
        found = model.examine(place.folder)
        there = found.verdict is not Verdict.NO_MODEL
        first = not used and found.verdict is Verdict.VERIFIED
        used = used or first
        line: dict[str, Any] = {
            "model": model.name,
            "place": place.title,
            "path": str(place.folder),
            "status": found.verdict.value,
            "problem": found.problem if there else None,
            "used": first,
        }
        if as_json:
            _print_json(line)
        else:
            problem = f" ({found.problem})" if there and found.problem else ""
            click.echo(f"{'*' if first else ' '} {place.title}: {place.folder}: {found.verdict.value}{problem}")
    if not used:
        say("No verified model is on this machine; `back-stretches models fetch` gets it.")


def _print_json(line: dict[str, Any]) -> None:
    click.echo(json.dumps(line))
