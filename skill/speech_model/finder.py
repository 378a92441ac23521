"""Finds the speech model on this machine, or fetches it. The result is always verified."""

import os
from pathlib import Path

from skill.errors import ModelError
from skill.speech_model.download_progress import Say, say
from skill.speech_model.manifest import Examination, PublishedModel, Verdict, load_manifest
from skill.speech_model.search_path import VARIABLE, ModelPlace, places


def find(option: Path | None = None, notice: Say = say, model: PublishedModel | None = None) -> Path:
    """Return the folder of the verified model: where `locate` finds it, otherwise fetched into the user's cache.

    Raises ModelError as `locate` and `fetch` do.
    """
    found = locate(option, notice, model)
    if found is None:
        from skill.speech_model.fetcher import fetch  # rarely needed

        found = fetch(notice, model)
    return found


def locate(option: Path | None = None, notice: Say = say, model: PublishedModel | None = None) -> Path | None:
    """Return the folder of the verified model if it is on this machine; the network is not used.

    Every file is read and compared with its published SHA-256 (some 60 MB). A damaged model that nobody named is
    reported to `notice` and skipped. Raises ModelError when a place named by the option or the environment
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
