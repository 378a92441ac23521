"""After `pip install .` the installed program has all of its files."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from tests.speech import model

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("skill", "intents", "models", "setup.cfg", "pyproject.toml", "README.md", "LICENSE")


def can_build_here() -> bool:
    """Whether this environment can build a wheel by itself; otherwise pip fetches what it needs for that."""
    try:
        major, minor = version("setuptools").split(".")[:2]
    except PackageNotFoundError:
        return False
    return (int(major), int(minor)) >= (70, 1)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of a new environment, with the program, and with this environment's libraries."""
    place = tmp_path_factory.mktemp("install")
    source = place / "source"
    source.mkdir()
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "vosk-model*"))
        elif (ROOT / name).exists():
            shutil.copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    alone = ["--no-build-isolation"] if can_build_here() else []
    subprocess.run([*pip, "wheel", "--no-deps", *alone, "--wheel-dir", place / "wheels", source], check=True)
    (wheel,) = (place / "wheels").iterdir()
    shutil.rmtree(source)
    venv.create(place / "env", with_pip=False)
    python = place / "env" / "bin" / "python"
    subprocess.run([*pip, "--python", python, "install", "--no-deps", "--no-index", wheel], check=True)
    libraries = place / "env" / "lib" / f"python{sysconfig.get_python_version()}" / "site-packages" / "libraries.pth"
    libraries.write_text(sysconfig.get_path("purelib") + "\n")
    return place / "env" / "bin"


def run(program: Path, *arguments: str, folder: Path, stdin: str = "") -> str:
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    variables |= {"HOME": str(folder), "VOSK_MODEL_PATH": str(model().folder.resolve())}
    variables |= {"XDG_CACHE_HOME": str(folder / "cache"), "XDG_DATA_HOME": str(folder / "data")}
    result = subprocess.run(
        [program, *arguments], input=stdin, capture_output=True, text=True, cwd=folder, env=variables
    )
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout


def test_its_files_are_installed_with_it(installed: Path, tmp_path: Path) -> None:
    program = (
        "from importlib.resources import files\n"
        "import skill\n"
        "print(skill.__file__)\n"
        "for package in ('skill', 'skill.intents', 'skill.models'):\n"
        "    def walk(folder, prefix):\n"
        "        for item in folder.iterdir():\n"
        "            if item.is_dir(): walk(item, f'{prefix}/{item.name}')\n"
        "            elif '__pycache__' not in prefix: print(f'{prefix}/{item.name}')\n"
        "    walk(files(package), package.removeprefix('skill.'))\n"
    )
    where, *found = run(installed / "python", "-c", program, folder=tmp_path).splitlines()
    assert Path(where).is_relative_to(installed.parent)
    tracked = subprocess.run(
        ["git", "ls-files", "skill", "intents", "models"], cwd=ROOT, capture_output=True, text=True
    )
    expected = set(tracked.stdout.split()) or {"intents/en/routine.yaml", "models/models.toml"}
    assert {"intents/en/responses.yaml", "models/models.toml", "skill/routines/back-stretches.yaml"} <= set(found)
    assert expected <= set(found)


def test_a_typed_session(installed: Path, tmp_path: Path) -> None:
    conversation = run(installed / "back-stretches", "chat", folder=tmp_path, stdin="start back stretches\n/wait 60\n")
    assert "you    start back stretches" in conversation
    assert "coach  Let's do " in conversation or "[knee to chest" in conversation


def test_the_model_is_known(installed: Path, tmp_path: Path) -> None:
    assert "vosk-model-small-en-us-0.15" in run(installed / "back-stretches", "models", folder=tmp_path)
