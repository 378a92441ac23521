"""Statements that wait to be written to the file. Only the history is ever given up, and that is counted."""

from collections.abc import Collection, Iterable

from skill.memory.statements import Statement


class PendingWrites:
    """Keeps statements in their order, without those that a later one makes needless.

    What is kept once (settings, the place, conditions, and that they were deleted) waits once, so it needs no bound.
    The history grows with time: of that the oldest lines are lost where more than `most` statements wait.
    """

    def __init__(self, most: int):
        self.lost = 0
        """Statements that were given up."""

        self._most = most
        self._statements: list[Statement] = []

    def __len__(self) -> int:
        return len(self._statements)

    def add(self, statements: Iterable[Statement]) -> None:
        """Let statements wait for their turn."""
        for statement in statements:
            self._add(statement)

    def batch(self) -> tuple[Statement, ...]:
        """Return all that waits, the oldest first."""
        return tuple(self._statements)

    def written(self, batch: Collection[Statement]) -> None:
        """Forget statements that are in the file; what was added meanwhile goes on waiting."""
        done = {id(statement) for statement in batch}
        self._statements = [each for each in self._statements if id(each) not in done]

    def clear(self) -> None:
        """Forget all that waits."""
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
