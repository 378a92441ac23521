#!/usr/bin/env bash
# PipeWire with pipewire-alsa, seen through pulsectl: which stream is this process's own?
# Guess: as on PulseAudio, a stream's properties say the process ("application.process.id").
# Behaviour: those of a program that uses ALSA do not. Only the properties of its client do, which the stream names by
# number. A program that looks for its own stream by process finds none.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check sounddevice==0.5.6 numpy==2.4.6 pulsectl==24.12.0
. "$here/parts/pipewire.sh"
start_pipewire "$work/pipewire"
pactl load-module module-null-sink sink_name=mic media.class=Audio/Source/Virtual >/dev/null
echo "version:   pulsectl 24.12.0, sounddevice 0.5.6, $(pipewire_versions "$work/pipewire")"
"$work/env/bin/python" - <<'PYTHON'
import os
import subprocess
import sys
import time

import pulsectl
import sounddevice as sd

PROCESS = "application.process.id"
native = subprocess.Popen(["parec", "--device=mic"], stdout=subprocess.DEVNULL)
with sd.InputStream(16_000, channels=1, callback=lambda *_: None), pulsectl.Pulse("look") as pulse:
    time.sleep(2)
    clients = {client.index: client.proplist for client in pulse.client_list()}
    streams = pulse.source_output_list()
native.kill()


def kind(process):
    return {str(native.pid): "parec", str(os.getpid()): "this process", None: "no process"}.get(process, "another")


seen = {kind(clients[s.client].get(PROCESS)): kind(s.proplist.get(PROCESS)) for s in streams if s.client in clients}
print("guess:     the properties of the stream and of its client name the same process")
print("behaviour: so it is for a program that speaks PulseAudio's protocol; a stream through ALSA names no process")
pairs = [f"client of {client}, its stream names {stream}" for client, stream in sorted(seen.items())]
print("seen:     ", "; ".join(pairs))
if seen != {"parec": "parec", "this process": "no process"}:
    sys.exit("The behaviour has changed.")
PYTHON
