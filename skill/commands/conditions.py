"""`back-stretches conditions`: show or delete what is stored about your body."""

import json

import click

from skill.composition.parts import clips_folder, memory_to_read
from skill.content.language import load_language
from skill.content.responses import Responses
from skill.errors import SkillError
from skill.voice.disk_cache import delete_personal_clips


@click.command()
@click.option("--forget", is_flag=True, help="Delete it; the coach asks again before the next routine.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def conditions(forget: bool, as_json: bool) -> None:
    """Show what you told the coach about your body, like sore knees: it picks easier versions by that.

    Everything is kept on this machine alone. By voice: "what do you know about me", and "forget my conditions".
    """
    memory = memory_to_read()
    told = memory.conditions
    kept = (*sorted(told or ()), *(("unwell",) if memory.unwell else ()))
    if forget and (told is not None or kept):
        memory.keep_conditions(None)
    if forget:
        delete_personal_clips(clips_folder())  # even if nothing else is kept: a replay keeps only clips
    if memory.problem:
        raise SkillError(memory.problem)
    for condition in kept:
        name = _name(condition)
        line = json.dumps({"condition": condition, "name": name, "deleted": forget}, ensure_ascii=False)
        click.echo(line if as_json else f"Deleted: {name}" if forget else name)
    if not kept and not as_json:
        click.echo("The coach keeps nothing about your body.")


def _name(condition: str) -> str:
    """Return a condition in words; its id, if this version does not know it."""
    responses = Responses(load_language().responses)
    key = f"condition_{condition}"
    return responses(key)[0] if key in responses.variants else condition
