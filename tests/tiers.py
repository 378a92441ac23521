"""Tiers of tests. Each test belongs to one tier: that of its mark, else of its file, else of its folder.

`make test-fast` runs `fast`; `make test` runs all tiers but `long`; `.ci/run` runs all. What is in `long` is guarded by
a smaller version in another tier.
"""

from collections.abc import Collection
from pathlib import Path, PurePath

TIERS = {
    "fast": "computes a little, without speech and without programs of its own: for the inner loop",
    "spoken": "speech is synthesised or recognised, the program is started, or much is computed",
    "live": "sound devices: waits for the clock on the wall, and computes little",
    "long": "all of something of which another tier runs a part",
}

PLACES = {
    "tests": "fast",
    "tests/benchmarks": "spoken",
    "tests/commands": "spoken",
    "tests/dialogue/test_properties.py": "spoken",
    "tests/dialogue/test_response_selection.py": "spoken",
    "tests/echo_control": "spoken",
    "tests/hearing": "spoken",
    "tests/live": "live",
    "tests/live_parts/test_job_control.py": "spoken",
    "tests/live_parts/test_window_sizes.py": "spoken",
    "tests/memory/test_memory_kill.py": "spoken",
    "tests/session": "spoken",
    "tests/setup": "spoken",
    "tests/simulation": "spoken",
    "tests/speech_model": "spoken",
    "tests/turn_taking/test_answer_in_a_room.py": "spoken",
    "tests/understanding/test_name_conflicts.py": "spoken",
    "tests/voice": "spoken",
    "tests/audio/test_device.py": "live",
    "tests/audio/test_sound_input.py": "spoken",
    "tests/test_as_a_library_echo.py": "spoken",
    "tests/test_as_a_library_recogniser.py": "spoken",
    "tests/composition": "spoken",
    "tests/test_packaging.py": "spoken",
}


def tier(file: str, marks: Collection[str] = ()) -> str:
    """Return the tier of a test in a file, by its path from the root of the repository, that has these marks."""
    marked = [name for name in TIERS if name in marks]
    if len(marked) > 1:
        raise ValueError(f"{file}: a test belongs to one tier, but is marked {' and '.join(marked)}")
    path = PurePath(file)
    found = [PLACES[str(place)] for place in (path, *path.parents) if str(place) in PLACES]
    if not found:
        raise ValueError(f"{file}: this file belongs to no tier; name it in tests/tiers.py")
    return marked[0] if marked else found[0]


def holds(file: Path, root: Path, wanted: str) -> bool:
    """Return whether a file of tests may hold some of a tier; the others need not be read."""
    return tier(file.relative_to(root).as_posix()) == wanted or f"mark.{wanted}" in file.read_text(encoding="utf-8")
