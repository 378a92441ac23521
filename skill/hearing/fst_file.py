"""OpenFst's binary files, as far as the recogniser needs them: word tables are read, decoding graphs encoded.

The layout is that of OpenFst 1.8 (fst.h, symbol-table.cc, vector-fst.h): little-endian, strings with a 32-bit length.
"""

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from skill.hearing.decoding_graph import DecodingGraph

_FST_MAGIC = 2125659606
_TABLE_MAGIC = 2125658996
_HAS_INPUT_TABLE, _HAS_OUTPUT_TABLE = 1, 2
_EXPANDED, _MUTABLE, _INPUT_SORTED = 0x1, 0x2, 0x10000000
_NEVER = float("inf")


def encode_graph(graph: DecodingGraph, words: Mapping[str, int]) -> bytes:
    """Return a decoding graph as the file of a vector FST over the tropical semiring.

    `words` are the numbers of the words. Arcs are sorted by their input, which Vosk's composition needs.
    """
    properties = _EXPANDED | _MUTABLE | _INPUT_SORTED
    arcs = sum(len(leaving) for leaving in graph.arcs)
    parts = [
        struct.pack("<i", _FST_MAGIC),
        _string("vector"),
        _string("standard"),
        struct.pack("<iiQqqq", 2, 0, properties, 0, len(graph.arcs), arcs),
    ]
    for leaving, final in zip(graph.arcs, graph.final, strict=True):
        parts.append(struct.pack("<fq", _NEVER if final is None else final, len(leaving)))
        rows = sorted((words[arc.word], words[arc.output], arc.cost, arc.target) for arc in leaving)
        parts += [struct.pack("<iifi", *row) for row in rows]
    return b"".join(parts)


def read_words(path: Path) -> dict[str, int]:
    """Return the word table inside an FST file; empty if it has none.

    Raises ValueError when the file is no FST.
    """
    with path.open("rb") as file:
        if _number(file, "<i") != _FST_MAGIC:
            raise ValueError(f"{path} is no FST file")
        _text(file), _text(file)
        _, flags, *_ = struct.unpack("<iiQqqq", file.read(40))
        if not flags & (_HAS_INPUT_TABLE | _HAS_OUTPUT_TABLE):
            return {}
        if _number(file, "<i") != _TABLE_MAGIC:
            raise ValueError(f"{path} has a damaged word table")
        _text(file)
        _, size = struct.unpack("<qq", file.read(16))
        return {_text(file): _number(file, "<q") for _ in range(size)}


def _string(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<i", len(data)) + data


def _text(file: BinaryIO) -> str:
    return file.read(_number(file, "<i")).decode()


def _number(file: BinaryIO, layout: str) -> int:
    data = file.read(struct.calcsize(layout))
    if len(data) < struct.calcsize(layout):
        raise ValueError("the file ends too early")
    return int(struct.unpack(layout, data)[0])
