"""A checkout of this repository with its own virtual environment, and programs that run in it."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from skill import speech_model
from skill.errors import SkillError

ROOT = Path(__file__).resolve().parents[2]
"""The folder of this checkout."""

_OF_MAKE = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")
"""Variables of a surrounding `make`, which are not for the one in the checkout."""


@dataclass(frozen=True)
class Checkout:
    """A folder with the repository at some commit."""

    name: str
    """Its name in the table."""

    folder: Path

    @property
    def python(self) -> Path:
        """Return the interpreter of its virtual environment."""
        return self.folder / ".venv" / "bin" / "python"

    @property
    def program(self) -> Path:
        """Return its `back-stretches`."""
        return self.folder / ".venv" / "bin" / "back-stretches"

    def make(self, target: str) -> None:
        """Run a target of its Makefile. Raises SkillError if that fails."""
        run(["make", "--silent", target, f"PYTHON={sys.executable}"], self.folder)


def this_checkout() -> Checkout:
    """Return the checkout that this file is in, with its changes that are not committed."""
    return Checkout("this checkout", ROOT)


def clone(commit: str, folder: Path) -> Checkout:
    """Return a checkout of `commit` in `folder`; it is cloned from this one unless it is there already.

    Recordings of people next to this checkout (`../shared`) are linked, so that both run the same tests.
    """
    full = _full_hash(commit)
    found = Checkout(commit, folder / "checkout")
    if not found.folder.exists():
        run(["git", "clone", "--quiet", str(ROOT), str(found.folder)], folder)
    run(["git", "checkout", "--quiet", "--detach", full], found.folder)
    shared, link = ROOT.parent / "shared", folder / "shared"
    if shared.is_dir() and not link.exists():
        link.symlink_to(shared, target_is_directory=True)
    return found


def _full_hash(commit: str) -> str:
    command = ["git", "rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}"]
    asked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if asked.returncode:
        raise SkillError(f"There is no commit {commit} in {ROOT}; give one that `git log` shows.")
    return asked.stdout.strip()


def run(command: list[str], folder: Path, environment: Mapping[str, str] | None = None) -> str:
    """Run a program to its end; return its standard output. Raises SkillError if it fails."""
    inherited = {name: value for name, value in os.environ.items() if name not in _OF_MAKE}
    done = subprocess.run(
        command, cwd=folder, env=dict(environment or inherited), capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip())[-1000:]
        raise SkillError(f"`{' '.join(command)}` failed in {folder} with exit code {done.returncode}:\n{last}")
    return done.stdout


def home(folder: Path) -> dict[str, str]:
    """Return an environment with `folder` as home, memory and cache, and the speech model of this machine."""
    places = {f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in ("CACHE", "CONFIG", "DATA", "STATE")}
    return {**os.environ, **places, "HOME": str(folder), "VOSK_MODEL_PATH": str(speech_model.find())}
