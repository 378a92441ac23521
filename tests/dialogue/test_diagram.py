"""The page that shows the dialogue is up to date and has no holes."""

import re
from pathlib import Path

import pytest

from benchmarks.pictures import states as diagram
from skill.content.language import load_language
from skill.content.states import STATES
from skill.dialogue.handlers import HANDLERS
from skill.dialogue.meaning import ASKING, NO_MEANING, SITUATIONS
from skill.understanding.word_graph import OUT_OF_SCOPE
from tests.dialogue.world import CONTENT

PAGE = Path(__file__).parents[2] / "docs" / "states.md"
LANGUAGE = load_language()
SAMPLES = diagram.samples(CONTENT)


def test_the_page_is_what_the_code_says():
    assert PAGE.read_text(encoding="utf-8") == diagram.page(), "run `make picture` and look at what changed"


def test_every_state_is_reached_and_shown():
    text = diagram.page()
    assert all(f"--> {mode}" in text for mode in STATES)


@pytest.mark.parametrize("intent", sorted(HANDLERS))
def test_every_command_does_something_or_nothing_on_purpose(intent: str):
    without = {name for name, state in SAMPLES.items() if not diagram.has_effect(state, intent)}
    assert without == set(NO_MEANING.get(intent, ()))


def listened(intent: str) -> set[str]:
    """Return the states in which a template has sentences for an intent."""
    blocks = LANGUAGE.intents.intents[intent].data
    return {name for block in blocks for name in block.requires_context.get("state", STATES)}


def test_the_page_shows_which_commands_are_not_listened_for():
    lines = [line for line in diagram.page().splitlines() if line.startswith("| ")]
    head, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert [row[0] for row in rows] == sorted(HANDLERS)
    for intent, *cells in rows:
        not_listened_for = {
            name.split()[0] for name, cell in zip(head[1:], cells, strict=True) if cell == diagram.NOT_LISTENED_FOR
        }
        assert not_listened_for == set(STATES) - listened(intent), intent


def test_no_arrow_is_a_command_that_nobody_listens_for():
    arrows = re.findall(r"^    (\w+) --> \w+: (.*)$", diagram.page(), re.MULTILINE)
    assert len(arrows) > len(STATES)
    drawn = {(intent, mode) for mode, labels in arrows for intent in labels.split(", ") if intent != "time"}
    assert {(intent, mode) for intent, mode in drawn if mode not in listened(intent)} == set()


def test_every_template_belongs_to_a_command_and_the_other_way_round():
    assert set(LANGUAGE.intents.intents) == {*HANDLERS, OUT_OF_SCOPE}


@pytest.mark.parametrize("intent", sorted(NO_MEANING))
def test_nobody_listens_for_a_command_where_it_never_has_a_meaning(intent: str):
    for mode in listened(intent):
        here = [s for s in SITUATIONS if s == mode or (mode == "asking" and s in ASKING)]
        assert not set(here) <= NO_MEANING[intent], f"{intent} while {mode}"


def test_templates_name_the_states_of_the_conversation():
    assert set().union(*(listened(intent) for intent in LANGUAGE.intents.intents)) == set(STATES)
