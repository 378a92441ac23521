"""A speech model in miniature for tests, and a web server that hands it out."""

import contextlib
import hashlib
import io
import json
import random
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from skill.speech_model.manifest import PublishedModel, Source, load_manifest
from skill.speech_model.search_path import cache_folder

# A model in miniature: the layout of the real one, a few hundred kilobytes, so that a download can be broken off
# in the middle.
NAME = "vosk-model-miniature"
SHARED = {
    "am/final.mdl": random.Random(1).randbytes(300_000),
    "graph/HCLr.fst": random.Random(2).randbytes(50_000),
    "ivector/splice.conf": b"--left-context=3\n--right-context=3\n",
}
OWN_EDITION = {"graph/Gr.fst": b"grammar with its words inside"}
OTHER_EDITION = {"graph/Gr.fst": b"another grammar", "graph/words.txt": b"<eps> 0\ncat 1\n"}
EXTRAS = {"README": b"a miniature", "conf/model.conf": b"--beam=10.0\n"}


def toml_files(files: dict[str, bytes]) -> str:
    """The pins of some files as lines of the manifest."""
    line = '"{}" = {{ size = {}, sha256 = "{}" }}'
    return "\n".join(line.format(path, len(data), sha256(data)) for path, data in files.items())


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def manifest_text(*sources: Source) -> str:
    """A manifest of the miniature with these sources."""
    text = f"""
[model]
name = "{NAME}"
language = "none"
licence = "CC0-1.0"
extras = {json.dumps(list(EXTRAS))}
[model.files]
{toml_files(SHARED)}
[[model.editions]]
[model.editions.files]
{toml_files(OWN_EDITION)}
[[model.editions]]
[model.editions.files]
{toml_files(OTHER_EDITION)}
"""
    if not sources:
        return text.replace("[model.files]", "sources = []\n[model.files]")
    for source in sources:
        pairs = "\n".join(f"{key} = {json.dumps(value)}" for key, value in vars(source).items())
        text += f"[[model.sources]]\n{pairs}\n"
    return text


def miniature(tmp_path: Path, *sources: Source) -> PublishedModel:
    """The miniature as a manifest file gives it; the file stays at tmp_path/models.toml for other processes."""
    file = tmp_path / "models.toml"
    file.write_text(manifest_text(*sources), encoding="utf-8")
    return load_manifest(file)


def archive(edition: dict[str, bytes] = OWN_EDITION, around: str = f"{NAME}/") -> bytes:
    """The miniature as a zip: stored, so that half of the bytes is half of the model; the same bytes every time."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as content:
        for path, data in (SHARED | edition | EXTRAS).items():
            content.writestr(zipfile.ZipInfo(around + path), data)
        content.writestr(zipfile.ZipInfo("../escaped.txt"), b"a name that leads out of the folder")
    return packed.getvalue()


def put(folder: Path, edition: dict[str, bytes] = OWN_EDITION) -> Path:
    """Write a whole miniature into `folder`."""
    for path, data in (SHARED | edition | EXTRAS).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


class Server(ThreadingHTTPServer):
    """A web server on the loopback interface whose answers a test decides."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.body = archive()
        self.stop_after: int | None = None  # bytes after which nothing more comes until `go_on` is set
        self.cut_after: int | None = None  # bytes after which the connection is closed
        self.half_sent = threading.Event()
        self.go_on = threading.Event()
        self.requests: list[str] = []

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Answer requests until the end of the block."""
        thread = threading.Thread(target=self.serve_forever, args=[0.01])
        thread.start()
        try:
            yield
        finally:
            self.go_on.set()
            self.shutdown()
            thread.join()

    def source(self, path: str = "/model.zip", body: bytes | None = None) -> Source:
        body = archive() if body is None else body
        address = f"http://127.0.0.1:{self.server_address[1]}{path}"
        return Source("zip", len(body), sha256(body), address=address)


class _Answer(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        server = self.server
        server.requests.append(self.path)
        if self.path != "/model.zip":
            self.send_error(404, "Not Found")
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(server.body)))
        self.end_headers()
        first = server.stop_after or server.cut_after or len(server.body)
        self.wfile.write(server.body[:first])
        self.wfile.flush()
        server.half_sent.set()
        if server.cut_after is not None:
            self.close_connection = True
            return
        if server.stop_after is not None:
            server.go_on.wait()
        with contextlib.suppress(OSError):  # the other side was killed: what the test is about
            self.wfile.write(server.body[first:])

    def log_message(self, format: str, *args: object) -> None:
        pass


def in_cache() -> list[str]:
    """Files next to the model in the cache: normally only the lock."""
    return sorted(entry.name for entry in cache_folder().iterdir() if not entry.name.endswith(".lock"))


def unheard(line: str) -> None:
    """For calls after which nothing may be said."""
    raise AssertionError(f"unexpected notice: {line}")


FIND = """
import sys
from pathlib import Path
from skill.errors import ModelError
from skill.speech_model.manifest import load_manifest
from skill.speech_model import find
try:
    print(find(model=load_manifest(Path(sys.argv[1]))))
except ModelError as error:
    sys.exit(str(error))
"""


def start(script: str, *arguments: object, stderr: int = subprocess.PIPE) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    root = str(Path(__file__).parents[2])
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True, cwd=root)


def other_model(folder: Path) -> Path:
    """Another Vosk model: the same layout, different content."""
    for path in SHARED | OWN_EDITION:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(b"of another language")
    return folder
