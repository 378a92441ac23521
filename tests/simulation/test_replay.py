"""If the model is on this machine, the network is not used."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from skill.audio import wav
from tests.session.test_session import timeline
from tests.speech import model

NO_NETWORK = (
    "import socket, sys\n"
    "connect = socket.socket.connect\n"
    "def refuse(*arguments, **more):\n"
    "    if getattr(arguments[0], 'family', None) == socket.AF_UNIX:  # the sound server's, on this machine\n"
    "        return connect(*arguments, **more)\n"
    "    sys.stderr.write(f'NETWORK {arguments}\\n')\n"
    "    raise OSError('there is no network')\n"
    "socket.socket.connect = socket.socket.connect_ex = socket.socket.sendto = refuse\n"
    "socket.getaddrinfo = socket.gethostbyname = socket.create_connection = refuse\n"
)


def run(program: str, *arguments: str, folder: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "HOME": str(folder), "VOSK_MODEL_PATH": str(model().folder.resolve())}
    variables |= {"XDG_CACHE_HOME": str(folder / "cache"), "XDG_DATA_HOME": str(folder / "data")}
    command = [sys.executable, "-c", NO_NETWORK + program, *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, env=variables)


@pytest.mark.parametrize(
    "line",
    ["chat --json", "replay speech.wav --json --tail 2", "understand speech.wav --json", "models --json", "doctor"],
)
def test_no_network_is_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.chdir(tmp_path)
    wav.write(Path("speech.wav"), timeline(3, (1.0, "help")))
    result = run("from skill.cli import main; main()", *line.split(), folder=tmp_path, stdin="help\n/wait 5\n")
    assert result.returncode == 0
    assert "NETWORK" not in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout


def test_the_guard_would_notice(tmp_path: Path) -> None:
    result = run("import urllib.request; urllib.request.urlopen('http://127.0.0.1:9')", folder=tmp_path)
    assert "NETWORK" in result.stderr
