"""Sentences for keys."""

import pytest

from skill.content.responses import Responses, split

SAY = Responses({"one": ("Hold for {count} seconds.",), "some": ("First. And more?", "Second!", "Third.")})


def test_placeholders_are_filled_in() -> None:
    assert SAY("one", count="ten") == ("Hold for ten seconds.",)


def test_variants_take_turns() -> None:
    said = [SAY("some", variant=transition) for transition in range(6)]
    assert said[0] == ("First.", "And more?")
    assert said[:3] == said[3:]
    assert len(set(said)) == 3


def test_a_key_or_placeholder_that_does_not_exist_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        SAY("two")
    with pytest.raises(KeyError):
        SAY("one")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("One. Two! Three? Four", ("One.", "Two!", "Three?", "Four")),
        ("  Only one, with a comma.  ", ("Only one, with a comma.",)),
        ("Hold 2.5 seconds. Now.", ("Hold 2.5 seconds.", "Now.")),
        ("One.\n  Two.\n", ("One.", "Two.")),
        ("", ()),
    ],
)
def test_a_line_is_a_sentence(text: str, lines: tuple[str, ...]) -> None:
    assert split(text) == lines
