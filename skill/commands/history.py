"""`back-stretches history`: a calendar of the last weeks, and all sessions as CSV or JSON."""

import csv
import io
import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from skill.commands.param_types import BoundedInt
from skill.composition.parts import memory_to_read
from skill.errors import SkillError
from skill.memory import PastSession
from skill.memory.history import counted, history, weeks

FIELDS = ("started", "ended", "seconds", "routine", "finished", "stretches")
"""Columns of the CSV file and keys of the JSON objects."""

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


@click.command("history")
@click.option("--weeks", "number", type=BoundedInt(1, 520), default=8, show_default=True, help="Weeks to show.")
@click.option("--csv", "table", type=click.Path(path_type=Path), help="Write all sessions to this file (-: print).")
@click.option("--json", "as_json", is_flag=True, help="Print all sessions, one JSON object a line.")
def history_command(number: int, table: Path | None, as_json: bool) -> None:
    """Show when you stretched: a calendar of the last weeks."""
    if table and as_json:
        raise click.UsageError("--csv and --json exclude each other; give one of them.")
    memory = memory_to_read()
    sessions = [
        each for each in memory.sessions() if each.seconds or each.stretches
    ]  # leave out sessions in which nothing happened
    if memory.problem and not sessions:  # an empty calendar would be wrong
        raise SkillError(memory.problem)
    if table:
        _write_csv(sessions, table)
    elif as_json:
        for session in sessions:
            print(json.dumps(_fields(session), ensure_ascii=False), flush=True)
    else:
        _draw(sessions, datetime.now().astimezone().date(), number, Console(highlight=False))
    if memory.problem:
        raise SkillError(memory.problem)


def _fields(session: PastSession) -> dict[str, Any]:
    times = {"started": session.started.isoformat(), "ended": session.ended.isoformat()}
    return {
        **times,
        "seconds": session.seconds,
        "routine": session.routine,
        "finished": session.finished,
        "stretches": list(session.stretches),
    }


def _write_csv(sessions: Sequence[PastSession], path: Path) -> None:
    """Write a table with one session a row; the ids in `stretches` are separated by spaces."""
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, FIELDS)
    table.writeheader()
    for session in sessions:
        finished = "yes" if session.finished else "no"
        table.writerow({**_fields(session), "finished": finished, "stretches": " ".join(session.stretches)})
    if str(path) == "-":
        sys.stdout.write(text.getvalue().replace("\r\n", "\n"))
        return
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        part.write_text(text.getvalue(), encoding="utf-8", newline="")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise SkillError(f"{path}: cannot be written ({error.strerror}); choose another file.") from error
    click.echo(f"{path}: {_count(len(sessions), 'session')}.")


def _draw(sessions: Sequence[PastSession], today: date, number: int, console: Console) -> None:
    """Print a calendar: one row for each week, one sign for each day."""
    times = Counter(session.day for session in counted(sessions, today))
    signs = "●·" if console.encoding.lower().startswith("utf") else "#."
    calendar = Table(box=None, padding=(0, 1), pad_edge=False, header_style="bold")
    calendar.add_column("Week of", min_width=11)
    for day in _DAYS:
        calendar.add_column(day, justify="center", min_width=3)
    for week in weeks(today, number):
        cells = [_cell(times[day], day, today, signs) for day in week]
        calendar.add_row(f"{week[0].day:2d} {week[0]:%b %Y}", *cells)
    console.print(calendar)
    console.print()
    console.print(_summary(sessions, today), soft_wrap=True)


def _cell(times: int, day: date, today: date, signs: str) -> Text:
    """Return the sign of a day: a dot for one session, the number of several sessions; today is in brackets."""
    if day > today:
        return Text("")
    sign = signs[1] if not times else signs[0] if times == 1 else str(times)
    style = "bold green" if times else "dim"
    return Text(f"[{sign}]" if day == today else sign, style)


def _summary(sessions: Sequence[PastSession], today: date) -> str:
    found = history(sessions, today)
    if found.days_since_last is None:
        return "No stretches yet. Start the coach and say “start back stretches”."
    words = {0: "today", 1: "yesterday"}
    last = words.get(found.days_since_last, f"{found.days_since_last} days ago")
    minutes = sum(session.seconds for session in counted(sessions, today)) // 60
    so_far = f"{_count(found.total, 'session')} in all, {_count(minutes, 'minute')}"
    return f"{_count(found.this_week, 'session')} this week, the last one {last}; {so_far}."


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
