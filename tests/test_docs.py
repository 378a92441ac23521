"""README.md and docs/: links lead somewhere, and the commands that are named exist."""

import re
from pathlib import Path

import click
import pytest

from skill.cli import cli

ROOT = Path(__file__).parents[1]
HISTORY = ROOT / "CHANGELOG.md"
"""Names what there was as well."""

READMES = [ROOT / folder / "README.md" for folder in (".", "findings", "tests/scenarios")]
PAGES = [*READMES, *ROOT.glob("docs/*.md")]
LINK = re.compile(r"\]\(([^)\s]+)\)")


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def anchors(page: Path) -> set[str]:
    """Return the anchors that headings get, as GitHub makes them."""
    titles = re.findall(r"^#+ (.*)$", text(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", [*PAGES, HISTORY], ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_a_file_and_a_heading(page: Path) -> None:
    links = [link for link in LINK.findall(text(page)) if "://" not in link]
    broken = []
    for link in links:
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_subcommands_that_are_named_exist(page: Path) -> None:
    assert isinstance(cli, click.Group)
    known = set(cli.list_commands(click.Context(cli)))
    named = set(re.findall(r"back-stretches ([a-z]+)\b(?![:.-])", text(page)))
    assert named <= known


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_targets_of_make_that_are_named_exist(page: Path) -> None:
    targets = set(re.findall(r"^([\w.-]+):", text(ROOT / "Makefile"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^    )make ([a-z-]+)", text(page), re.MULTILINE))
    assert named <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_modules_that_are_named_exist(page: Path) -> None:
    named = re.findall(r"python -m ((?:benchmarks|skill)[\w.]*)", text(page))
    places = [ROOT.joinpath(*name.split(".")) for name in named]
    assert [
        str(place) for place in places if not (place / "__main__.py").exists() and not place.with_suffix(".py").exists()
    ] == []


def test_every_folder_of_the_package_is_in_the_readme() -> None:
    folders = {path.parent.name for path in (ROOT / "skill").glob("*/__init__.py")}
    assert {name for name in folders if f"(skill/{name}/)" not in text(ROOT / "README.md")} == set()
