"""Numbers on the command line: what is no number, or none to reckon with, is refused in a sentence that says so."""

import math
from typing import Any

import click


class Whole(click.IntRange):
    """A whole number within bounds."""

    def __init__(self, least: int, most: int):
        super().__init__(least, most)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number; a usage error where it is none, or out of bounds."""
        try:
            int(value)
        except ValueError:
            self.fail(f"“{value}” is not a whole number from {self.min} to {self.max}.", param, ctx)
        return super().convert(value, param, ctx)


class Number(click.FloatRange):
    """A number within bounds; infinity and "not a number" are none."""

    def __init__(self, least: float, most: float):
        super().__init__(least, most)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number; a usage error where it is none, or out of bounds."""
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            self.fail(f"“{value}” is not a number from {self.min:g} to {self.max:g}.", param, ctx)
        return super().convert(value, param, ctx)


DECIBELS = Number(-200, 200)
"""A gain or a ratio; what lies beyond is silence or noise without end."""

WORDS_A_MINUTE = Whole(60, 400)
"""How fast a voice may speak."""
