"""What is clever about starting fast changes nothing but time."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from support import ROOT, run_apart, small_book, snapshot

# What a process of a build is like once it has begun.
STATE = """
import gc, json, sys
from builder.site import fast_start
fast_start.skip_packages(); fast_start.keep_garbage(); fast_start.load_jupyter_book()
searches, before = gc.isenabled(), gc.get_freeze_count()  # Python 3.12 begins with some
fast_start.end_at_once()
print(json.dumps([sys.modules.get("rfc3987_syntax", "there"), searches, "myst_nb" in sys.modules, gc.get_freeze_count() > before]))
"""


@pytest.mark.parametrize(("switch", "state"), [("1", [None, False, True, True]), ("0", ["there", True, False, False])])
def test_the_switch_turns_everything_off(switch, state):
    environment = {**os.environ, "BOOK_FAST_START": switch}
    done = subprocess.run([sys.executable, "-c", STATE], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert json.loads(done.stdout) == state, done.stderr


@pytest.mark.prove
def test_the_site_is_the_same_without(tmp_path):
    folder = small_book(tmp_path / "book")
    sites = []
    for switch in ("1", "0"):
        done = run_apart(folder, "site", env={"BOOK_FAST_START": switch})
        assert done.returncode == 0, done.stderr
        sites.append(snapshot(folder / "_build" / "site"))
    assert sites[0] == sites[1]
