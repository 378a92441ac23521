"""Allowed imports: layers without circles, from the bottom up. This shows newcomers the structure."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

FLOORS = """
background:
errors:
preferences:
system:
settings:
loading:

events: preferences

audio: errors system
content: errors

echo_control: audio
understanding: content errors events settings

turn_taking: audio content echo_control events settings
speech_model: errors system
dialogue: content events preferences
voice: audio content errors settings system

hearing: audio content errors events settings speech_model turn_taking understanding
memory: background dialogue events preferences

session: audio content dialogue echo_control errors events memory preferences turn_taking voice

simulation: audio session

composition: content echo_control hearing memory session settings
composition: speech_model system turn_taking understanding voice

live: audio background composition dialogue errors events memory session system voice

commands: audio composition content echo_control errors events hearing live memory session settings
commands: simulation speech_model understanding voice

cli: commands errors loading

__main__: loading
"""
"""The floors, from the bottom up: a folder or file of skill/, and what of the floors below it may import."""


def floors() -> Iterator[dict[str, set[str]]]:
    """Yield each floor: folder or file -> what it may import."""
    for block in FLOORS.strip().split("\n\n"):
        floor: dict[str, set[str]] = {}
        for row in block.splitlines():
            name, _, allowed = row.partition(":")
            floor.setdefault(name, set()).update(allowed.split())
        yield floor


ALLOWED = {name: allowed for floor in floors() for name, allowed in floor.items()}


def modules() -> Iterator[tuple[Path, set[str]]]:
    """Yield every module of the package with the dotted names that it imports."""
    for path in sorted((ROOT / "skill").rglob("*.py")):
        found: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found |= {f"{node.module}.{alias.name}" for alias in node.names}
        yield path, found


def room(dotted: str) -> str:
    """Return the folder or file of skill/ in which a module of it lies."""
    return dotted.split(".")[1]


def test_every_import_of_the_package_goes_down() -> None:
    wrong = []
    for path, imports in modules():
        here = path.relative_to(ROOT).with_suffix("").parts
        own = here[1] if len(here) > 1 and here[1] != "__init__" else ""
        for name in imports:
            if name.startswith("skill.") and room(name) != own and room(name) not in ALLOWED.get(own, set()):
                wrong.append(f"{'/'.join(here)}.py must not import {name}")
    assert wrong == []


def test_what_is_allowed_lies_on_a_lower_floor() -> None:
    below: set[str] = set()
    for floor in floors():
        for name, allowed in floor.items():
            assert allowed <= below, f"{name} may import {allowed - below}, which is not below it"
        below |= set(floor)


def test_the_floors_name_every_folder_and_file() -> None:
    data = {"demo", "routines", "py.typed", "__init__.py", "__pycache__"}
    there = {path.stem for path in (ROOT / "skill").iterdir() if path.name not in data}
    assert there == set(ALLOWED)


def test_nothing_is_allowed_that_is_not_used() -> None:
    used: dict[str, set[str]] = {name: set() for name in ALLOWED}
    for path, imports in modules():
        own = path.relative_to(ROOT).with_suffix("").parts[1]
        if own in used:
            used[own] |= {room(name) for name in imports if name.startswith("skill.")} - {own}
    unused = {name: allowed - used[name] for name, allowed in ALLOWED.items() if allowed - used[name]}
    assert unused == {}


@pytest.mark.parametrize("outside", ["benchmarks", "tests", "findings"])
def test_the_package_imports_nothing_of_what_is_around_it(outside: str) -> None:
    assert [str(path) for path, imports in modules() if any(name.split(".")[0] == outside for name in imports)] == []
