"""A view of the speech model for Vosk: the model's files with a decoding configuration of our own."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from skill.settings import ListeningSettings
from skill.speech_model.manifest import PublishedModel, load_manifest
from skill.turn_taking.endpointing import DECODER_SILENCE_MS

CONFIGURATION = Path("conf/model.conf")

SILENCE_PHONES = "1:2:3:4:5:6:7:8:9:10"
"""Phone numbers that count as silence for the end-point rules."""

CHUNK_FRAMES = 12
"""Frames of 10 ms that are decoded at once: fewer answer sooner and cost more (6: 1.8 times the work
of 12, 21: 0.7 times)."""

DECODING = """\
--frames-per-chunk={chunk_frames}
--min-active=200
--max-active=3000
--beam=13.0
--lattice-beam={lattice_beam}
--acoustic-scale=1.0
--frame-subsampling-factor=3
--endpoint.silence-phones={silence_phones}
--endpoint.rule2.min-trailing-silence={decoder_silence}
--endpoint.rule3.min-trailing-silence=1.0
--endpoint.rule4.min-trailing-silence=1.0
"""
"""What Vosk reads as conf/model.conf. Editions of the model bring different ones (one cuts every utterance at
seven seconds), and figures measured on one would not hold on the other: the maintainers' is used on all, with chunks of
our own, a wider beam, and end-points that are only hints (see turn_taking/endpointing.py)."""


@contextmanager
def decoding_view(model: Path, lattice_beam: float = ListeningSettings.hypothesis_beam) -> Iterator[Path]:
    """Yield a temporary folder for `vosk.Model` that decodes alike whichever edition `model` is.

    It holds links to the model's files (copies where links are not allowed) and DECODING, and is removed on
    leaving: Vosk reads everything while it loads. `lattice_beam` is the width, in units of cost (negative log
    likelihood), of the lattice the N-best list is taken from; 2.0 leaves about 2 alternatives, 6.0 about 5.
    A model other than the manifest's keeps its own silence phones, which depend on a model's phone table.
    Raises OSError when the temporary folder cannot be written.
    """
    known = load_manifest()
    ours = _is(known, model)
    paths = [Path(path) for path in known.paths] if ours else _all_files(model)
    phones = SILENCE_PHONES if ours else _own_silence_phones(model)
    with tempfile.TemporaryDirectory(prefix="back-stretches-model-") as name:
        view = Path(name)
        for path in paths:
            if path != CONFIGURATION and (model / path).is_file():
                _link((model / path).resolve(), view / path)
        configuration = view / CONFIGURATION
        configuration.parent.mkdir(exist_ok=True)
        text = DECODING.format(
            chunk_frames=CHUNK_FRAMES,
            lattice_beam=float(lattice_beam),
            silence_phones=phones,
            decoder_silence=DECODER_SILENCE_MS / 1000,
        )
        configuration.write_text(text, encoding="ascii")
        yield view


def _is(known: PublishedModel, model: Path) -> bool:
    """Return whether `model`, which was verified before, is the known one: by file sizes, without reading it again."""
    try:
        return all((model / file.path).stat().st_size == file.size for file in known.files)
    except OSError:
        return False


def _all_files(model: Path) -> list[Path]:
    return [file.relative_to(model) for file in model.rglob("*") if file.is_file()]


def _own_silence_phones(model: Path) -> str:
    """The silence phones of another model's own configuration; ours if it names none."""
    key = "--endpoint.silence-phones="
    try:
        lines = (model / CONFIGURATION).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return SILENCE_PHONES
    own = [line.strip().removeprefix(key) for line in lines if line.strip().startswith(key)]
    return own[-1] if own else SILENCE_PHONES


def _link(file: Path, link: Path) -> None:
    link.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.symlink(file, link)
    except (OSError, NotImplementedError):  # Windows without developer mode, some file systems
        shutil.copyfile(file, link)
