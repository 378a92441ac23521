"""Reads scenario files; their rows are described in README.md in this folder."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent

VOICE = "en-us+m3"
"""espeak-ng's voice of the user unless a scenario names another one."""

KINDS = (
    *("spoken", "typed"),  # how the scenario can be played
    *("given", "user", "mumble", "nearly", "wait", "until"),  # what happens
    *("coach", "then", "silence", "never", "sound", "state", "keeps", "ends"),  # what must have happened
)


@dataclass(frozen=True)
class Row:
    """One thing that happens, or that must have happened."""

    line: int
    kind: str
    text: str


@dataclass(frozen=True)
class Scenario:
    """A conversation as it should go."""

    file: str
    title: str
    rows: tuple[Row, ...]

    @property
    def voice(self) -> str:
        """The voice that speaks the user's lines: a name that espeak-ng knows."""
        named = [row.text.removeprefix("by ") for row in self.rows if row.kind == "spoken"]
        return named[0] if named else VOICE

    @property
    def only_typed(self) -> str | None:
        """Why it cannot be spoken; None if it can."""
        reasons = [row.text.removeprefix("only: ") for row in self.rows if row.kind == "typed"]
        return reasons[0] if reasons else None

    @property
    def name(self) -> str:
        """How tests name it."""
        return f"{self.file}: {self.title}"


def scenarios(folder: Path = FOLDER) -> list[Scenario]:
    """Return every scenario of every file. Raises ValueError, with file and line, where a row makes no sense."""
    return [scenario for path in sorted(folder.glob("*.txt")) for scenario in _read(path)]


def _read(path: Path) -> Iterator[Scenario]:
    title, rows = "", list[Row]()
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if text.startswith("## "):
            if title:
                yield Scenario(path.stem, title, tuple(rows))
            title, rows = text[3:].strip(), []
        elif text.strip() and not text.startswith("#"):
            rows.append(_row(path, number, text))
    yield Scenario(path.stem, title, tuple(rows))


def _row(path: Path, number: int, text: str) -> Row:
    kind, _, rest = text.strip().partition(" ")
    kind = kind.rstrip(":")
    if kind not in KINDS:
        raise ValueError(f'{path.name}:{number}: unknown row "{kind}"; known: {", ".join(KINDS)}.')
    return Row(number, kind, rest.strip())
