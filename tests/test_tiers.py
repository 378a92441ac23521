"""Every test belongs to one tier."""

from pathlib import Path

import pytest

from tests.tiers import PLACES, TIERS, holds, tier
from tests.workers import APART, FIRST

ROOT = Path(__file__).parents[1]


def test_every_file_of_tests_has_a_tier_and_every_place_is_there() -> None:
    files = [path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("test_*.py")]
    assert {tier(file) for file in files} == set(TIERS) - {"long"}
    assert [place for place in (*PLACES, *APART, *FIRST) if not (ROOT / place).exists()] == []


def test_each_test_of_this_run_has_one_tier(request: pytest.FixtureRequest) -> None:
    for item in request.session.items:
        assert len({mark.name for mark in item.iter_markers()} & set(TIERS)) == 1, item.nodeid


def test_a_mark_counts_more_than_a_file_and_a_file_more_than_its_folder() -> None:
    assert tier("tests/session/test_session.py") == "spoken"
    assert tier("tests/session/test_session.py", {"long", "skipif"}) == "long"
    assert (tier("tests/audio/test_wav.py"), tier("tests/audio/test_device.py")) == ("fast", "live")


def test_no_tier_and_two_tiers_are_refused() -> None:
    with pytest.raises(ValueError, match="belongs to no tier"):
        tier("examples/test_new.py")
    with pytest.raises(ValueError, match="is marked spoken and long"):
        tier("tests/test_new.py", {"long", "spoken"})


def test_a_file_is_left_out_only_where_it_holds_nothing_of_a_tier() -> None:
    file = ROOT / "tests" / "session" / "test_session.py"
    assert {wanted for wanted in TIERS if holds(file, ROOT, wanted)} == {"spoken", "long"}
