"""Minimisation: the same sequences with fewer states."""

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from skill.understanding.minimise import minimise

Automaton = list[tuple[list[tuple[str, int]], str]]


@st.composite
def automata(draw: st.DrawFn) -> Automaton:
    """Return an automaton without cycles: arcs lead to later states only."""
    size = draw(st.integers(1, 8))
    states: Automaton = []
    for state in range(size):
        later = st.integers(state + 1, size - 1) if state + 1 < size else st.nothing()
        arcs = draw(st.lists(st.tuples(st.sampled_from("ab"), later), max_size=4)) if state + 1 < size else []
        states.append((arcs, draw(st.sampled_from(["", "x", "y"]))))
    return states


def sequences(states: Automaton) -> Iterator[tuple[str, str]]:
    """Yield (labels, ending) of every path."""
    stack = [(0, "")] if states else []
    while stack:
        state, labels = stack.pop()
        arcs, ending = states[state]
        if ending:
            yield labels, ending
        stack += [(target, labels + label) for label, target in arcs]


def minimised(states: Automaton, in_order: bool) -> Automaton:
    found = minimise(lambda state: states[state][0], lambda state: states[state][1], in_order)
    return [(list(arcs), ending) for arcs, ending in found]


@given(states=automata(), in_order=st.booleans())
def test_the_sequences_stay_and_no_two_states_are_equal(states: Automaton, in_order: bool) -> None:
    found = minimised(states, in_order)
    assert set(sequences(found)) == set(sequences(states))
    assert len(found) <= len(states)
    signatures = [(tuple(arcs), ending) for arcs, ending in found]
    assert len(set(signatures)) == len(signatures)
    assert all(arcs or ending for arcs, ending in found)
    assert all(target > state for state, (arcs, _) in enumerate(found) for _, target in arcs)
    assert not found or len(minimised(found, in_order)) == len(found)


def test_only_where_the_order_does_not_matter_are_states_with_other_orders_merged() -> None:
    states: Automaton = [
        ([("a", 1), ("b", 2)], ""),
        ([("a", 3), ("b", 3)], ""),
        ([("b", 3), ("a", 3)], ""),
        ([], "x"),
    ]
    assert len(minimised(states, in_order=True)) == 4
    assert len(minimised(states, in_order=False)) == 3


def test_without_an_ending_no_state_is_left() -> None:
    assert minimised([([("a", 1)], ""), ([], "")], in_order=True) == []
