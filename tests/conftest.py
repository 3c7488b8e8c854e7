"""What several test files look at: the built site, its address on this machine, and a browser."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from builder.messages import Refused
from builder.server import serve
from support import ROOT, run_builder, whole_book

TESTS = Path(__file__).parent

# What `make check` leaves to `make test`: the tests of these folders and files, and the marker that says why.
BEYOND_CHECK = {
    "book": "chapters",
    "live": "chapters",
    "pdf": "chapters",
    "browser": "browser",
    "publish": "long",
    "quality": "long",
    "chapters/test_record.py": "long",
    "site/test_serve.py": "long",
    "site/test_root_pages.py": "long",
    "site/test_fast_start.py": "long",
    "theme": "long",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark cells of chapters, and the tests of folders that need TensorFlow or a browser."""
    for item in items:
        path = Path(item.path)
        if path.suffix == ".ipynb":
            item.add_marker("chapters")
        elif path.is_relative_to(TESTS):
            place = path.relative_to(TESTS)
            for found in {place.as_posix(), place.parts[0]} & BEYOND_CHECK.keys():
                item.add_marker(BEYOND_CHECK[found])


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Path:
    """Both editions, built from a copy of the book; with BOOK_SITE, the site that this names."""
    if "BOOK_SITE" in os.environ:
        return (ROOT / os.environ["BOOK_SITE"]).resolve(strict=True)
    # A path with spaces and Hangul, because people have such folders.
    folder = whole_book(tmp_path_factory.mktemp("내 책 folder") / "순환 신경망 book")
    done = run_builder(folder, "site")
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
    from builder.quality.browser import browse

    try:
        with browse() as browser:
            yield browser
    except Refused as error:
        pytest.fail(str(error), pytrace=False)
