"""`doctor` names a platform for which some dependencies are not published."""

import pytest

from skill.commands import platform_support
from skill.errors import SkillError


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """This machine, as if it were another."""
    system, machine, libc = request.param
    monkeypatch.setattr("sys.platform", {"Linux": "linux", "Darwin": "darwin", "Windows": "win32"}[system])
    monkeypatch.setattr("platform.system", lambda: system)
    monkeypatch.setattr("platform.machine", lambda: machine)
    monkeypatch.setattr("platform.libc_ver", lambda: libc)


COMPLETE = [
    ("Linux", "x86_64", ("glibc", "2.28")),
    ("Linux", "aarch64", ("glibc", "2.41")),
    ("Darwin", "arm64", ("", "")),
    ("Windows", "AMD64", ("", "")),
]
INCOMPLETE = [
    ("Linux", "armv7l", ("glibc", "2.41")),
    ("Linux", "x86_64", ("glibc", "2.9")),
    ("Linux", "x86_64", ("", "")),  # musl
    ("Windows", "ARM64", ("", "")),
]


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize("there", COMPLETE, indirect=True, ids=lambda case: "-".join(case[:2]))
def test_a_platform_with_all_parts() -> None:
    assert ", Python 3." in platform_support.describe()


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize("there", INCOMPLETE, indirect=True, ids=lambda case: "-".join((*case[:2], *case[2])))
def test_a_platform_without_some_is_named_with_what_to_do() -> None:
    with pytest.raises(
        SkillError, match=r"^(Linux|Windows) .* is untried, .* not published for it: build what is missing"
    ):
        platform_support.describe()
