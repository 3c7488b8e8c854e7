"""make record: what it writes, and that a failing recording leaves the notebook as it was. No TensorFlow here."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from builder.chapters import record as recording
from builder.chapters.notebook import METADATA
from builder.chapters.record import record
from support import (
    LOCKED,
    ROOT,
    as_ordinary_user,
    builder_command,
    cell,
    code,
    load,
    run_apart,
    run_builder,
    save,
    small_book,
    text,
    write,
)


@pytest.fixture
def folder(tmp_path):
    return small_book(tmp_path / "책 folder", pages=False)


def spoil(folder, source):
    notebook = load(folder, "one")
    cell(notebook, "value").source = source
    write(folder, "one", notebook)
    return folder / "book" / "one.ipynb"


def test_outputs_are_recorded_in_order_and_a_second_time_changes_nothing(folder):
    save(folder, "one", [text("ko", "t", "# 하나"), code("a", "x = 2", None), code("b", "print(x)\nx", 9)])
    path = folder / "book" / "one.ipynb"
    assert record(path)
    first = path.read_bytes()
    notebook = load(folder, "one")
    assert [c.get("execution_count") for c in notebook.cells] == [None, 1, 2]
    assert [c.id for c in notebook.cells] == ["t-ko", "a", "b"]
    assert [o.get("text") or o.data["text/plain"] for o in cell(notebook, "b").outputs] == ["2\n", "2"]
    assert not record(path)
    assert path.read_bytes() == first


def test_nothing_of_the_machine_is_recorded(folder):
    notebook = load(folder, "one")
    notebook.metadata = {
        "kernelspec": {"display_name": "mine", "language": "python", "name": "mine"},
        "widgets": {"a": 1},
    }
    cell(notebook, "shape").metadata = {"tags": ["exercise"], "collapsed": True, "executionInfo": {"user": "me"}}
    write(folder, "one", notebook)
    record(folder / "book" / "one.ipynb")
    notebook = load(folder, "one")
    assert notebook.metadata == METADATA
    assert cell(notebook, "shape").metadata == {"tags": ["exercise"]}
    assert b"\r" not in (folder / "book" / "one.ipynb").read_bytes()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1 / 0", "cell 6 (value) raised ZeroDivisionError: division by zero"),
        ("import os\nos._exit(3)", "the kernel died in cell 6 (value)"),
        ("while True:\n    pass", "cell 6 (value) did not end within 3 seconds"),
    ],
)
def test_a_cell_that_fails_leaves_the_notebook(folder, monkeypatch, source, expected):
    monkeypatch.setattr(recording, "SECONDS", 3)
    path = spoil(folder, source)
    before = path.read_bytes()
    done = run_builder(folder, "record", "one")
    assert done.returncode == 1
    assert "one.ipynb" in done.stderr and expected in done.stderr, done.stderr
    assert "Traceback" not in done.stderr
    assert path.read_bytes() == before
    assert sorted(p.name for p in path.parent.iterdir()) == ["images", "index.ipynb", "one.ipynb"]


@pytest.mark.parametrize("kept", [b"mine", None], ids=["edited", "removed"])
def test_what_was_changed_while_a_chapter_was_recorded_stays(folder, kept):
    change = "os.remove('one.ipynb')" if kept is None else f"open('one.ipynb', 'wb').write({kept})"
    path = spoil(folder, f"import os\n_ = {change}")
    done = run_builder(folder, "record", "one")
    assert done.returncode == 1 and "was changed while it was recorded" in done.stderr, done.stderr
    assert (path.read_bytes() if path.exists() else None) == kept


ENDS_AT_ONCE = '{"argv": ["true"], "display_name": "mine", "language": "python"}'


@pytest.mark.parametrize("kernel", [ENDS_AT_ONCE, '{"argv": ['], ids=["ends at once", "broken"])
def test_a_kernel_that_does_not_start_is_one_sentence(folder, tmp_path, kernel):
    path = folder / "book" / "one.ipynb"
    before = path.read_bytes()
    (tmp_path / "kernels" / "python3").mkdir(parents=True)
    (tmp_path / "kernels" / "python3" / "kernel.json").write_text(kernel)
    done = run_apart(folder, "record", "one", env={"JUPYTER_PATH": str(tmp_path)})
    assert done.returncode == 1 and "one.ipynb: the kernel did not start (" in done.stderr, done.stderr
    assert "Traceback" not in done.stderr and path.read_bytes() == before


def test_a_book_without_chapters(tmp_path):
    done = run_builder(tmp_path, "record")
    assert done.returncode == 1 and "There is nothing to record" in done.stderr


def test_one_failing_chapter_does_not_keep_the_others_from_being_recorded(folder):
    spoil(folder, "1 / 0")
    save(folder, "index", [*load(folder, "index").cells, code("new", "print('new')", None)])
    done = run_builder(folder, "record")
    assert done.returncode == 1
    assert "book/index.ipynb: recorded" in done.stdout.replace(os.sep, "/")
    assert cell(load(folder, "index"), "new").execution_count == 1


@pytest.mark.parametrize(("name", "expected"), [("nine", "no such notebook"), ("one", "not a readable notebook")])
def test_a_missing_or_broken_notebook(folder, name, expected):
    (folder / "book" / "one.ipynb").write_text('{"cells": [')
    done = run_builder(folder, "record", name)
    assert done.returncode == 1 and expected in done.stderr and "Traceback" not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_recording_leaves_the_notebook(folder, sent):
    path = spoil(folder, "import time\nopen('started', 'w').close()\ntime.sleep(60)")
    before = path.read_bytes()
    program = builder_command(folder, "record", "one")
    running = subprocess.Popen(program, cwd=ROOT, start_new_session=True, stderr=subprocess.DEVNULL)
    started = folder / "book" / "started"
    while not started.exists() and running.poll() is None:
        time.sleep(0.1)
    os.killpg(running.pid, sent)
    assert running.wait() != 0
    started.unlink()
    assert path.read_bytes() == before
    assert sorted(p.name for p in path.parent.iterdir()) == ["images", "index.ipynb", "one.ipynb"]


@pytest.mark.skipif(as_ordinary_user() is None, reason=LOCKED)
def test_a_read_only_folder(folder):
    path = spoil(folder, "print('other')")
    before = path.read_bytes()
    path.parent.chmod(0o555)
    try:
        done = run_apart(folder, "record", "one", before=as_ordinary_user())
    finally:
        path.parent.chmod(0o755)
    assert done.returncode == 1
    assert "Permission denied" in done.stderr and "Traceback" not in done.stderr
    assert "make the folder writable" in done.stderr
    assert path.read_bytes() == before


def test_recording_runs_in_this_interpreter(folder):
    path = spoil(folder, "import sys\nprint(sys.prefix)")
    record(path)
    assert cell(load(folder, "one"), "value").outputs[0].text.strip() == sys.prefix
