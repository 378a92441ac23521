"""Entries of the cache: as they were written, or missing."""

import os
from pathlib import Path

import pytest

from skill.composition.build_cache import MAX_ENTRIES, BuildCache, code_version, key_of


def test_an_entry_is_read_as_it_was_written(tmp_path: Path) -> None:
    cache = BuildCache(tmp_path / "new" / "folder")
    assert cache.read("a") is None
    cache.write("a", b"first")
    cache.write("a", b"second")
    assert cache.read("a") == b"second"
    assert cache.read("b") is None
    assert len(list((tmp_path / "new" / "folder").iterdir())) == 1


@pytest.mark.parametrize("damage", [b"", b"short", b"x" * 100])
def test_a_damaged_entry_counts_as_missing(tmp_path: Path, damage: bytes) -> None:
    cache = BuildCache(tmp_path)
    cache.write("a", b"content")
    (entry,) = tmp_path.iterdir()
    entry.write_bytes(damage)
    assert cache.read("a") is None


def test_a_folder_that_cannot_be_written_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    cache = BuildCache(tmp_path / "file")
    cache.write("a", b"content")
    assert cache.read("a") is None


def test_it_does_not_grow_without_end_and_what_was_written_last_stays(tmp_path: Path) -> None:
    cache = BuildCache(tmp_path)
    leftover = tmp_path / ".half-written"
    leftover.write_bytes(b"")
    os.utime(leftover, (0, 0))
    for number in range(MAX_ENTRIES + 3):
        cache.write(f"{number}", b"")
        os.utime(tmp_path / f"{number}.built", (number + 10_000, number + 10_000))
    cache.write("last", b"")
    assert len(list(tmp_path.iterdir())) == MAX_ENTRIES
    assert cache.read("0") is None
    assert cache.read("last") == b""
    assert not leftover.exists()


def test_a_key_tells_all_inputs_apart() -> None:
    keys = {key_of(*inputs) for inputs in (("ab", "c"), ("a", "bc"), ("abc",), ("c", "ab"), ("ab", "c", ""))}
    assert len(keys) == 5
    assert key_of("a") == key_of(b"a")


def test_another_source_is_another_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "some_package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    before = code_version(["some_package"], ["hassil"])
    (package / "__init__.py").write_text("# changed")
    assert code_version(["some_package"], ["hassil"]) != before
    assert code_version(["some_package"], []) != code_version(["some_package"], ["hassil"])
