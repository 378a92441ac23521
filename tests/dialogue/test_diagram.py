"""The page that shows the dialogue is up to date and has no holes."""

from pathlib import Path

from skill.dialogue import diagram
from skill.dialogue.state import MODES

PAGE = Path(__file__).parents[2] / "docs" / "states.md"


def test_the_page_is_what_the_code_says():
    assert PAGE.read_text(encoding="utf-8") == diagram.page(), "run `make picture` and look at what changed"


def test_every_state_is_reached_and_shown():
    text = diagram.page()
    assert all(f"--> {mode}" in text for mode in MODES)
