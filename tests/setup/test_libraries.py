"""`.ci/libraries` installs what is missing, and nothing that harms. With real apt and dpkg, in a root of their own."""

import shutil
from pathlib import Path

import pytest

from tests.setup.private_apt import PrivateApt


@pytest.fixture
def apt(tmp_path: Path) -> PrivateApt:
    if not shutil.which("apt-get"):
        pytest.skip("there is no apt on this machine: what .ci/libraries does on Debian and Ubuntu is not tested here")
    return PrivateApt(tmp_path / "apt")


def test_what_is_missing_is_shown_and_installed_with_what_it_needs(apt: PrivateApt) -> None:
    apt.offer("espeak-ng", Depends="libespeak")
    apt.offer("libespeak")
    apt.claim("python3-venv")
    result = apt.libraries("espeak-ng", "python3-venv")
    assert (result.returncode, result.stderr) == (0, "")
    first, second, third = result.stdout.splitlines()
    assert first == "Missing Debian packages: espeak-ng. Updating apt's list of packages."
    assert second == "Packages to install, with those that they need: 2; 0.0 MB to fetch."
    assert third == "  libespeak, espeak-ng"
    assert apt.installed() == {"espeak-ng", "libespeak", "python3-venv"}
    again = apt.libraries("espeak-ng", "python3-venv")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_nothing_is_installed_if_that_removes_something_and_one_sentence_names_both(apt: PrivateApt) -> None:
    apt.offer("pipewire-alsa", Conflicts="pulseaudio")
    apt.offer("gnome-core", Depends="pipewire-alsa")
    assert apt.libraries("gnome-core").returncode == 0
    apt.offer("pulseaudio")
    apt.offer("pulseaudio-utils")
    before = apt.installed()
    result = apt.libraries("pulseaudio-utils", "pulseaudio")
    assert result.returncode == 1
    assert result.stderr == (
        "Nothing was installed, because with pulseaudio-utils pulseaudio these packages would be removed: gnome-core,"
        " pipewire-alsa. If you want that all the same, run this as root, and read what it asks:"
        " apt-get install --no-install-recommends pulseaudio-utils pulseaudio\n"
    )
    assert apt.installed() == before == {"gnome-core", "pipewire-alsa"}


def test_nothing_is_installed_if_that_downgrades_something(apt: PrivateApt) -> None:
    apt.offer("espeak-ng", Depends="libespeak (= 1)")
    apt.offer("libespeak")
    apt.claim("libespeak", version="2")
    (apt.folder / "etc" / "preferences").write_text('Package: *\nPin: origin ""\nPin-Priority: 1001\n')
    result = apt.libraries("espeak-ng")
    assert result.returncode == 1
    assert "because with espeak-ng these packages would be downgraded: libespeak." in result.stderr
    assert apt.installed() == {"libespeak"}


def test_a_newer_version_of_something_that_is_here_is_shown_as_an_update(apt: PrivateApt) -> None:
    apt.offer("espeak-ng", Depends="libespeak (= 2)")
    apt.offer("libespeak", version="2")
    apt.claim("libespeak")
    result = apt.libraries("espeak-ng")
    assert (result.returncode, result.stderr) == (0, "")
    assert "  libespeak (update), espeak-ng\n" in result.stdout
    assert apt.installed() == {"espeak-ng", "libespeak"}


def test_a_held_package_stays_and_aptgets_reason_is_shown(apt: PrivateApt) -> None:
    apt.offer("espeak-ng", Depends="libespeak (= 2)")
    apt.offer("libespeak", version="2")
    apt.claim("libespeak", status="hold ok installed")
    result = apt.libraries("espeak-ng")
    assert result.returncode == 1
    assert "espeak-ng : Depends: libespeak (= 2) but 1 is to be installed" in result.stderr
    assert result.stderr.splitlines()[-1].startswith("apt-get cannot install what is missing (see above).")
    assert apt.installed() == {"libespeak"}


def test_a_package_of_which_only_the_configuration_is_left_is_missing(apt: PrivateApt) -> None:
    apt.offer("pulseaudio")
    apt.claim("pulseaudio", status="deinstall ok config-files")
    assert apt.libraries("pulseaudio").returncode == 0
    assert apt.installed() == {"pulseaudio"}


