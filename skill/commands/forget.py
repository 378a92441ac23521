"""`back-stretches forget`: delete everything that is stored about the user."""

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from skill.composition.parts import clips_folder, memory_file
from skill.errors import SkillError, UsageError


@click.command()
@click.option("--yes", is_flag=True, help="Delete without asking.")
@click.option("--json", "as_json", is_flag=True, help="Print what was deleted, one JSON object a line.")
def forget(yes: bool, as_json: bool) -> None:
    """Delete progress, history, settings, what you told about your body, and the cached speech.

    Your own routine files stay, and so does the speech model, which holds nothing about you.
    """
    places = dict(_places())
    if not places:
        if not as_json:
            click.echo("There is nothing to forget.")
        return
    if not yes:
        _ask(places)
    for path, what in places.items():
        _delete(path)
        line = json.dumps({"deleted": str(path), "what": what}, ensure_ascii=False)
        click.echo(line if as_json else f"Deleted: {path} ({what})")


def _places() -> Iterator[tuple[Path, str]]:
    """Yield each existing file and folder with a description of its content."""
    memory = memory_file()
    for path in _inside(memory.parent) or []:
        if not path.name.startswith(f"{memory.stem}."):
            continue
        if path.name.startswith(f"{memory.stem}.damaged-"):
            yield path, "a damaged memory that was kept aside"
        elif path.suffix == ".lock":
            yield path, "a lock of the memory"
        else:
            yield path, "progress, history, settings, what you told about your body"
    speech = clips_folder()
    clips = _inside(speech)
    if clips is not None:
        count = len(clips)
        yield speech, f"cached speech, {count} {'line' if count == 1 else 'lines'}"


def _inside(folder: Path) -> list[Path] | None:
    """Return the content of a folder; None if it does not exist. Raises SkillError if it cannot be read."""
    try:
        return sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SkillError(
            f"{folder}: cannot be read ({reason}), so nothing was deleted; change its permissions."
        ) from error


def _ask(places: dict[Path, str]) -> None:
    if not sys.stdin.isatty():
        raise UsageError("Nothing was deleted: there is no terminal to ask at; add --yes to delete without asking.")
    for path, what in places.items():
        click.echo(f"{path} ({what})")
    if not click.confirm("Delete all of this permanently?"):
        raise SkillError("Nothing was deleted.")


def _delete(path: Path) -> None:
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        message = f"{path}: cannot be deleted ({error.strerror}); delete it by hand."
        raise SkillError(message) from error
