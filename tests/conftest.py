"""What several test files look at: the built site, its address on this machine, and a browser."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from builder.files import alone
from builder.messages import Refused
from builder.python.bundle import bundle_folder, fresh
from builder.server import serve
from builder.site.build import site_folder
from support import ROOT, run_builder, whole_book


@pytest.fixture(scope="session")
def site(tmp_path_factory, request) -> Path:
    """Both editions, built once for all workers from a copy of the book; with BOOK_SITE, the site that this names.

    For `make check` they are built where they stand: who changes a chapter waits for this chapter only.
    """
    if "BOOK_SITE" in os.environ:
        return (ROOT / os.environ["BOOK_SITE"]).resolve(strict=True)
    if request.config.getoption("--check"):
        done = run_builder(ROOT, "site")
        assert done.returncode == 0, done.stderr
        return site_folder(ROOT)
    shared = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):  # of a worker, within that of the run
        shared = shared.parent
    folder = shared / "내 책 folder" / "순환 신경망 book"  # people have folders with spaces and Hangul
    with alone(shared):
        if not site_folder(folder).exists():
            shutil.rmtree(folder, ignore_errors=True)
            whole_book(folder)
            if bundle := fresh(ROOT):  # the Python of the pages is made once for all (`make test` does it first)
                shutil.copytree(bundle, bundle_folder(folder))
            done = run_builder(folder, "site")
            assert done.returncode == 0, done.stderr
    return site_folder(folder)


@pytest.fixture(scope="session")
def python_bundle() -> Path:
    """The Python of the pages."""
    return fresh(ROOT) or pytest.fail(
        "Run 'make python' first: it makes what runs the cells in the pages.", pytrace=False
    )


@pytest.fixture(scope="session")
def address(site):
    """Where the site is served."""
    with serve(site) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    """The Chromium of this machine."""
    from builder.quality.browser import browse

    try:
        with browse() as browser:
            yield browser
    except Refused as error:
        pytest.fail(str(error), pytrace=False)