@pytest.mark.parametrize("sudo", [None, "exit 1"], ids=["without sudo", "sudo that needs a terminal"])
def test_without_the_rights_it_says_what_to_run_as_root(apt: PrivateApt, sudo: str | None) -> None:
    apt.offer("espeak-ng")
    apt.as_user(1000)
    if sudo:
        apt.stand_in("sudo", sudo)
    result = apt.libraries("espeak-ng")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        "Only root can install the Debian packages that are missing. Run this as root, then try again:"
        " apt-get update; apt-get install --no-install-recommends espeak-ng\n"
    )


def test_sudo_is_used_by_who_is_not_root(apt: PrivateApt) -> None:
    apt.offer("espeak-ng")
    apt.as_user(1000)
    apt.stand_in("sudo", f'echo "$*" >> {apt.folder}/sudo.log; [ "$1" = -n ] || exec "$@"')
    assert apt.libraries("espeak-ng").returncode == 0
    assert apt.installed() == {"espeak-ng"}
    asked = (apt.folder / "sudo.log").read_text().splitlines()
    assert [line.split()[:2] for line in asked] == [["-n", "true"], ["apt-get", "update"], ["apt-get", "install"]]


def test_a_package_that_the_distribution_does_not_have_is_named(apt: PrivateApt) -> None:
    apt.offer("flite")
    result = apt.libraries("flite", "festvox-kallpc16k")
    assert result.returncode == 1
    assert "E: Unable to locate package festvox-kallpc16k\n" in result.stderr
    assert "apt's list of packages lacks some of what is missing (see above)." in result.stderr
    assert apt.installed() == set()


def test_a_list_of_packages_that_cannot_be_updated_is_used_as_it_is(apt: PrivateApt) -> None:
    apt.offer("espeak-ng")
    apt.offer("flite")
    assert apt.libraries("espeak-ng").returncode == 0
    apt.sources.write_text(apt.sources.read_text() + f"deb file:{apt.folder}/nowhere stable main\n")
    result = apt.libraries("flite")
    assert result.returncode == 0
    assert "nowhere" in result.stderr
    assert "The list of packages could not be updated in full (see above); going on with the one" in result.stderr
    assert apt.installed() == {"espeak-ng", "flite"}


def test_a_package_that_cannot_be_fetched(apt: PrivateApt) -> None:
    apt.offer("espeak-ng").unlink()
    result = apt.libraries("espeak-ng")
    assert result.returncode == 1
    assert "E: Failed to fetch" in result.stderr
    assert "The packages could not be fetched (see above). Connect to the network, then try again" in result.stderr


def test_an_installation_that_fails_shows_what_aptget_said(apt: PrivateApt) -> None:
    apt.offer("flite", file="voices")
    apt.offer("festival", file="voices")
    assert apt.libraries("flite").returncode == 0
    result = apt.libraries("festival")
    assert result.returncode == 1
    assert "trying to overwrite '/usr/share/voices', which is also in package flite" in result.stderr
    assert "apt-get failed (see above). Run this as root, then try again: apt-get install" in result.stderr


def test_it_waits_for_another_program_that_installs_and_says_so(apt: PrivateApt) -> None:
    apt.offer("espeak-ng")
    with apt.busy() as lock, apt.start("espeak-ng") as script:
        assert script.stdout
        assert script.stderr
        said = next(line for line in script.stdout if line.startswith("Another program is installing packages"))
        lock.close()
        assert (script.wait(timeout=120), script.stderr.read()) == (0, "")
    assert said == "Another program is installing packages; waiting for it, at most five minutes.\n"
    assert apt.installed() == {"espeak-ng"}


def test_elsewhere_it_names_what_corresponds_and_goes_on(apt: PrivateApt) -> None:
    (apt.admin / "status").write_text("")  # dpkg is there as a tool only, as on Fedora
    result = apt.libraries("espeak-ng", "libportaudio2")
    assert (result.returncode, result.stdout) == (0, "")
    assert result.stderr == (
        "This is not Debian or Ubuntu: if something is missing, install what corresponds to: espeak-ng libportaudio2\n"
    )
