"""A PipeWire server of the test's own: the daemon, WirePlumber, and what speaks PulseAudio's protocol.

It is what Debian installs. Where PulseAudio is installed instead, it runs from the folder into which `.ci/pipewire` has
unpacked the same packages.
"""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.live.sound_server import START_S, SoundServer

UNPACKED = Path(__file__).parents[2] / ".venv" / "share" / "pipewire"

# The real devices are the user's, and there may be no D-Bus. WirePlumber 0.4 reads Lua, later versions do not.
_NO_HARDWARE = {
    "main.lua.d/51-no-hardware.lua": """
alsa_monitor.enabled = false
v4l2_monitor.enabled = false
libcamera_monitor.enabled = false
default_access.properties["enable-flatpak-portal"] = false
""",
    "bluetooth.lua.d/51-no-hardware.lua": "bluez_monitor.enabled = false\n",
    "wireplumber.conf.d/51-no-hardware.conf": """
wireplumber.profiles = {
  main = { hardware.audio = disabled, hardware.bluetooth = disabled, hardware.video-capture = disabled }
}
""",
}


def installed() -> bool:
    """Return whether the machine has PipeWire."""
    return all(map(shutil.which, PipeWire.PROGRAMS))


class PipeWire(SoundServer):
    """PipeWire as installed, or from its packages."""

    NAME = "pipewire"
    PROGRAMS = ("pipewire", "wireplumber", "pipewire-pulse")

    def _prepare(self) -> dict[str, str]:
        settings = self.folder / "config" / "wireplumber"
        own = {
            "XDG_CONFIG_HOME": str(settings.parent),
            "XDG_STATE_HOME": str(self.folder / "state"),
            "PIPEWIRE_RUNTIME_DIR": str(self.folder),
            "PIPEWIRE_REMOTE": "pipewire-0",
            "PULSE_RUNTIME_PATH": str(self.folder / "pulse"),
            "PULSE_SERVER": f"unix:{self.folder}/pulse/native",
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.folder}/none",
        }
        if not installed():
            if not UNPACKED.is_dir():
                pytest.fail("PipeWire is not installed; run `.ci/pipewire`, which unpacks it into a folder.")
            own |= _unpacked(self.folder)
            shutil.copytree(UNPACKED / "usr/share/wireplumber", settings)
        for name, text in _NO_HARDWARE.items():
            (settings / name).parent.mkdir(parents=True, exist_ok=True)
            (settings / name).write_text(text)
        return own

    def start(self) -> None:
        self._run("pipewire")
        self._wait_for(self.folder / "pipewire-0")
        self._run("wireplumber")
        self._run("pipewire-pulse")
        self._wait_until_it_answers()
        for device in self._devices:
            self._set_up(device)

    def _set_up(self, device: str) -> None:
        """Give a command for the devices; again if WirePlumber, which keeps the defaults, is not ready yet."""
        deadline = time.monotonic() + START_S
        while True:
            try:
                self.pactl(*device.split())
                return
            except subprocess.CalledProcessError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def second_door(self) -> "tuple[subprocess.Popen[bytes], str]":
        """Start a second program that speaks PulseAudio's protocol; return it, and the PULSE_SERVER for it."""
        folder = self.folder / "second"
        environment = {**self.environment, "PULSE_RUNTIME_PATH": str(folder)}
        door = subprocess.Popen(["pipewire-pulse"], env=environment, stdout=self._log, stderr=self._log)
        self._clients.append(door)
        self._wait_for(folder / "native")
        return door, f"unix:{folder}/native"

    def _wait_for(self, socket: Path) -> None:
        deadline = time.monotonic() + START_S
        while not socket.exists() and time.monotonic() < deadline:
            time.sleep(0.02)


def _unpacked(folder: Path) -> dict[str, str]:
    """Return what tells PipeWire, WirePlumber and ALSA that PipeWire's files are elsewhere."""
    (libraries,) = (path.parent for path in UNPACKED.glob("usr/lib/*/spa-0.2"))
    (wireplumber,) = libraries.glob("wireplumber-*")
    (modules,) = libraries.glob("pipewire-*")
    share = UNPACKED / "usr" / "share"
    return {
        "PATH": f"{UNPACKED}/usr/bin:{os.environ['PATH']}",
        "LD_LIBRARY_PATH": str(libraries),
        "SPA_PLUGIN_DIR": str(libraries / "spa-0.2"),
        "PIPEWIRE_MODULE_DIR": str(modules),
        "PIPEWIRE_CONFIG_DIR": str(share / "pipewire"),
        "WIREPLUMBER_MODULE_DIR": str(wireplumber),
        "WIREPLUMBER_DATA_DIR": str(share / "wireplumber"),
        "ALSA_CONFIG_PATH": str(_alsa(folder / "alsa", libraries, share)),
    }


def _alsa(folder: Path, libraries: Path, share: Path) -> Path:
    """Write a configuration of ALSA as it is on a machine with pipewire-alsa."""
    folder.mkdir()
    for conf in (share / "alsa" / "alsa.conf.d").iterdir():
        shutil.copy(conf, folder)
    plugin = f'"{libraries}/alsa-lib/libasound_module_%s_pipewire.so"'
    types = (f"{kind}_type.pipewire {{ lib {plugin % kind} }}\n" for kind in ("pcm", "ctl"))
    (folder / "00-plugin.conf").write_text("".join(types))
    main = folder.with_suffix(".conf")
    main.write_text(Path("/usr/share/alsa/alsa.conf").read_text().replace('"/etc/alsa/conf.d"', f'"{folder}"'))
    return main
