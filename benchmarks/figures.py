"""Figures with their counts, confidence intervals and percentiles, and the table of them."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

Z = 1.959964
"""Normal quantile of a two-sided 95 % interval."""


@dataclass(frozen=True)
class Figure:
    """One line of the table."""

    what: str
    value: float
    unit: str
    """`%`, `s`, `an hour`, `of real time`, `MB`."""

    counted: str
    """The counts behind the value, e.g. "156 of 160" or "3 in 2.1 h"."""

    low: float | None = None
    """Bounds of the 95 % interval, in the unit of the value."""

    high: float | None = None
    target: str = ""

    def row(self) -> list[str]:
        """Return the cells of the table."""
        interval = "" if self.low is None or self.high is None else f"{self.low:.1f}–{self.high:.1f}"
        digits = 1 if self.unit in ("%", "MB") else 2 if self.unit in ("s", "an hour") else 3
        return [self.what, f"{self.value:.{digits}f} {self.unit}", interval, self.counted, self.target]

    def as_json(self) -> dict[str, Any]:
        """Return the figure as a JSON object."""
        return asdict(self)


def rate(what: str, hits: int, of: int, target: str = "") -> Figure:
    """Return a proportion in per cent with its Wilson score interval (Wilson 1927)."""
    low, high = wilson(hits, of)
    return Figure(what, 100 * hits / of if of else 0.0, "%", f"{hits} of {of}", 100 * low, 100 * high, target)


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Return the 95 % Wilson score interval of a proportion; (0, 1) if nothing was counted."""
    if of == 0:
        return 0.0, 1.0
    share, weight = hits / of, Z * Z / of
    middle = (share + weight / 2) / (1 + weight)
    reach = Z * math.sqrt(share * (1 - share) / of + weight / (4 * of)) / (1 + weight)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def per_hour(what: str, events: int, seconds: float, target: str = "") -> Figure:
    """Return events an hour with an approximate 95 % interval (Byar's, for counts of a Poisson process)."""
    hours = max(seconds / 3600, 1e-9)
    low = events * (1 - 1 / (9 * events) - Z / (3 * math.sqrt(events))) ** 3 if events else 0.0
    more = events + 1
    high = more * (1 - 1 / (9 * more) + Z / (3 * math.sqrt(more))) ** 3
    counted = f"{events} in {hours:.2f} h"
    return Figure(what, events / hours, "an hour", counted, max(low, 0.0) / hours, high / hours, target)


def percentile(what: str, values: Sequence[float], share: float, unit: str, target: str = "") -> Figure:
    """Return the percentile `share` (0 to 1) of the values."""
    ordered = sorted(values)
    place = min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1) if ordered else 0
    return Figure(what, ordered[max(place, 0)] if ordered else math.nan, unit, f"{len(ordered)} values", target=target)


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as a Markdown table."""
    head = ["what", "value", "95 % interval", "counted", "target"]
    rows = [figure.row() for figure in figures]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [head, ["---"] * 5, *rows])
