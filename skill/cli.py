"""The command line: one command with subcommands, and what happens to errors."""

import errno
import io
import os
import sys
from typing import Any

import click

from skill.commands.log_output import show_log
from skill.commands.options import log_level_option, model_option, rate_option
from skill.errors import SkillError
from skill.loading import load

_CANNOT_WRITE = (errno.ENOSPC, errno.EDQUOT)


_SUBCOMMANDS = {
    "chat": ("chat", "Hold the conversation in writing: a line is what you would say."),
    "conditions": ("conditions", "Show what you told the coach about your body, or delete it."),
    "doctor": ("doctor", "Check what the coach needs on this machine."),
    "forget": ("forget", "Delete all that is kept about you."),
    "history": ("history_command", "Show when you stretched: a calendar of the last weeks."),
    "models": ("models", "List the speech models, fetch the one needed, or verify it."),
    "replay": ("replay", "Hold a whole session with a sound file as the microphone."),
    "routines": ("routines", "List all routines and check your own files."),
    "understand": ("understand", "Understand each of some sound files as one utterance."),
}
"""Subcommand -> (its function in skill.commands.<subcommand>, its help line).

A command's module is imported only when the command is called, so that `--help` is fast.
"""


class Commands(click.Group):
    """The subcommands, each loaded when it is called. A reader of their output may close it: that is no error."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the names of all subcommands."""
        return sorted(_SUBCOMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Load a subcommand; None if there is no such."""
        if name not in _SUBCOMMANDS:
            return None
        command = getattr(load(f"skill.commands.{name}"), _SUBCOMMANDS[name][0])
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of subcommands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _SUBCOMMANDS[name][1]) for name in self.list_commands(context)])

    def invoke(self, context: click.Context) -> Any:
        """Run what the command line asks for."""
        try:
            result = super().invoke(context)
            sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            context.exit(0)
        return result


@click.group(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="back-stretches")
@click.option("--debug", is_flag=True, help="Show where in the program an error came from; goes before the subcommand.")
@click.option("--input", "microphone", help="Microphone, remembered: a part of its name, or default.")
@click.option("--output", "speaker", help="Speaker, remembered: a part of its name, or default.")
@model_option
@click.option("--voice", help="Voice of the coach, remembered: natural, or a part of a voice's name.")
@rate_option
@log_level_option
@click.pass_context
def cli(context: click.Context, debug: bool, **live_options: object) -> None:
    """Lead you through a back-stretch routine, hands free and offline.

    Without a subcommand: the live session, with microphone and speaker. Say "start back stretches".
    """
    if context.invoked_subcommand is None:
        context.invoke(load("skill.commands.live").live, **live_options)
    elif any(value is not None for value in live_options.values()):
        raise click.UsageError("Options of the live session do not go with a subcommand; give them after it.")


def main() -> None:
    """Run the command line, and leave with the exit code: 0 done, 1 it failed, 2 wrong usage."""
    _fill_in_closed_streams()
    _print_any_text()
    show_log("warning")
    try:
        code = cli.main(prog_name="back-stretches", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except SkillError as error:
        if _debugging():
            raise
        click.echo(f"back-stretches: {error}", err=True)
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        code = 1
    except Exception as error:
        if _debugging():
            raise
        click.echo(f"back-stretches: {_message(error)}", err=True)
        code = 1
    sys.exit(code if isinstance(code, int) else 0)


def _message(error: Exception) -> str:
    """Return a message about an unexpected error."""
    if isinstance(error, OSError) and error.errno in _CANNOT_WRITE and not error.filename:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is still to be written would fail again
        return f"the output cannot be written ({os.strerror(error.errno).lower()}); make room, or send it elsewhere."
    return (
        f"an error in the program itself ({type(error).__name__}: {error});"
        " run `back-stretches --debug ...` to see where, and report it."
    )


def _fill_in_closed_streams() -> None:
    """Replace standard streams that are closed by the null device."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - as long as the program


def _print_any_text() -> None:
    """Print a replacement for characters that a terminal cannot show, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _debugging() -> bool:
    return "--debug" in sys.argv[1:]
