"""`back-stretches bench`: how well speech is understood, in one table."""

import contextlib
import datetime
import json
import os
import platform
import signal
from collections.abc import Sequence
from pathlib import Path

import click

from benchmarks import recordings
from benchmarks.echo_cost import echo_cost
from benchmarks.echo_measures import over_a_loudspeaker, over_the_coach
from benchmarks.figures import Figure, table
from benchmarks.material import Bench
from benchmarks.measures import MEASURES
from benchmarks.session_measures import hears_itself, silence_after_a_command
from benchmarks.synthetic_speakers import kept_speech
from skill import speech_model
from skill.commands.options import model_option
from skill.commands.param_types import Number
from skill.hearing.recognizer import SpeechModel

ALL = MEASURES | {
    "rooms": over_the_coach,
    "loudspeaker": over_a_loudspeaker,
    "silence": silence_after_a_command,
    "echo-cost": echo_cost,
    "self": hears_itself,
}
"""The measures by name, in the order in which they are taken."""


@click.command()
@click.option("--only", multiple=True, type=click.Choice(list(ALL)), help="Measure only this (repeatable).")
@click.option("--half", type=click.Choice(["judge", "tune", "all"]), default=Bench.half, help="Which half of the data.")
@click.option("--hours", type=Number(0.01, 1000), default=Bench.hours, help="Hours of talk, and of the coach's own.")
@click.option("--recordings", "folder", type=click.Path(path_type=Path), help="Folder of recordings of people.")
@click.option("--json", "out", type=click.Path(path_type=Path), help="Also write the figures to this file.")
@click.option(
    "--record", type=click.Path(path_type=Path), help="Write what was decided wrong to this file (JSON lines)."
)
@click.option("--cache", type=click.Path(path_type=Path), help="Where synthetic speech is kept.")
@model_option
def bench(
    only: tuple[str, ...],
    half: str,
    hours: float,
    folder: Path | None,
    out: Path | None,
    record: Path | None,
    cache: Path | None,
    model: Path | None,
) -> None:
    """Measure acceptance, false alarms, decision time and compute; print one Markdown table.

    Ctrl-C, or a time limit that terminates it, ends it with what has been measured so far.
    """
    kept = cache or kept_speech()
    with record.open("w", encoding="utf-8") if record else contextlib.nullcontext() as lines:
        speech = SpeechModel(speech_model.find(model))
        material = Bench(speech, recordings.folder(folder), kept, half, hours=hours, record=lines)
        figures: list[Figure] = []
        for ending in (signal.SIGINT, signal.SIGTERM):  # a time limit (`timeout 3600 ...`) ends it as Ctrl-C does
            signal.signal(ending, signal.default_int_handler)
        try:
            for name in only or ALL:
                for figure in ALL[name](material):
                    figures.append(figure)
                    click.echo(" ".join(filter(None, figure.row())), err=True)
        except KeyboardInterrupt:
            click.echo("Broken off; this is what was measured until then.", err=True)
    click.echo(table(figures))
    if out:
        _write(out, half, figures)


def _write(out: Path, half: str, figures: Sequence[Figure]) -> None:
    about = {
        "date": datetime.date.today().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
        "half": half,
        "figures": [figure.as_json() for figure in figures],
    }
    out.write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
