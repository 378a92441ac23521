"""`back-stretches bench`: how well speech is understood, in one table."""

import datetime
import json
import platform
from pathlib import Path

import click
import platformdirs

from skill import speech_model
from skill.bench import recordings
from skill.bench.echo_measures import over_a_loudspeaker, over_the_coach
from skill.bench.figures import Figure, table
from skill.bench.measures import MEASURES, Bench
from skill.hearing.recognizer import SpeechModel

ALL = MEASURES | {"rooms": over_the_coach, "loudspeaker": over_a_loudspeaker}
"""The measures by name, in the order in which they are taken."""


@click.command()
@click.option("--only", multiple=True, type=click.Choice(list(ALL)), help="Measure only this (repeatable).")
@click.option("--half", type=click.Choice(["judge", "tune", "all"]), default="judge", help="Which half of the data.")
@click.option("--recordings", "folder", type=click.Path(path_type=Path), help="Folder of recordings of people.")
@click.option("--json", "out", type=click.Path(path_type=Path), help="Also write the figures to this file.")
@click.option("--cache", type=click.Path(path_type=Path), help="Where synthetic speech is kept.")
@click.option("--model", type=click.Path(path_type=Path), help="Folder of the speech model.")
def bench(
    only: tuple[str, ...],
    half: str,
    folder: Path | None,
    out: Path | None,
    cache: Path | None,
    model: Path | None,
) -> None:
    """Measure acceptance, false alarms, decision time and compute; print one Markdown table."""
    kept = cache or Path(platformdirs.user_cache_dir("back-stretches", appauthor=False)) / "bench"
    material = Bench(SpeechModel(speech_model.find(model)), recordings.folder(folder), kept, half)
    figures: list[Figure] = []
    for name in only or ALL:
        for figure in ALL[name](material):
            figures.append(figure)
            click.echo(" ".join(filter(None, figure.row())), err=True)
    click.echo(table(figures))
    if out:
        about = {"date": datetime.date.today().isoformat(), "machine": platform.machine(), "half": half}
        rows = [figure.as_json() for figure in figures]
        out.write_text(json.dumps({**about, "figures": rows}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
