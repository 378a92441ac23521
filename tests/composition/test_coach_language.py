"""The coach's language, compiled for a speech model."""

from pathlib import Path

import pytest

from skill.composition.build_cache import BuildCache
from skill.composition.coach_language import CoachLanguage
from skill.composition.coach_settings import COACH_LISTENING
from skill.content.routine_catalog import load_routines, routine_list, stretch_list
from skill.errors import ContentError
from tests.speech import model


def test_a_word_that_the_model_cannot_hear_is_named_before_a_session_begins(tmp_path: Path) -> None:
    routines = load_routines()
    names = {"stretch": [*stretch_list(routines), ("piriformis", "bridge")], "routine": routine_list(routines)}
    coach = CoachLanguage(names, BuildCache(tmp_path))
    with pytest.raises(ContentError, match='does not know the word "piriformis"; use another spelling'):
        coach.compiled(model(), COACH_LISTENING)
