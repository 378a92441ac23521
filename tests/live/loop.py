"""Plays a clip through a device whose microphone hears its speaker; what was heard goes to a file, counts are printed.

Run as `python -m tests.live.loop RATE SECONDS CLIP.wav NEAR.wav FAR.wav [STALL]`, in a process of its own, since
PortAudio looks for devices once. STALL: `callback` keeps the sound card's thread busy for too long once; `session`
takes no blocks until some were dropped.
"""

import dataclasses
import json
import sys
import time
from pathlib import Path

from skill.audio import device, wav
from skill.audio.blocks import SAMPLE_RATE, Block, blocks, silence
from skill.audio.device_pair import find


def main(rate: str, seconds: str, clip: str, near_path: str, far_path: str, stall: str = "") -> None:
    """Play, record, and print the counts as JSON."""
    endpoints = dataclasses.replace(find(), rate=int(rate))
    sound = blocks(wav.read(Path(clip)))
    pulled = 0

    def pull() -> Block:
        nonlocal pulled
        pulled += 1
        if stall == "callback" and pulled == 80:
            time.sleep(1.0)  # longer than all buffers
        return next(sound, silence()) if pulled > 60 else silence()  # the device has settled by then

    device.QUEUE_BLOCKS = 50
    with device.Device(endpoints, pull) as stream:
        if stall == "session":
            _wait_for_drops(stream.counts)
        with wav.Writer(Path(near_path)) as near_file, wav.Writer(Path(far_path)) as far_file:
            for number, (near, far) in enumerate(filter(None, stream.pairs())):
                near_file.write(near)
                far_file.write(far)
                if number >= float(seconds) * SAMPLE_RATE / len(near):
                    break
    print(json.dumps(dataclasses.asdict(stream.counts)))


def _wait_for_drops(counts: device.Counts) -> None:
    deadline = time.monotonic() + 60
    while not counts.dropped and time.monotonic() < deadline:
        time.sleep(0.02)


if __name__ == "__main__":
    main(*sys.argv[1:])
