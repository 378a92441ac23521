"""The coach's language, compiled for a speech model."""

import importlib.metadata
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from skill.composition.build_cache import BuildCache
from skill.composition.coach_language import CODE, LIBRARIES, CoachLanguage
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


LOADED = """
import sys
before = set(sys.modules)
import skill.content.language, skill.understanding.sentence_graphs
import skill.hearing.decoding_graph, skill.hearing.fst_file
print(*sorted(set(sys.modules) - before))
"""


def test_what_is_kept_depends_on_all_code_that_makes_it() -> None:
    run = subprocess.run([sys.executable, "-c", LOADED], check=True, capture_output=True, text=True)
    modules = run.stdout.split()
    own = {name.rpartition(".")[0] for name in (*modules, CoachLanguage.__module__) if name.startswith("skill.")}
    assert own == set(CODE)
    distributions = importlib.metadata.packages_distributions()
    needed = {each for name in modules for each in distributions.get(name.partition(".")[0], ())}
    assert needed - {"back-stretches", "RapidFuzz"} == set(LIBRARIES)  # RapidFuzz only words what is wrong


class SlowCache(BuildCache):
    """Takes so long to be read that another thread comes to wait for the same language."""

    reading = threading.Event()

    def read(self, key: str) -> bytes | None:
        self.reading.set()
        time.sleep(0.3)
        return super().read(key)


def test_two_threads_that_need_the_sentences_do_not_wait_for_each_other(tmp_path: Path) -> None:
    routines = load_routines()
    names = {"stretch": stretch_list(routines), "routine": routine_list(routines)}
    cache = SlowCache(tmp_path)
    coach = CoachLanguage(names, cache)
    found: list[object] = []
    one = threading.Thread(target=lambda: found.append(coach.compiled(model(), COACH_LISTENING).sentences), daemon=True)
    other = threading.Thread(target=lambda: found.append(coach.sentences), daemon=True)
    one.start()
    assert cache.reading.wait(60)
    other.start()
    for thread in (one, other):
        thread.join(60)
    assert len(found) == 2, "they wait for each other"
    assert found[0] == found[1]
