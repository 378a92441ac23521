"""Parameter types for numbers within bounds, with clear messages for anything else."""

import math
from typing import Any

import click


class BoundedInt(click.IntRange):
    """A whole number within bounds."""

    def __init__(self, least: int, most: int):
        super().__init__(least, most)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number. Anything else, or a number out of bounds, is a usage error."""
        try:
            int(value)
        except ValueError:
            self.fail(f"“{value}” is not a whole number from {self.min} to {self.max}.", param, ctx)
        return super().convert(value, param, ctx)


class BoundedFloat(click.FloatRange):
    """A finite number within bounds."""

    def __init__(self, least: float, most: float):
        super().__init__(least, most)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number. Anything else, or a number out of bounds, is a usage error."""
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            self.fail(f"“{value}” is not a number from {self.min:g} to {self.max:g}.", param, ctx)
        return super().convert(value, param, ctx)


DECIBELS = BoundedFloat(-200, 200)
"""A gain or a ratio in dB."""

WORDS_A_MINUTE = BoundedInt(60, 400)
"""Speaking rate in words a minute."""
