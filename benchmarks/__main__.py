"""`make bench`: accuracy, false alarms, decision time and compute, in one Markdown table."""

import contextlib
import datetime
import json
import os
import platform
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from benchmarks.barge_in.accuracy import barge_in_loudspeaker, barge_in_rooms
from benchmarks.barge_in.lost_sound import lost_sound
from benchmarks.barge_in.prompted_words import prompted_words
from benchmarks.barge_in.whole_sessions import barge_in_latency, false_interruptions
from benchmarks.compute.echo_cost import echo_cost
from benchmarks.data import recordings
from benchmarks.data.synthetic_speakers import kept_speech
from benchmarks.evaluation import Evaluation
from benchmarks.figures import Figure, table
from benchmarks.recognition.accuracy import MEASURES
from skill import speech_model
from skill.commands.options import model_option
from skill.commands.param_types import BoundedFloat
from skill.errors import SkillError
from skill.hearing.recognizer import SpeechModel

ALL = MEASURES | {
    "barge-in-rooms": barge_in_rooms,
    "barge-in-loudspeaker": barge_in_loudspeaker,
    "prompted-words": prompted_words,
    "barge-in-latency": barge_in_latency,
    "lost-sound": lost_sound,
    "echo-cost": echo_cost,
    "false-interruptions": false_interruptions,
}
"""The measures by name, in the order in which they are taken."""


@click.command()
@click.option("--only", multiple=True, type=click.Choice(list(ALL)), help="Measure only this (repeatable).")
@click.option(
    "--split", type=click.Choice(["test", "dev", "all"]), default=Evaluation.split, help="Which split of the data."
)
@click.option(
    "--hours",
    type=BoundedFloat(0.01, 1000),
    default=Evaluation.hours,
    help="Hours of background talk, and of the coach alone.",
)
@click.option("--recordings", "folder", type=click.Path(path_type=Path), help="Folder of recordings of people.")
@click.option("--json", "out", type=click.Path(path_type=Path), help="Also write the figures to this file.")
@click.option("--record", type=click.Path(path_type=Path), help="Write each wrong decision to this file (JSON lines).")
@click.option("--cache", type=click.Path(path_type=Path), help="Folder in which synthetic speech is kept.")
@model_option
def bench(
    only: tuple[str, ...],
    split: str,
    hours: float,
    folder: Path | None,
    out: Path | None,
    record: Path | None,
    cache: Path | None,
    model: Path | None,
) -> None:
    """Measure acceptance, false alarms, decision time and compute; print one Markdown table.

    On Ctrl-C or SIGTERM it prints what has been measured so far.
    """
    kept = cache or kept_speech()
    with record.open("w", encoding="utf-8") if record else contextlib.nullcontext() as lines:
        speech = SpeechModel(speech_model.find(model))
        material = Evaluation(speech, recordings.folder(folder), kept, split, hours=hours, record=lines)
        figures: list[Figure] = []
        for ending in (signal.SIGINT, signal.SIGTERM):  # a time limit (`timeout 3600 ...`) ends it as Ctrl-C does
            signal.signal(ending, signal.default_int_handler)
        try:
            for name in only or ALL:
                for figure in ALL[name](material):
                    figures.append(figure)
                    click.echo(" ".join(filter(None, figure.row())), err=True)
        except KeyboardInterrupt:
            click.echo("Interrupted; these are the figures measured until then.", err=True)
    click.echo(table(figures))
    if out:
        _write(out, split, figures)


def _write(out: Path, split: str, figures: Sequence[Figure]) -> None:
    about = {
        "date": datetime.date.today().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
        "split": split,
        "figures": [figure.as_json() for figure in figures],
    }
    out.write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    """Run the command line; an error is one sentence and an exit code (1 failed, 2 wrong usage)."""
    try:
        bench(prog_name="benchmarks")
    except SkillError as error:
        click.echo(f"benchmarks: {error}", err=True)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
