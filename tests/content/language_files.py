"""A good language file, and what reads a test's own ones."""

from pathlib import Path

from skill.content.language import Language, load_language
from skill.content.states import STATES

GOOD = """\
language: en
intents:
  next:
    data:
      - sentences:
          - "next [(one|stretch)]"
        requires_context:
          state: [holding, paused]
  go_to:
    data:
      - sentences:
          - "<go> to {stretch}"
expansion_rules:
  go: "(go|jump)"
lists:
  stretch:
    values:
      - in: "cat [pose]"
        out: cat
responses:
  hello: "Hello."
  moved: ["On to {stretch}.", "Now {stretch}."]
"""


def load(folder: Path, *texts: str, contexts: tuple[str, ...] | None = STATES) -> Language:
    for name, text in zip("abc", texts, strict=False):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load_language(folder, contexts=contexts)
