"""A PulseAudio server of the test's own."""

from tests.live.sound_server import SoundServer

_DUMMY = "load-module module-always-sink"
"""Debian's setting: while there is no speaker, sound goes to a "Dummy Output". PipeWire has it without being asked."""


class PulseAudio(SoundServer):
    """PulseAudio as installed."""

    NAME = "pulseaudio"
    PROGRAMS = ("pulseaudio",)

    def _prepare(self) -> dict[str, str]:
        socket = self.folder / "socket"
        listen = f"load-module module-native-protocol-unix socket={socket} auth-anonymous=1"
        (self.folder / "default.pa").write_text("\n".join([listen, _DUMMY, *self._devices]))
        return {"PULSE_SERVER": f"unix:{socket}"}

    def start(self) -> None:
        setup = str(self.folder / "default.pa")
        self._run("pulseaudio", "-n", "-F", setup, "--exit-idle-time=-1", "--use-pid-file=no", "--daemonize=no")
        self._wait_until_it_answers()
        # A null sink moves its sound in chunks of up to two seconds unless a client requests less.
        for monitor in ("speaker.monitor", "mouth.monitor"):
            self._client("parec", f"--device={monitor}", "--latency-msec=20")
