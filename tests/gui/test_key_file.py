"""A dropped key file is read once, whole or not at all, and nothing of it is said aloud."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from add_key_double import KEY, PEM, SECRET
from latchlight.core.errors import InputError
from latchlight.gui.key_file import MOST_BYTES, read_key_file

JSON = json.dumps({"name": KEY, "apiKey": KEY, "secret": SECRET})


def written(folder: Path, content: bytes | str, name: str = "key.json") -> str:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def why(*paths: str) -> str:
    with pytest.raises(InputError) as refused:
        read_key_file(paths)
    return str(refused.value)


@pytest.mark.parametrize("content", [JSON, PEM, f"\ufeff{PEM}", f"apiKey={KEY}\nsecret={SECRET}\n"])
def test_json_pem_and_named_values_are_taken(tmp_path: Path, content: str) -> None:
    file = read_key_file([written(tmp_path, content, "my key.json")])
    assert file.name == "my key.json"
    assert file.text == content.removeprefix("\ufeff")
    assert SECRET not in repr(file)
    assert PEM not in repr(file)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b" \n\t ", "is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not a text file"),
        (JSON.encode("utf-16"), "not a text file"),
        (b"\xff\xfe\xfd", "not a text file"),
        (b"shopping list: milk, eggs", "no key in this file"),
        (b'{"note": "nothing here"}', "does not name an API key and its secret"),
        (json.dumps({"secret": SECRET}).encode(), "does not name an API key and its secret"),
    ],
)
def test_what_is_no_key_file_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    refusal = why(written(tmp_path, content))
    assert said in refusal
    assert SECRET not in refusal


def test_the_largest_file_is_20_000_bytes(tmp_path: Path) -> None:
    assert MOST_BYTES == 20_000
    just = JSON + " " * (MOST_BYTES - len(JSON))
    assert read_key_file([written(tmp_path, just)]).text == just
    assert "larger than 20,000 bytes" in why(written(tmp_path, just + " "))


def test_folders_several_files_and_no_files_are_refused(tmp_path: Path) -> None:
    one = written(tmp_path, JSON)
    assert "This is a folder." in why(str(tmp_path))
    assert "several files" in why(one, one)
    assert "several files" in why()
    assert "not a file on this computer" in why("")


def test_a_file_that_is_gone_or_forbidden_is_refused_without_its_path(tmp_path: Path) -> None:
    gone = str(tmp_path / "gone.json")
    assert (
        why(gone)
        == "The file cannot be read. Check that it is still there and that you may read it."
    )
    assert "cannot be read" in why("bad\0name")


def test_a_pipe_is_refused_and_holds_nobody_up(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.json"
    os.mkfifo(pipe)
    assert "not an ordinary file" in why(str(pipe))
    assert "not an ordinary file" in why(os.devnull)


def test_it_is_read_once_and_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, JSON)
    opened: list[object] = []
    real = os.open
    monkeypatch.setattr(os, "open", lambda *a: opened.append(a[0]) or real(*a))
    before = os.stat(path)
    read_key_file([path])
    assert opened == [path]
    assert os.listdir(tmp_path) == ["key.json"]
    after = os.stat(path)
    assert (after.st_mtime_ns, after.st_ino, after.st_size) == (
        before.st_mtime_ns,
        before.st_ino,
        before.st_size,
    )
