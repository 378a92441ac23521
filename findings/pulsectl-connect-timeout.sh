#!/usr/bin/env bash
# pulsectl 24.12.0: the timeout of a connection to PulseAudio (Debian package pulseaudio, 16.1 when this was written).
# Guess: `connect(timeout=2)` returns as soon as the server answers, and after two seconds if it does not.
# Behaviour: it always takes two seconds. Without a timeout it returns within a few milliseconds.
set -euo pipefail
work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
server=
command -v pulseaudio >/dev/null || { echo "This needs the Debian package pulseaudio." >&2; exit 2; }
[[ "$(pulseaudio --version)" == *" 16.1"* ]] || echo "written for PulseAudio 16.1; this is $(pulseaudio --version)"
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check pulsectl==24.12.0
export HOME="$work" XDG_RUNTIME_DIR="$work" PULSE_SERVER="unix:$work/socket"
pulseaudio -n --load="module-native-protocol-unix socket=$work/socket auth-anonymous=1" --load=module-null-sink \
    --exit-idle-time=-1 --use-pid-file=no --daemonize=no 2>/dev/null &
server=$!
for _ in {1..100}; do [[ -S "$work/socket" ]] && break; sleep 0.1; done
"$work/env/bin/python" - <<'PYTHON'
import sys
import time
from importlib.metadata import version

import pulsectl


def connecting(**options):
    with pulsectl.Pulse("finding", connect=False) as pulse:
        began = time.monotonic()
        pulse.connect(**options)
        assert pulse.connected
        return time.monotonic() - began


connecting()  # the server is up
none, short, long = connecting(), connecting(timeout=0.5), connecting(timeout=2)

print("version:   pulsectl", version("pulsectl"))
print("guess:     a timeout is the longest time that connecting takes; a server that answers at once needs none of it")
print("behaviour: connecting always takes the whole timeout; without one it takes a few milliseconds")
print(f"seen:      without a timeout {none:.2f} s, timeout 0.5: {short:.2f} s, timeout 2: {long:.2f} s")
if none > 0.4 or short < 0.5 or long < 2:
    sys.exit("The behaviour has changed.")
PYTHON
