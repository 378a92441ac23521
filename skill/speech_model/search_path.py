"""Where the speech model may be on this machine, in the order in which it is looked for."""

import os
from dataclasses import dataclass
from pathlib import Path

from skill import system
from skill.speech_model.manifest import PublishedModel, load_manifest, models_folder

VARIABLE = "VOSK_MODEL_PATH"
"""Environment variable that names the model's folder, or (as for Vosk itself) a folder of models."""


@dataclass(frozen=True)
class ModelPlace:
    """A place where the model may be."""

    title: str
    """How messages name it."""

    folder: Path
    """The model's own folder; for a named place perhaps a folder of models."""

    named: bool = False
    """The user named it, so that what is wrong with it is an error, not a reason to search elsewhere."""


def cache_folder() -> Path:
    """Where fetched models are kept: `models` in the user's cache of this skill."""
    return system.cache_folder() / "models"


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
