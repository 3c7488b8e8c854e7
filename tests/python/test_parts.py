"""builder/python/parts.py, builder/python/bundle.py: what the Python of the pages is made of."""

from __future__ import annotations

import hashlib
import json
import re
import shutil

import pytest

from builder.messages import Refused
from builder.python import bundle, parts
from support import ROOT, run_builder, small_book, snapshot

WANTED = hashlib.sha256(b"the right bytes").hexdigest()


def gives(content: bytes):
    return lambda path: path.write_bytes(content)


def fails(path):
    raise OSError("no answer")


def test_a_part_comes_from_the_first_source_that_has_its_bytes(tmp_path):
    source = parts.Parts(tmp_path)
    path = source.kept("part", WANTED, [fails, gives(b"others"), gives(b"the right bytes"), fails])
    assert path.read_bytes() == b"the right bytes"
    assert source.kept("part", WANTED, [fails]) == path, "it was not kept"
    path.write_bytes(b"changed since")
    assert source.kept("part", WANTED, [gives(b"the right bytes")]).read_bytes() == b"the right bytes"


def test_a_part_that_no_source_has_is_refused_with_what_each_said(tmp_path):
    with pytest.raises(Refused, match="part could not be had: no answer; what came has another hash.*on the network"):
        parts.Parts(tmp_path).kept("part", WANTED, [fails, gives(b"others")])
    assert list((tmp_path / "_build" / "python-parts").iterdir()) == []


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A root whose bundle is fresh, and programs of the bundle that can be changed."""
    here = tmp_path / "programs"
    shutil.copytree(bundle.HERE, here, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(bundle, "HERE", here)
    shutil.copy(ROOT / "requirements.txt", tmp_path)
    folder = bundle.bundle_folder(tmp_path)
    folder.mkdir(parents=True)
    (folder / "bundle.json").write_text(json.dumps({"version": bundle.fingerprint(tmp_path)}))
    assert bundle.fresh(tmp_path) == folder
    return tmp_path


@pytest.mark.parametrize("change", ["standin", "keras"])
def test_a_bundle_that_would_be_made_otherwise_now_is_not_fresh(made, change):
    if change == "standin":
        (bundle.HERE / "standins" / "another.py").write_text("")
    else:
        pins = (made / "requirements.txt").read_text()
        (made / "requirements.txt").write_text(re.sub("(?m)^(keras==)", r"\g<1>1", pins))
    assert bundle.fresh(made) is None


@pytest.mark.parametrize("left", [b"", b"\xff", b"[]", b"{}"])
def test_a_bundle_that_is_damaged_is_not_fresh(made, left):
    (bundle.bundle_folder(made) / "bundle.json").write_bytes(left)
    assert bundle.fresh(made) is None


def test_make_site_says_that_the_cells_cannot_be_run(tmp_path):
    """While there is no bundle, or one that would be made otherwise now; a fresh one it takes in."""
    folder = small_book(tmp_path / "book")
    shutil.copy(ROOT / "requirements.txt", folder)
    place, manifest = bundle.bundle_folder(folder), {"version": "another", "bytes": 1, "files": {}}
    said, without = "The cells have no Run button: 'make python' makes what runs them", []
    for version in ("", "another", bundle.fingerprint(folder)):
        if version:
            place.mkdir(parents=True, exist_ok=True)
            (place / "bundle.json").write_text(json.dumps({**manifest, "version": version}))
        done = run_builder(folder, "site")
        assert done.returncode == 0, done.stderr
        without.append(said in done.stdout)
        assert (folder / "_build" / "site" / "python" / "bundle.json").exists() is not without[-1]
    assert without == [True, True, False]


def test_the_licences_of_all_parts_stand_beside_them(python_bundle):
    text = (python_bundle / "LICENCES.txt").read_text()
    for name in (*(package.replace("-", "_") for package in parts.WHEELS), "numpy"):
        (part,) = (part for part in text.split("=" * 100) if part.lstrip().startswith(f"{name}-"))
        assert len(part) > 500, f"the licence of {name} is not there"
    for begin, end in (
        ("pyodide@", "Mozilla Public License Version 2.0"),
        ("CPython 3.12", "PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2"),
    ):
        (part,) = (part for part in text.split("=" * 100) if part.lstrip().startswith(begin))
        assert end in part and len(part) > 13_000


@pytest.mark.prove
def test_the_same_parts_give_the_same_bytes(python_bundle, tmp_path):
    """Of every file that a page loads, and of what stands beside them."""
    (tmp_path / "_build").mkdir()
    shutil.copy(ROOT / "requirements.txt", tmp_path)
    shutil.copytree(ROOT / "_build" / "python-parts", tmp_path / "_build" / "python-parts")
    again = snapshot(bundle.make(tmp_path))
    assert again.keys() == snapshot(python_bundle).keys() and len(again) == 8
    for name, content in snapshot(python_bundle).items():
        assert again[name] == content, name
