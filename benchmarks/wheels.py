"""`make wheels`: for which platforms and versions of Python all dependencies have a wheel, as a Markdown table.

pip is asked what it would find on each platform (its options `--platform`, `--python-version`, `--only-binary`); it
downloads only lists of versions. The dependencies of dependencies are those of the versions installed here. A package
that is pure Python needs no wheel: pip can build it anywhere.
"""

import functools
import importlib.metadata
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import product

import click
from packaging.requirements import Requirement

PROJECT = "back-stretches"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
EXTRAS = ("", "natural", "dev", "bench")
"""The coach alone, and with each of its extras."""


@dataclass(frozen=True)
class Platform:
    """What pip calls a platform, and what the markers of requirements see there."""

    tags: tuple[str, ...]
    markers: Mapping[str, str] = field(hash=False)


def linux(machine: str, minor: int) -> Platform:
    """Return Linux with glibc 2.`minor`; it also takes wheels for older versions."""
    older = [f"manylinux_2_{number}_{machine}" for number in range(minor, 4, -1)]
    named = [f"{name}_{machine}" for name in ("manylinux2014", "manylinux2010", "manylinux1", "linux")]
    return Platform((*older, *named), _markers("linux", "Linux", "posix", machine))


def musl(machine: str) -> Platform:
    """Return Linux with musl 1.2 (Alpine)."""
    tags = (f"musllinux_1_2_{machine}", f"musllinux_1_1_{machine}", f"linux_{machine}")
    return Platform(tags, _markers("linux", "Linux", "posix", machine))


def macos(machine: str) -> Platform:
    """Return macOS 14; pip adds the older versions, and wheels for both processors."""
    return Platform((f"macosx_14_0_{machine}",), _markers("darwin", "Darwin", "posix", machine))


def windows(machine: str) -> Platform:
    """Return Windows; `machine` is as Windows calls it (AMD64, ARM64)."""
    return Platform((f"win_{machine.lower()}",), _markers("win32", "Windows", "nt", machine))


def _markers(sys_platform: str, system: str, name: str, machine: str) -> dict[str, str]:
    return {
        "sys_platform": sys_platform,
        "platform_system": system,
        "os_name": name,
        "platform_machine": machine,
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }


PLATFORMS = {
    "Linux x86_64, glibc ≥ 2.28": linux("x86_64", 28),
    "Linux aarch64, glibc ≥ 2.28": linux("aarch64", 28),
    "macOS 14 arm64": macos("arm64"),
    "macOS 14 x86_64": macos("x86_64"),
    "Windows AMD64": windows("AMD64"),
    "Linux x86_64, glibc 2.17": linux("x86_64", 17),
    "Linux armv7l, glibc ≥ 2.36": linux("armv7l", 36),
    "Linux riscv64, glibc ≥ 2.39": linux("riscv64", 39),
    "Linux x86_64, musl 1.2": musl("x86_64"),
    "Linux aarch64, musl 1.2": musl("aarch64"),
    "Windows ARM64": windows("ARM64"),
}

Metadata = Callable[[str], list[str] | None]
"""Returns the requirements of a package by its name; None where that is not known here."""

Finder = Callable[[str, tuple[str, ...], str], list[str]]
"""Returns the versions of a package that a platform (by its tags) and a version of Python can install as a wheel."""


def requirements(extra: str, platform: Platform, python: str, metadata: Metadata) -> list[Requirement]:
    """Return what the project needs there with an extra ("": none), with the dependencies of its dependencies."""
    found: dict[str, Requirement] = {}
    waiting = [Requirement(f"{PROJECT}[{extra}]" if extra else PROJECT)]
    while waiting:
        parent = waiting.pop()
        for line in metadata(parent.name) or []:
            requirement = Requirement(line)
            if str(requirement) not in found and _applies(requirement, parent.extras, platform, python):
                found[str(requirement)] = requirement
                waiting.append(requirement)
    return list(found.values())


def _applies(requirement: Requirement, extras: Iterable[str], platform: Platform, python: str) -> bool:
    if requirement.marker is None:
        return True
    there: dict[str, str] = {
        **platform.markers,
        "python_version": python,
        "python_full_version": f"{python}.0",
    }
    return any(requirement.marker.evaluate({**there, "extra": extra}) for extra in ("", *extras))


