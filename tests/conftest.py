"""What several test files look at: the built site, its address on this machine, and a browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit import AuditError, browse, serve
from benchmark import copy_project
from support import run_tool


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Path:
    """Both editions, built from a copy of the book."""
    # A path with spaces and Hangul, because people have such folders.
    folder = copy_project(tmp_path_factory.mktemp("내 책 folder") / "순환 신경망 book")
    done = run_tool(folder, "build")
    assert done.returncode == 0, done.stderr
    return folder / "_build" / "site"


@pytest.fixture(scope="session")
def address(site):
    """Where the site is served."""
    with serve(site) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    """The Chromium of this machine."""
    try:
        with browse() as browser:
            yield browser
    except AuditError as error:
        pytest.fail(str(error), pytrace=False)
