"""`make wheels`: which dependencies a platform needs, and what the table says about them. pip is asked by hand."""

import platform

import pytest
from packaging.tags import platform_tags

from benchmarks import wheels
from benchmarks.wheels import PLATFORMS, choices, heading, installed_requirements, lacking, requirements, rows

LINUX, PI = PLATFORMS["Linux x86_64, glibc ≥ 2.28"], PLATFORMS["Linux armv7l, glibc ≥ 2.36"]
MAC, WINDOWS = PLATFORMS["macOS 14 arm64"], PLATFORMS["Windows AMD64"]
METADATA = {
    "back-stretches": [
        "vosk>=0.3.44",
        'pyttsx3; sys_platform != "emscripten"',
        'canceller; platform_machine in "x86_64 AMD64 aarch64 arm64"',
        'piper-tts; extra == "natural"',
    ],
    "vosk": ["srt", "back-stretches"],
    "pyttsx3": ['pywin32; platform_system == "Windows"', 'pyobjc>=2.4; platform_system == "Darwin"'],
    "piper-tts": ["onnxruntime", 'tomli; python_version < "3.12"', 'rich; extra == "train"'],
}


def names(extra: str, there: wheels.Platform, python: str = "3.13") -> set[str]:
    return {one.name for one in requirements(extra, there, python, METADATA.get)} - {"back-stretches"}


def test_dependencies_of_dependencies_are_those_of_the_platform() -> None:
    everywhere = {"vosk", "srt", "pyttsx3"}
    assert names("", LINUX) == everywhere | {"canceller"}
    assert names("", PI) == everywhere
    assert names("", MAC) == everywhere | {"canceller", "pyobjc"}
    assert names("", WINDOWS) == everywhere | {"canceller", "pywin32"}


def test_an_extra_adds_what_it_names_for_that_version_of_python() -> None:
    assert names("natural", LINUX) - names("", LINUX) == {"piper-tts", "onnxruntime"}
    assert names("natural", LINUX, "3.11") - names("", LINUX) == {"piper-tts", "onnxruntime", "tomli"}


def test_what_lacks_has_no_version_that_fits_there() -> None:
    there = {"vosk": ["0.3.40"], "srt": [], "pyttsx3": ["2.99"], "canceller": ["0.2.0", "0.3.0rc1"]}
    needed = requirements("", LINUX, "3.11", METADATA.get)
    needed = [one for one in needed if one.name != "back-stretches"]
    assert lacking(needed, LINUX, "3.11", lambda name, tags, python: there[name]) == ["srt", "vosk"]


def test_pips_answer_is_read() -> None:
    said = "ERROR: Could not find a version that satisfies the requirement numpy<0 (from versions: {})\nERROR: No match"
    assert choices(said.format("1.26.4, 2.0.0rc1, 2.0.0")) == ["1.26.4", "2.0.0rc1", "2.0.0"]
    assert choices(said.format("none")) == []
    with pytest.raises(Exception, match="pip did not say which versions there are:\nno such option"):
        choices("no such option: --platform")


def test_the_table_has_one_row_for_versions_of_python_that_are_alike() -> None:
    lack: dict[tuple[str, str], list[str]] = {
        ("3.13", ""): [],
        ("3.13", "natural"): [],
        ("3.14", ""): [],
        ("3.14", "natural"): [],
    }
    assert [*heading(["", "natural"]), *rows("Linux", lack)] == [
        "| platform | Python | the coach | with `natural` |",
        "|---|---|---|---|",
        "| Linux | 3.13, 3.14 | yes | yes |",
    ]
    lack["3.14", "natural"] = ["onnxruntime", "piper-tts"]
    assert rows("macOS", lack) == [
        "| macOS | 3.13 | yes | yes |",
        "| macOS | 3.14 | yes | no: onnxruntime, piper-tts |",
    ]


@pytest.mark.parametrize("name", [name for name in PLATFORMS if "musl" not in name])
def test_the_optional_canceller_is_required_only_where_it_has_wheels(name: str) -> None:
    needed = {one.name for one in requirements("", PLATFORMS[name], "3.13", installed_requirements)}
    has_wheels = not any(processor in name for processor in ("armv7l", "riscv64", "ARM64"))
    assert ("pywebrtc-audio" in needed) == has_wheels
    assert "vosk" in needed


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only Linux with glibc has these tags")
def test_the_tags_of_linux_are_those_that_pip_takes_here() -> None:
    machine, minor = platform.machine(), int(platform.libc_ver()[1].split(".")[1])
    assert set(platform_tags()) <= set(wheels.linux(machine, minor).tags)
