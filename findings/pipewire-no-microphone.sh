#!/usr/bin/env bash
# PipeWire with pipewire-alsa, seen through PortAudio: a machine without a microphone.
# Guess: no device has inputs; if the microphone is unplugged while a program records, the recording fails or is silent.
# Behaviour: the devices have 64 inputs. Recording works, and gives what the speaker plays, also after the microphone
# was unplugged. No error says so: a call sends what it receives, and a voice assistant obeys itself.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check sounddevice==0.5.6 numpy==2.4.6
. "$here/parts/pipewire.sh"
start_pipewire "$work/pipewire"
pactl load-module module-null-sink sink_name=speaker >/dev/null
echo "version:   sounddevice 0.5.6, $(pipewire_versions "$work/pipewire")"
cd "$work"
"$work/env/bin/python" - <<'PYTHON'
import subprocess
import sys
import time
import wave

import numpy as np
import sounddevice as sd

RATE, TONE_HZ = 16_000, 440
plug_in = ["pactl", "load-module", "module-null-sink", "sink_name=mic", "media.class=Audio/Source/Virtual"]
with wave.open("tone.wav", "wb") as file:
    file.setparams((1, 2, RATE, 0, "NONE", ""))
    file.writeframes((8000 * np.sin(2 * np.pi * TONE_HZ * np.arange(60 * RATE) / RATE)).astype("<i2").tobytes())


def wait_for(parts, seconds):
    """Wait until so much sound has been recorded, for half a minute at most; forget it and return it."""
    deadline = time.monotonic() + 30
    while sum(map(len, parts)) < seconds * RATE and time.monotonic() < deadline:
        time.sleep(0.1)
    sound = np.concatenate(parts or [np.zeros(0)])
    parts.clear()
    return sound


def heard(microphone):
    """Record for two seconds, unplug the microphone if one is given, and record again; return the loudest frequency."""
    parts = []
    with sd.InputStream(RATE, channels=1, callback=lambda block, *_: parts.append(block[:, 0].copy())):
        wait_for(parts, 2)
        if microphone:
            subprocess.run(["pactl", "unload-module", microphone], check=True)
            time.sleep(2)
        parts.clear()
        sound = wait_for(parts, 3)
    if len(sound) < RATE:
        return "nothing"
    loudest_hz = round(float(np.argmax(abs(np.fft.rfft(sound))) * RATE / len(sound)))
    return "silence" if abs(sound).max() < 0.001 else loudest_hz


devices = {device["name"]: device["max_input_channels"] for device in sd.query_devices()}
speaker = subprocess.Popen(["paplay", "--device=speaker", "tone.wav"])
try:
    without = heard(None)
    number = subprocess.run(plug_in, check=True, capture_output=True, text=True).stdout.strip()
    subprocess.run(["pactl", "set-default-source", "mic"], check=True)
    plugged_in, unplugged = heard(None), heard(number)
finally:
    speaker.kill()
print("guess:     no device has inputs; after the microphone was unplugged nothing arrives, or silence")
print(f"behaviour: every device has inputs, and what arrives is what the speaker plays, a tone of {TONE_HZ} Hz")
print(f"seen:      inputs {devices}; heard without a microphone: {without}; with one in a quiet room: {plugged_in};")
print(f"           after it was unplugged: {unplugged}")
is_tone = all(isinstance(tone, int) and abs(tone - TONE_HZ) < 3 for tone in (without, unplugged))
if not (devices and all(devices.values()) and plugged_in == "silence" and is_tone):
    sys.exit("The behaviour has changed.")
PYTHON
