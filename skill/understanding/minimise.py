"""Minimisation of acyclic automata: states from which the same can follow become one."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

Label = TypeVar("Label", bound=Hashable)
Ending = TypeVar("Ending", bound=Hashable)


def minimise(
    arcs: Callable[[int], Iterable[tuple[Label, int]]],
    ending: Callable[[int], Ending],
    in_order: bool,
) -> list[tuple[tuple[tuple[Label, int], ...], Ending]]:
    """Return the states that can be reached from state 0, equal ones merged, as (arcs, ending); the first is the start.

    `arcs` gives the (label, target) pairs of a state. `ending` tells how a sequence may end there; a false value: not
    at all. States that lead to no ending are dropped. `in_order`: two states are equal only where their arcs stand in
    the same order; otherwise arcs are sorted. The result is empty if nothing leads to an ending.

    States are compared after all states that they lead to (Revuz 1992), in time linear in the number of arcs.
    """
    numbers: dict[int, int | None] = {}
    signatures: dict[tuple[tuple[tuple[Label, int], ...], Ending], int] = {}
    for state in _targets_first(arcs):
        useful = ((label, numbers[target]) for label, target in arcs(state))
        leaving = dict.fromkeys((label, number) for label, number in useful if number is not None)
        ordered = tuple(leaving if in_order else sorted(leaving))
        ends = ending(state)
        dead = not leaving and not ends
        numbers[state] = None if dead else signatures.setdefault((ordered, ends), len(signatures))
    last = len(signatures) - 1  # the start was numbered last: reverse the numbers so that it becomes 0
    return [
        (tuple((label, last - target) for label, target in leaving), ends) for leaving, ends in reversed(signatures)
    ]


def _targets_first(arcs: Callable[[int], Iterable[tuple[Label, int]]]) -> Iterator[int]:
    """Yield each reachable state once, after all states that it leads to."""
    done: set[int] = set()
    stack = [(0, False)]
    while stack:
        state, ready = stack.pop()
        if state in done:
            continue
        if ready:
            done.add(state)
            yield state
        else:
            stack.append((state, True))
            stack += [(target, False) for _, target in arcs(state) if target not in done]
