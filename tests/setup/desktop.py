"""A GNOME desktop with PipeWire, as apt and dpkg see it: real packages of this distribution, entered as installed."""

import os
import subprocess
from pathlib import Path

import pytest

_SETTINGS = """
Dir::State::status "{admin}/status";
Dir::State::lists "{lists}";
Dir::Cache "{cache}";
"""
# Much faster than --simulate, which looks through all packages again after each one.
_ONLY_SAY = ("--assume-no", "-o", "Debug::NoLocking=1", "--no-install-recommends")
_ONLY_IN_LISTS = ("Filename:", "Size:", "MD5sum:", "SHA")
LISTS = Path("/var/lib/apt/lists")


class Desktop:
    """`environment` makes apt and dpkg see it."""

    def __init__(self, folder: Path, *packages: str):
        """Make it in an empty folder, of these packages and all that they need."""
        self.admin = folder / "dpkg"
        for name in ("dpkg/updates", "dpkg/info", "cache"):
            (folder / name).mkdir(parents=True)
        self.status = self.admin / "status"
        self.status.touch()
        self._settings = folder / "apt.conf"
        self._use(LISTS)
        if "Package: " + packages[0] not in self._ask("apt-cache", "show", packages[0], needed=False):
            self._update(folder / "lists")
        plan = self._ask("apt-get", "install", *_ONLY_SAY, "dpkg", *packages, needed=False)
        names = plan.partition("NEW packages will be installed:\n")[2].partition("\n0 upgraded")[0].split()
        stanzas = self._ask("apt-cache", "show", "--no-all-versions", *names)
        kept = [line for line in stanzas.splitlines(keepends=True) if not line.startswith(_ONLY_IN_LISTS)]
        self.status.write_text("".join(kept).replace("\nVersion: ", "\nStatus: install ok installed\nVersion: "))

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "APT_CONFIG": str(self._settings), "DPKG_ADMINDIR": str(self.admin), "LC_ALL": "C"}

    def has(self, package: str) -> bool:
        """Return whether it is installed."""
        command = ["dpkg-query", "--show", "--showformat", "${db:Status-Status}", package]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True).stdout == "installed"

    def _use(self, lists: Path) -> None:
        self._settings.write_text(_SETTINGS.format(admin=self.admin, lists=lists, cache=self.admin.parent / "cache"))

    def _update(self, lists: Path) -> None:
        """Fetch the distribution's list of packages, where the machine has none yet."""
        (lists / "partial").mkdir(parents=True)
        self._use(lists)
        command = ["apt-get", "update", "-o", "APT::Sandbox::User=", "--error-on=any"]
        if subprocess.run(command, env=self.environment, capture_output=True).returncode:
            pytest.skip(
                "apt has no list of packages, and none can be fetched: connect to the network, or apt-get update"
            )

    def _ask(self, *command: str, needed: bool = True) -> str:
        done = subprocess.run(command, env=self.environment, check=needed, capture_output=True, text=True)
        return done.stdout
