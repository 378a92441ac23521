"""What the manifest says of the speech model, and what it makes of a folder."""

from pathlib import Path

import pytest

from skill.errors import ModelError
from skill.speech_model.manifest import Verdict, load_manifest
from tests.speech_model.miniature_model import (
    NAME,
    OTHER_EDITION,
    OWN_EDITION,
    SHARED,
    miniature,
    put,
)

pytest_plugins = ["tests.speech_model.model_fixtures"]
pytestmark = pytest.mark.usefixtures("own_home")

# --- the manifest that ships -----------------------------------------------------------------------------


def test_the_shipped_manifest_pins_every_file_and_two_independent_sources() -> None:
    model = load_manifest()
    pins = [file.sha256 for file in model.files]
    pins += [file.sha256 for edition in model.editions for file in edition.files]
    pins += [source.sha256 for source in model.sources]
    assert all(len(bytes.fromhex(pin)) == 32 for pin in pins)
    assert len(set(pins)) == len(pins)
    assert [source.kind for source in model.sources] == ["zip", "npm"]
    assert {"am/final.mdl", "graph/HCLr.fst", "graph/Gr.fst", "ivector/final.ie"} <= set(model.paths)
    assert model.licence == "Apache-2.0"


@pytest.mark.parametrize("text", ["", "[model]\nname = 3", "model = 3", "[model", "\x00"])
def test_a_damaged_manifest_is_one_sentence(tmp_path: Path, text: str) -> None:
    file = tmp_path / "models.toml"
    file.write_text(text)
    with pytest.raises(ModelError, match=r"list of speech models .*models\.toml cannot be used"):
        load_manifest(file)


# --- what a folder is ------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", [OWN_EDITION, OTHER_EDITION])
def test_every_edition_is_verified(tmp_path: Path, edition: dict[str, bytes]) -> None:
    found = miniature(tmp_path).examine(put(tmp_path / "any name", edition))
    assert (found.verdict, found.problem) == (Verdict.VERIFIED, None)


@pytest.mark.parametrize(
    ("path", "edition"),
    [(path, edition) for edition in (OWN_EDITION, OTHER_EDITION) for path in SHARED | edition],
)
def test_every_missing_altered_or_truncated_file_is_named(tmp_path: Path, path: str, edition: dict[str, bytes]) -> None:
    model = miniature(tmp_path)
    folder = put(tmp_path / NAME, edition)
    data = (folder / path).read_bytes()
    (folder / path).write_bytes(bytes([data[0] ^ 1]) + data[1:])
    assert model.examine(folder).verdict is Verdict.DAMAGED
    assert f"{path} was altered (its SHA-256" in str(model.examine(folder).problem)
    (folder / path).write_bytes(data[:-1])
    assert f"{path} was altered ({len(data) - 1} bytes" in str(model.examine(folder).problem)
    (folder / path).unlink()
    assert model.examine(folder).problem == f"{path} is missing"
    (folder / path).mkdir()
    assert model.examine(folder).problem == f"{path} is missing"


def test_a_model_with_files_of_two_editions_is_damaged(tmp_path: Path) -> None:
    folder = put(tmp_path / NAME, OTHER_EDITION)
    (folder / "graph/words.txt").write_bytes(b"cat 0\n<eps> 1\n")
    assert miniature(tmp_path).examine(folder).verdict is Verdict.DAMAGED
