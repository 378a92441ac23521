"""A live session at real-time pace: the stages of its thread, and what other threads do."""

import pytest

from benchmarks.compute.block_time import hold

MINUTES = 0.2


def stages_of(one_thread: bool) -> set[str]:
    held = hold(MINUTES, one_thread)
    assert len(held.blocks.wall_ms) == MINUTES * 3000
    assert "heard" in held.events
    return set(held.blocks.stages)


@pytest.mark.parametrize("one_thread", [True, False])
def test_decoding_is_off_the_thread_of_a_live_session(one_thread: bool) -> None:
    stages = stages_of(one_thread)
    assert {"echo control", "dialogue", "memory", "prefetch", "screen", "voice"} <= stages
    hearing = {"hearing: first decode", "hearing: final result", "hearing: understanding", "hearing: the rest"}
    assert hearing & stages == (hearing if one_thread else set())
