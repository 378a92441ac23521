"""A real apt and dpkg with a root folder, a repository and a state of their own; nothing of the machine is touched."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

ROOT = Path(__file__).parents[2]

_SETTINGS = """
APT::Sandbox::User "";
Dir::Etc "{folder}/etc";
Dir::State "{folder}/state";
Dir::State::status "{admin}/status";
Dir::Cache "{folder}/cache";
Dir::Log "{folder}/log";
DPkg::Options {{"--root={folder}/root"; "--log=/dev/null"; "--force-not-root";}};
"""
_FOLDERS = (
    "bin",
    "etc/apt.conf.d",
    "etc/preferences.d",
    "state/lists/partial",
    "cache/archives/partial",
    "log",
    "repository",
    "root",
)

INSTALLED = """Package: {name}
Status: {status}
Maintainer: Nobody <nobody@example.org>
Architecture: all
Version: {version}
Description: a package

"""


class Result(NamedTuple):
    """What a program that has ended said."""

    returncode: int
    stdout: str
    stderr: str


class PrivateApt:
    """Packages that can be installed, and those that are; `libraries` runs our script on them."""

    def __init__(self, folder: Path):
        """Set it up in an empty folder."""
        self.folder = folder
        self.admin = folder / "root" / "var" / "lib" / "dpkg"
        for name in _FOLDERS:
            (folder / name).mkdir(parents=True)
        for name in ("updates", "info"):
            (self.admin / name).mkdir(parents=True)
        self._settings = folder / "apt.conf"
        self._settings.write_text(_SETTINGS.format(folder=folder, admin=self.admin))
        self.sources = folder / "etc" / "sources.list"
        self.sources.write_text(f"deb [trusted=yes] file:{folder}/repository ./\n")
        self.bin = folder / "bin"
        self.as_user(0)
        self.claim("dpkg")

    @property
    def environment(self) -> dict[str, str]:
        """What makes programs use it."""
        own = {"APT_CONFIG": str(self._settings), "DPKG_ADMINDIR": str(self.admin), "PATH": f"{self.bin}:{self._path}"}
        return {**os.environ, **own}

    @property
    def _path(self) -> str:
        """The machine's programs, without sudo."""
        programs = self.folder / "programs"
        if not programs.exists():
            programs.mkdir()
            for folder in filter(os.path.isdir, ("/usr/bin", "/bin", "/usr/sbin", "/sbin")):
                for program in os.scandir(folder):
                    if program.name != "sudo" and not os.path.lexists(programs / program.name):
                        (programs / program.name).symlink_to(program.path)
        return str(programs)

    def stand_in(self, name: str, script: str) -> None:
        """Put a program of ours before the machine's."""
        (self.bin / name).write_text(f"#!/bin/sh\n{script}\n")
        (self.bin / name).chmod(0o755)

    def as_user(self, number: int) -> None:
        """Let `id -u` answer this."""
        self.stand_in("id", f"echo {number}")

    def claim(self, name: str, version: str = "1", status: str = "install ok installed") -> None:
        """Enter a package as one that is here."""
        with (self.admin / "status").open("a") as file:
            file.write(INSTALLED.format(name=name, version=version, status=status))

    def offer(self, name: str, version: str = "1", file: str = "", **fields: str) -> Path:
        """Add a package to the repository, with fields like `Depends`, and with a file; return the package's path."""
        build = self.folder / "build" / name
        (build / "DEBIAN").mkdir(parents=True)
        content = build / "usr" / "share" / (file or name)
        content.parent.mkdir(parents=True)
        content.write_text(name)
        control = {"Package": name, "Version": version, "Architecture": "all", **fields}
        control |= {"Maintainer": "Nobody <nobody@example.org>", "Description": "a package"}
        lines = [f"{field}: {value}\n" for field, value in control.items()]
        (build / "DEBIAN" / "control").write_text("".join(lines))
        package = self.folder / "repository" / f"{name}.deb"
        subprocess.run(["dpkg-deb", "--build", build, package], check=True, capture_output=True)
        index = subprocess.run(["sha256sum", package], check=True, capture_output=True, text=True).stdout.split()[0]
        lines += [f"Filename: ./{package.name}\n", f"Size: {package.stat().st_size}\n", f"SHA256: {index}\n\n"]
        with (package.parent / "Packages").open("a") as packages:
            packages.writelines(lines)
        return package

    def installed(self) -> set[str]:
        """Return the names of the packages that are here and complete."""
        command = ["dpkg-query", "--show", "--showformat", "${db:Status-Status} ${Package}\n"]
        lines = subprocess.run(command, env=self.environment, check=True, capture_output=True, text=True).stdout
        return {name for status, name in map(str.split, lines.splitlines()) if status == "installed"} - {"dpkg"}

    def start(self, *packages: str) -> "subprocess.Popen[str]":
        """Start `.ci/libraries`, without a terminal."""
        command = ["sh", str(ROOT / ".ci" / "libraries"), *packages]
        pipe = subprocess.PIPE
        return subprocess.Popen(
            command, env=self.environment, stdout=pipe, stderr=pipe, text=True, start_new_session=True
        )

    def libraries(self, *packages: str) -> Result:
        """Run `.ci/libraries`, without a terminal."""
        with self.start(*packages) as script:
            stdout, stderr = script.communicate(timeout=120)
        return Result(script.returncode, stdout, stderr)

    @contextlib.contextmanager
    def busy(self) -> Iterator[IO[bytes]]:
        """Let another program hold dpkg's lock, until what this yields is closed."""
        program = "import fcntl, sys; file = open(sys.argv[1], 'w'); fcntl.lockf(file, fcntl.LOCK_EX)"
        program += "; print(flush=True); input()"
        command = [sys.executable, "-c", program, str(self.admin / "lock-frontend")]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL) as holder:
            assert holder.stdin
            assert holder.stdout
            holder.stdout.readline()
            yield holder.stdin
