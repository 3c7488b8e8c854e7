"""What several test files look at: the built site, its address on this machine, and a browser."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from pathlib import Path

import pytest

from benchmark import copy_project
from support import run_tool

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Path:
    """Both editions, built from a copy of the book."""
    # A path with spaces and Hangul, because people have such folders.
    folder = copy_project(tmp_path_factory.mktemp("내 책 folder") / "순환 신경망 book")
    done = run_tool(folder, "build")
    assert done.returncode == 0, done.stderr
    return folder / "_build" / "site"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_) -> None:
        pass


@pytest.fixture(scope="session")
def address(site):
    """Where the site is served: http://127.0.0.1:PORT/"""
    handler = functools.partial(Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def browser():
    """The Chromium of this machine."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.fail(
            "Install Chromium (on Debian: apt install chromium); the PATH has no browser for these tests.", False
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()
