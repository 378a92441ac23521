"""Statements that wait to be written to the file. Only those of the history are ever dropped, and these are counted."""

from collections.abc import Collection, Iterable

from skill.memory.statements import Statement


class PendingWrites:
    """Keeps statements in their order, without those that a later one supersedes.

    For most things (settings, the place, conditions, deletions) only one statement waits, so they need no bound. The
    history grows with time: its oldest statements are dropped if more than `most` wait.
    """

    def __init__(self, most: int):
        self.lost = 0
        """Number of statements dropped."""

        self._most = most
        self._statements: list[Statement] = []

    def __len__(self) -> int:
        return len(self._statements)

    def add(self, statements: Iterable[Statement]) -> None:
        """Add statements to those that wait."""
        for statement in statements:
            self._add(statement)

    def batch(self) -> tuple[Statement, ...]:
        """Return all waiting statements, the oldest first."""
        return tuple(self._statements)

    def written(self, batch: Collection[Statement]) -> None:
        """Remove statements that are in the file; those added meanwhile stay."""
        done = {id(statement) for statement in batch}
        self._statements = [each for each in self._statements if id(each) not in done]

    def clear(self) -> None:
        """Remove all statements."""
        self._statements = []

    def _add(self, new: Statement) -> None:
        if new.only_adds:
            if any(old.only_adds and old.row == new.row for old in self._statements):
                return
        else:
            rows = len(new.row)
            self._statements = [old for old in self._statements if old.row[:rows] != new.row]
        self._statements.append(new)
        if len(self._statements) > self._most:
            self._give_up_oldest()

    def _give_up_oldest(self) -> None:
        oldest = next((old for old in self._statements if old.expendable), None)
        if oldest:
            self._statements.remove(oldest)
            self.lost += 1
