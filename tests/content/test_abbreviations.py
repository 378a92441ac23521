"""Abbreviations in sentences are found; what is pronounced as it should be is not."""

from pathlib import Path

import pytest

from skill.content.abbreviations import abbreviation_notes, abbreviations_in
from skill.content.language import load_language
from skill.content.routine_catalog import load_routines, shipped_routine_files


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Do it 10x.", {"10x": "ten times"}),
        ("Do it x10.", {"x10": "ten times"}),
        ("Lift it 3 in. or so.", {"3 in": "three inches"}),
        ("Go approx. halfway.", {"approx": "about"}),
        ("Use a support, e.g. a cushion.", {"e.g": "for example"}),
        ("Bend w/ a cushion.", {"w/": "with"}),
        ("Bend w/o a cushion.", {"w/o": "without"}),
        ("Left & right.", {"&": "and"}),
        ("Left/right leg.", {"Left/right": "left or right"}),
        ("Go 1/2 way.", {"1/2": "half"}),
        ("Take 5-10 breaths.", {"5-10": "five to ten"}),
        ("Take 5–10 breaths.", {"5–10": "five to ten"}),
        ("Hold it 30s.", {"30s": "thirty seconds"}),
        ("Hold it 30 sec.", {"30 sec": "thirty seconds"}),
        ("Hold it 2 min.", {"2 min": "two minutes"}),
        ("Step 10 cm back.", {"10 cm": "three centimeters, or three millimeters"}),
        ("Neck vs. shoulder, etc.", {"etc": "and so on", "vs": "against"}),
        ("Try no. 2.", {"no. 2": "number three"}),
        ("Try ~10 of them.", {"~": "about"}),
    ],
)  # fmt: skip
def test_what_would_be_spoken_as_it_is_written_is_found(line: str, found: dict[str, str]) -> None:
    assert abbreviations_in(line) == found


@pytest.mark.parametrize(
    "line",
    [
        "Breathe in.",
        "Now out, and in.",
        "Hold it for 20 seconds.",
        "Do it 3 times.",
        "Bring one foot in front of the other.",
        "Say no. 'Yes' is fine too.",
        "Bend as far as is good: halfway, say.",
        "Rest for a minute or two, slow-motion style.",
        "Don't hurry; it's your back.",
        "Is 1 leg easier than 2?",
        "Mix both.",
    ],
)
def test_what_is_pronounced_as_it_should_be_is_not(line: str) -> None:
    assert abbreviations_in(line) == {}


def test_the_coachs_own_sentences_have_none() -> None:
    assert abbreviation_notes(load_routines().values()) == []
    responses = [line for variants in load_language().responses.values() for line in variants]
    assert len(responses) > 100
    assert {line: found for line in responses if (found := abbreviations_in(line))} == {}


def test_a_note_names_file_line_and_remedy(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        "routines:\n  mine:\n    name: my own\n    stretches:\n"
        "      - cat: {instructions: [Do it 10x w/ a cushion.]}\n      - cow: {hold: {breaths: 2}, how_to: [Go on.]}\n"
    )
    (note,) = abbreviation_notes([load_routines([*shipped_routine_files(), own])["mine"]])
    assert note == (
        f'{own}:5: "Do it 10x w/ a cushion." is spoken as it is written;'
        ' write out "10x" (such as: ten times), "w/" (such as: with).'
    )
