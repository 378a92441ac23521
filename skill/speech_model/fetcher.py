"""Fetches the speech model into the user's cache: whole and verified, or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from skill.errors import ModelError
from skill.speech_model.download_progress import Say, say
from skill.speech_model.manifest import PublishedModel, Verdict, load_manifest
from skill.speech_model.search_path import VARIABLE, cache_folder
from skill.speech_model.sources import SourceError, obtain

STAGING_PREFIX = ".fetching-"


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
            # Only the holder of the lock fetches: other files were left by an interrupted run.
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
