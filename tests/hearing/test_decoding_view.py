"""The view of the speech model that Vosk reads."""

from pathlib import Path

import pytest

from skill.hearing.decoding_view import decoding_view
from tests.speech_model.miniature_model import OWN_EDITION, SHARED, other_model, put, sha256, start

pytest_plugins = ["tests.speech_model.model_fixtures"]
pytestmark = pytest.mark.usefixtures("own_home")


PUBLISHED_CONFIGURATION = "8f14cb1eeb07c762c371db648c6be688d347236155ca0f64fb13b6567a8ce81f"
"""SHA-256 of conf/model.conf in the maintainers' edition of the real model."""

OURS_FOR_THEIRS = {
    "--frames-per-chunk=12\n": "",
    "--beam=13.0\n": "--beam=10.0\n",
    "--lattice-beam=5.0\n": "--lattice-beam=2.0\n",
    "--endpoint.rule2.min-trailing-silence=0.15\n": "--endpoint.rule2.min-trailing-silence=0.5\n",
    "--endpoint.rule3.min-trailing-silence=1.0\n": "--endpoint.rule3.min-trailing-silence=0.75\n",
}


def test_the_decoding_configuration_is_the_maintainers_but_for_what_is_our_own(tmp_path: Path) -> None:
    with decoding_view(other_model(tmp_path / "model")) as view:
        text = (view / "conf/model.conf").read_text()
    for ours, theirs in OURS_FOR_THEIRS.items():
        assert text.count(ours) == 1
        text = text.replace(ours, theirs)
    assert sha256(text.encode()) == PUBLISHED_CONFIGURATION


def test_the_view_has_every_file_but_our_configuration_and_is_gone_afterwards(tmp_path: Path) -> None:
    model = put(tmp_path / "model")
    (model / "conf/model.conf").write_text("--beam=1.0\n--endpoint.silence-phones=7:8\n")
    with decoding_view(model, lattice_beam=6) as view:
        for path, data in (SHARED | OWN_EDITION).items():
            assert (view / path).read_bytes() == data
        lines = (view / "conf/model.conf").read_text().splitlines()
        assert "--lattice-beam=6.0" in lines
        assert "--beam=13.0" in lines
        assert "--endpoint.silence-phones=7:8" in lines  # of a model that is not the known one
        assert not (view / "conf/model.conf").is_symlink()
    assert not view.exists()
    assert (model / "conf/model.conf").read_text().startswith("--beam=1.0")
    assert (model / "am/final.mdl").read_bytes() == SHARED["am/final.mdl"]


REFUSE_LINKS = """
import sys
def refuse(event, args):
    if event == "os.symlink":
        raise OSError("no links here")
sys.addaudithook(refuse)
from pathlib import Path
from skill.hearing.decoding_view import decoding_view
with decoding_view(Path(sys.argv[1])) as view:
    files = [file for file in view.rglob("*") if file.is_file()]
    print(sum(file.is_symlink() for file in files), (view / "am/final.mdl").stat().st_size)
"""


def test_where_links_are_refused_the_view_holds_copies(tmp_path: Path) -> None:
    with start(REFUSE_LINKS, put(tmp_path / "model")) as process:
        output, errors = process.communicate(timeout=30)
    assert output.split() == ["0", "300000"], errors
