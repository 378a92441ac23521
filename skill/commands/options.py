"""Options that several commands share. Quick to import: the parts of a session are loaded when a command runs."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from skill.commands.log_output import LEVELS, show_log
from skill.commands.param_types import WORDS_A_MINUTE
from skill.composition.coach_settings import Settings
from skill.settings import VoiceSettings

model_option = click.option("--model", type=click.Path(path_type=Path), help="Folder of the speech model.")
voice_option = click.option("--voice", help="Voice of the coach: natural, or a part of a voice's name.")
rate_option = click.option("--rate", type=WORDS_A_MINUTE, help="Words a minute of the coach.")


def _show_log(context: click.Context, option: click.Parameter, level: str | None) -> None:
    if level:
        show_log(level)


log_level_option = click.option(
    "--log-level",
    type=click.Choice(LEVELS),
    callback=_show_log,
    expose_value=False,
    help="Log what happens, for developers, on standard error.",
)


def with_parts(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that choose parts of a session; it gets them as one argument `parts`."""

    @functools.wraps(command)
    def run(model: Path | None, voice: str | None, rate: int | None, **others: Any) -> Any:
        from skill.composition.parts import Parts

        name = VoiceSettings.voice if voice in (None, "default") else voice
        chosen = VoiceSettings(voice=name or VoiceSettings.voice, rate=rate or VoiceSettings.rate)
        return command(parts=Parts(Settings(voice=chosen), model, voice), **others)

    return model_option(voice_option(rate_option(log_level_option(run))))
