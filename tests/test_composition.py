"""Putting the parts together."""

from pathlib import Path

import pytest

from skill.composition import Parts
from skill.content.language import load_language
from skill.errors import ContentError
from skill.settings import Settings

TEMPLATES = """language: en
intents:
  rub:
    data:
      - sentences:
          - "rub my piriformis"
"""


def test_a_word_that_the_model_cannot_hear_is_named_before_a_session_begins(tmp_path: Path):
    file = tmp_path / "rub.yaml"
    file.write_text(TEMPLATES)
    parts = Parts(Settings())
    parts.__dict__["language"] = load_language(tmp_path)
    with pytest.raises(ContentError, match=r'rub\.yaml:6: .*"piriformis"; use another spelling'):
        parts.listener()
