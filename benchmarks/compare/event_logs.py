"""Whether replays give byte-identical event logs in two checkouts: the shipped session and spoken conversations."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from benchmarks.compare.checkout import ROOT, Checkout, home, run
from benchmarks.compare.conversations import CONVERSATIONS, synthesise

SHIPPED = ROOT / "skill" / "demo" / "session.flac"

TAIL_S = "60"
"""Seconds of silence after a conversation."""


@dataclass(frozen=True)
class Comparison:
    """The two event logs of one sound file."""

    name: str
    old: str
    new: str

    @property
    def equal(self) -> bool:
        """Return whether the logs are the same, byte by byte."""
        return self.old == self.new

    @property
    def difference(self) -> str:
        """Return the first line that differs, of both logs; empty if none does."""
        pairs = zip_longest(self.old.splitlines(), self.new.splitlines(), fillvalue="(the log ends)")
        for number, (old, new) in enumerate(pairs, 1):
            if old != new:
                return f"{self.name}, line {number}:\n- {old}\n+ {new}"
        return ""


def compare(old: Checkout, new: Checkout, folder: Path) -> Iterator[Comparison]:
    """Replay every sound file in both checkouts, at the same time; yield the logs."""
    speech = folder / "speech"
    speech.mkdir(exist_ok=True)
    sounds = {"shipped session": SHIPPED} | {name: synthesise(name, speech) for name in CONVERSATIONS}
    with ThreadPoolExecutor(2) as pool:
        for name, sound in sounds.items():
            logs = pool.map(lambda checkout, sound=sound: _log(checkout, sound, folder), (old, new))
            yield Comparison(name, *logs)


def _log(checkout: Checkout, sound: Path, folder: Path) -> str:
    """Return the event log of a replay, one JSON object a line."""
    place = folder / checkout.name.replace(" ", "-")
    place.mkdir(exist_ok=True)
    command = [str(checkout.program), "replay", str(sound), "--json", "--tail", TAIL_S]
    return run(command, place, home(place))
