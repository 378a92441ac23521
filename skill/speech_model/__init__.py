"""Find the speech model on this machine, or fetch it: always verified, never half there."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from skill import system as folders
from skill.errors import ModelError
from skill.speech_model.download_progress import say
from skill.speech_model.manifest import Examination, PublishedModel, Verdict, load_manifest, models_folder
from skill.speech_model.sources import SourceError, obtain

VARIABLE = "VOSK_MODEL_PATH"
"""Environment variable that names the model's folder, or (as for Vosk itself) a folder of models."""

STAGING_PREFIX = ".fetching-"

Say = Callable[[str], None]
"""Tells the user one line."""


@dataclass(frozen=True)
class ModelPlace:
    """Somewhere the model may be."""

    title: str
    """How messages name it."""

    folder: Path
    """The model's own folder; for a named place perhaps a folder of models."""

    named: bool = False
    """The user named it, so that what is wrong with it is an error, not a reason to look elsewhere."""


def cache_folder() -> Path:
    """Where fetched models are kept: `models` in the user's cache of this skill."""
    return folders.cache_folder() / "models"


def places(option: Path | None = None, model: PublishedModel | None = None) -> list[ModelPlace]:
    """Every place where the model is looked for, in order; only the option's if that is given."""
    model = model or load_manifest()
    if option is not None:
        return [ModelPlace("--model", _model_in(option, model), named=True)]
    variable = os.environ.get(VARIABLE)
    named = [ModelPlace(VARIABLE, _model_in(Path(variable), model), named=True)] if variable else []
    return [
        *named,
        ModelPlace("models folder", models_folder() / model.name),
        ModelPlace("user's cache", cache_folder() / model.name),
        *(ModelPlace("Vosk's cache", folder / model.name) for folder in _vosk_folders()),
    ]


def find(option: Path | None = None, notice: Say = say, model: PublishedModel | None = None) -> Path:
    """The folder of the verified model: where `locate` finds it, otherwise fetched into the user's cache.

    Raises ModelError as `locate` and `fetch` do.
    """
    return locate(option, notice, model) or fetch(notice, model)


def locate(option: Path | None = None, notice: Say = say, model: PublishedModel | None = None) -> Path | None:
    """The folder of the verified model if it is on this machine; no network is touched.

    Every file is read and compared with its published SHA-256 (some 60 MB). A damaged model where nobody named it
    is told to `notice` and passed over. Raises ModelError when a place named by the option or the environment
    holds a damaged model, or does not exist. Only the option may name another Vosk model: `notice` is told.
    """
    model = model or load_manifest()
    for place in places(option, model):
        found = model.examine(place.folder)
        if found.verdict is Verdict.VERIFIED:
            return place.folder
        if place.named:
            if _accept_named(place, found, model, notice):
                return place.folder
        elif found.verdict is Verdict.DAMAGED:
            notice(f"Passing over the damaged speech model in {place.folder}: {found.problem}.")
    return None


def _accept_named(place: ModelPlace, found: Examination, model: PublishedModel, notice: Say) -> bool:
    """Whether to use what the user named although it is not the model as published; ModelError if a mistake."""
    where = f"{place.title} names {place.folder}"
    if not os.path.isdir(place.folder):
        raise ModelError(f"{where}, but there is no such folder; correct it, or leave it out.")
    if found.verdict is Verdict.DAMAGED:
        remedy = "unpack the model again, or leave it out and run `back-stretches models fetch`"
        raise ModelError(f"{where}, where {found.problem}; {remedy}.")
    if place.title != VARIABLE and found.verdict is Verdict.NO_MODEL:
        raise ModelError(
            f"{where}, which holds no speech model for run-time vocabularies; "
            f"give the folder {model.name}, the one with am, conf, graph and ivector in it."
        )
    if place.title != VARIABLE:
        notice(f"{where}, which is not {model.name}, the model this was measured with: it may hear less well.")
        return True
    if found.verdict is Verdict.FOREIGN:
        raise ModelError(f"{where}, which is not {model.name}; unset it, or give that folder with --model.")
    notice(f"{where}, where there is no {model.name}: looking elsewhere.")
    return False


def fetch(notice: Say = say, model: PublishedModel | None = None) -> Path:
    """Download the model into the user's cache unless a verified one is there; return its folder.

    Sources are tried in the manifest's order. Whatever happens on the way (a second process, an interruption,
    a kill), the model's folder appears whole, by one rename, or not at all; a process that comes second waits
    and uses what the first one fetched. Raises ModelError, with what to do by hand, when no source works.
    """
    model = model or load_manifest()
    target = cache_folder() / model.name
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _alone(target.parent / f".{model.name}.lock", notice):
            # Only the holder of the lock fetches: what lies about was left by an interrupted run.
            _clear_leftovers(target.parent)
            found = model.examine(target)
            if found.verdict is Verdict.VERIFIED:
                return target
            _fetch_to(target, model, notice)
            return target
    except OSError as error:
        raise ModelError(
            f"The speech model cannot be written to {target.parent} ({error.strerror or error}); "
            "make room there (130 MB) or make it writable, and try again."
        ) from error


def _fetch_to(target: Path, model: PublishedModel, notice: Say) -> None:
    """Try every source in turn; return once the verified model is at `target`."""
    failures = []
    for source in model.sources:
        with tempfile.TemporaryDirectory(prefix=STAGING_PREFIX, dir=target.parent) as name:
            staging = Path(name)
            try:
                folder = obtain(source, model, staging)
                found = model.examine(folder)
                if found.verdict is not Verdict.VERIFIED:
                    raise SourceError(f"its model is not the published one: {found.problem}")
            except SourceError as error:
                failures.append(f"{source.title}: {error}")
                notice(f"No speech model from {failures[-1]}.")
                continue
            _put_in_place(folder, target, staging)
            notice(f"The speech model is in {target}.")
            return
    raise ModelError(_what_to_do_by_hand(target, model, failures))


def _put_in_place(folder: Path, target: Path, staging: Path) -> None:
    """Make `folder` the model at `target` by one rename; a damaged model there goes out of the way first."""
    if target.is_symlink() or target.exists():
        os.replace(target, staging / "damaged")
    os.replace(folder, target)


def _what_to_do_by_hand(target: Path, model: PublishedModel, failures: list[str]) -> str:
    addresses = [source.address for source in model.sources if source.address]
    what = f"{addresses[0]} ({model.sources[0].size / 1e6:.0f} MB)" if addresses else model.name
    return (
        f"The speech model could not be fetched ({'; '.join(failures)}). On any machine with a network download "
        f"{what}, unpack it, and put the folder {model.name} into {target.parent}, "
        f"or set {VARIABLE} to where it is."
    )


@contextmanager
def _alone(lock_file: Path, notice: Say) -> Iterator[None]:
    """Be the only process that fetches, after waiting for another. A killed one's lock is freed by the system."""
    lock = FileLock(lock_file)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        notice("Another process is fetching the speech model: waiting for it.")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _clear_leftovers(folder: Path) -> None:
    for leftover in folder.glob(f"{STAGING_PREFIX}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _model_in(folder: Path, model: PublishedModel) -> Path:
    """The model's folder inside `folder` if that is a folder of models, otherwise `folder` itself."""
    folder = folder.expanduser()
    inner = folder / model.name
    return inner if os.path.isdir(inner) else folder


def _vosk_folders() -> list[Path]:
    """Where Vosk's own Python module keeps the models that it fetched."""
    home = Path.home()
    windows = [home / "AppData" / "Local" / "vosk"] if os.name == "nt" else []
    return [home / ".cache" / "vosk", Path("/usr/share/vosk"), *windows]