def lacking(needed: Iterable[Requirement], platform: Platform, python: str, find: Finder) -> list[str]:
    """Return the names of the packages of which no version that fits has a wheel there."""
    return sorted(
        {
            requirement.name
            for requirement in needed
            if not any(
                requirement.specifier.contains(version) for version in find(requirement.name, platform.tags, python)
            )
        },
        key=str.lower,
    )


def heading(extras: Iterable[str]) -> list[str]:
    """Return the first two lines of a Markdown table with a column for each extra ("": the coach alone)."""
    columns = ["platform", "Python", *(f"with `{extra}`" if extra else "the coach" for extra in extras)]
    return [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]


def rows(platform: str, lack: Mapping[tuple[str, str], list[str]]) -> list[str]:
    """Return a platform's lines of the table, from what lacks by version of Python and extra; versions share a line."""
    pythons, extras = (list(dict.fromkeys(values)) for values in zip(*lack, strict=True))
    alike: dict[tuple[str, ...], list[str]] = {}
    for python in pythons:
        names = (", ".join(lack[python, extra]) for extra in extras)
        alike.setdefault(tuple(f"no: {name}" if name else "yes" for name in names), []).append(python)
    return [f"| {platform} | {', '.join(same)} | {' | '.join(cells)} |" for cells, same in alike.items()]


def installed_requirements(name: str) -> list[str] | None:
    """Return the requirements of a package as it is installed here."""
    try:
        return importlib.metadata.requires(name)
    except importlib.metadata.PackageNotFoundError:
        return None


@functools.cache
def is_pure(name: str) -> bool:
    """Return whether a package that is installed here is pure Python."""
    try:
        wheel = importlib.metadata.distribution(name).read_text("WHEEL") or ""
    except importlib.metadata.PackageNotFoundError:
        return False
    return "-none-any" in wheel


@functools.cache
def wheels(name: str, tags: tuple[str, ...], python: str) -> list[str]:
    """Ask pip for the versions of a package that have a wheel there.

    A version below 0 is asked for, which no package has: pip answers with those that it could choose from.
    """
    where = [option for tag in tags for option in ("--platform", tag)]
    target = ["--only-binary=:all:", "--implementation", "cp", "--python-version", python, *where]
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--dest", os.devnull, *target, f"{name}<0"]
    answer = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PIP_NO_INPUT": "1"}).stderr
    return choices(answer)


def choices(answer: str) -> list[str]:
    """Return the versions that pip names when it finds none that fits."""
    found = re.search(r"\(from versions: (.*)\)", answer)
    if found is None:
        raise click.ClickException(f"pip did not say which versions there are:\n{answer}")
    return [] if found[1] == "none" else found[1].split(", ")


@click.command()
@click.option("--platform", "only", multiple=True, type=click.Choice(list(PLATFORMS)), help="Only this (repeatable).")
@click.option("--extra", "extras", multiple=True, type=click.Choice(EXTRAS), help="Only with this (repeatable).")
def main(only: tuple[str, ...], extras: tuple[str, ...]) -> None:
    """Print for which platforms and versions of Python all dependencies have a wheel. Takes a few minutes."""
    if not wheels("numpy", PLATFORMS["Linux x86_64, glibc ≥ 2.28"].tags, PYTHONS[0]):
        raise click.ClickException("pip reaches no list of packages; connect to the network, then try again.")
    cases = list(product(PYTHONS, extras or EXTRAS))
    click.echo("\n".join(heading(extras or EXTRAS)))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for platform in only or PLATFORMS:
            lack = pool.map(lambda case, platform=platform: _lacking_here(platform, *case), cases)
            click.echo("\n".join(rows(platform, dict(zip(cases, lack, strict=True)))))


def _lacking_here(platform: str, python: str, extra: str) -> list[str]:
    there = PLATFORMS[platform]
    needed = requirements(extra, there, python, installed_requirements)
    return lacking([one for one in needed if not is_pure(one.name)], there, python, wheels)


if __name__ == "__main__":
    main()
