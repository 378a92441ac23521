"""Microphone and speaker by the names that the desktop's sound settings show, and what is no microphone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from skill.memory import Memory
from tests.live import servers
from tests.live.coach import Coach, memory_file
from tests.live.conftest import experienced
from tests.live.sound_server import SoundServer

DEMONSTRATION = (
    "There is no microphone; connect a microphone and a speaker. Going on with the demonstration: a recorded session."
)


@pytest.fixture
def server() -> Iterator[SoundServer]:
    """A server with a second microphone, "Webcam", and a second speaker, "Living room"."""
    server = servers.start()
    server.pactl(
        "load-module", "module-null-sink", "sink_name=far", "sink_properties='device.description=\"Far away\"'"
    )
    room = "sink_properties='device.description=\"Living room\"'"
    server.pactl("load-module", "module-null-sink", "sink_name=living", room)
    webcam = ["source_name=webcam", "master=far.monitor", "source_properties=device.description=Webcam"]
    server.pactl("load-module", "module-remap-source", *webcam)
    server.pactl("set-default-source", "microphone")
    server.pactl("set-default-sink", "speaker")
    yield server
    server.stop()


def test_the_stream_is_moved_to_what_was_chosen_and_that_is_remembered(server: SoundServer, tmp_path: Path) -> None:
    folder = experienced(tmp_path)
    used = ("webcam", "living")
    assert run(server, folder, "--input", "webcam", "--output", "living ROOM") == ("Webcam", "Living room", *used)
    assert run(server, folder) == ("Webcam", "Living room", *used)
    assert run(server, folder, "--input", "default", "--output", "default")[2:] == ("microphone", "speaker")
    assert run(server, folder)[2:] == ("microphone", "speaker")
    memory = Memory(memory_file(folder))
    assert not memory.setting("microphone")
    assert not memory.setting("speaker")


def run(server: SoundServer, folder: Path, *options: str) -> tuple[str, str, str, str]:
    """Return the names that a session shows, and the source and sink that its streams have at the end."""
    coach = Coach(*options, folder=folder, environment=server.environment)
    try:
        shown = re.search(r"Microphone: (.*)\. Speaker: (.*)\.$", coach.expect("Microphone: "))
        assert shown
        coach.expect("help")
        places = place(server, coach, "source"), place(server, coach, "sink")
        coach.interrupt()
        assert coach.finish() == 0
    finally:
        coach.close()
    return shown[1], shown[2], *places


def place(server: SoundServer, coach: Coach, kind: str) -> str:
    """Return the name of the source or sink of a coach's stream."""
    clients = {"source": "source-outputs", "sink": "sink-inputs"}[kind]
    own = client_numbers(server, coach.process.pid)
    (number,) = [
        line.split()[1] for line in server.pactl("list", "short", clients).splitlines() if line.split()[2] in own
    ]
    names = {line.split()[0]: line.split()[1] for line in server.pactl("list", "short", f"{kind}s").splitlines()}
    return names[number]


def client_numbers(server: SoundServer, pid: int) -> set[str]:
    clients = re.split(r"\n\n", server.pactl("list", "clients"))
    mine = [client for client in clients if f'application.process.id = "{pid}"' in client]
    return {found[1] for client in mine if (found := re.search(r"#(\d+)", client))}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--input", "nothing like it"), "There is no microphone called “nothing like it”; there is “.*“Webcam”, “"),
        (("--output", "nothing like it"), "There is no speaker called “nothing like it”; there is “.*“Living room”, “"),
        (("--input", "e"), "“e” may be any of “Headset”, “Webcam”; give one of these names.$"),
        (("--input", "monitor of living", "--output", "living"), "is what the coach's own speaker plays"),
    ],
)
def test_a_name_that_cannot_be_used_is_wrong_usage(
    server: SoundServer, tmp_path: Path, options: tuple[str, ...], says: str
) -> None:
    coach = Coach(*options, folder=tmp_path, environment=server.environment)
    assert coach.finish() == 2
    assert coach.lines == []
    (line,) = coach.errors
    assert re.search(says, line), line


def test_the_monitor_of_another_speaker_may_be_chosen(server: SoundServer, tmp_path: Path) -> None:
    shown, _, source, sink = run(server, experienced(tmp_path), "--input", "monitor of far")
    assert (shown, source, sink) == ("Monitor of Far away", "far.monitor", "speaker")


def test_doctor_lists_the_names(server: SoundServer, tmp_path: Path) -> None:
    coach = Coach("doctor", "--input", "webcam", folder=tmp_path, environment=server.environment)
    assert coach.finish() == 0
    line = coach.expect("ok       sound devices: microphone “Webcam”, speaker “default”, ")
    assert "; --input: “Headset”, “Webcam”; --output: “" in line
    assert "“Living room”" in line
    coach.expect("microphone level: .* from “Webcam”|microphone level: the microphone is silent .* from “Webcam”")


def test_without_a_microphone_the_demonstration_follows(server: SoundServer, tmp_path: Path) -> None:
    for _ in range(2):
        server.unplug_microphone()  # all that are of this kind
        if "microphone" not in server.pactl("list", "short", "sources"):
            break
    coach = Coach(folder=experienced(tmp_path), environment=server.environment)
    try:
        assert DEMONSTRATION in coach.expect("There is no microphone")
        assert coach.lines[0].startswith(DEMONSTRATION)
    finally:
        coach.close()
    coach = Coach("doctor", folder=tmp_path, environment=server.environment)
    assert coach.finish() == 0
    coach.expect("problem  sound devices: There is no microphone; connect a microphone and a speaker.")


def test_a_server_that_portaudio_cannot_reach_is_reported_with_the_missing_package(
    server: SoundServer, tmp_path: Path
) -> None:
    alsa = tmp_path / "alsa.conf"
    alsa.write_text(Path("/usr/share/alsa/alsa.conf").read_text().replace('"/etc/alsa/conf.d"', f'"{tmp_path}/none"'))
    coach = Coach(folder=tmp_path, environment={**server.environment, "ALSA_CONFIG_PATH": str(alsa)})
    try:
        package = {"pipewire": "pipewire-alsa", "pulseaudio": "libasound2-plugins"}[server.NAME]
        coach.expect("The sound server runs, but the coach cannot reach it; install the package")
        assert coach.lines[0].startswith(
            f"The sound server runs, but the coach cannot reach it; install the package {package}. Going on with the"
        )
    finally:
        coach.close()
