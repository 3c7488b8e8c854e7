"""make serve: the site on this machine only, built again after each change."""

from __future__ import annotations

import http.client
import mimetypes
import os
import signal
import socket
import struct
import subprocess
import threading
import time
import urllib.request

import pytest

from builder.server import serve
from builder.site.serve import state
from support import ROOT, builder_command, change, run_builder, small_book


@pytest.fixture
def folder(tmp_path):
    return small_book(tmp_path / "book")


KINDS = {
    "a.html": "text/html; charset=utf-8", "a.js": "text/javascript; charset=utf-8", "a.mjs": "text/javascript; charset=utf-8",
    "a.css": "text/css; charset=utf-8", "a.svg": "image/svg+xml; charset=utf-8", "a.json": "application/json; charset=utf-8",
    "a.xml": "application/xml; charset=utf-8", "a.txt": "text/plain; charset=utf-8", "a.png": "image/png", "a.woff2": "font/woff2",
    "a.wasm": "application/wasm", "a.pdf": "application/pdf", "a.epub": "application/epub+zip", "a.zip": "application/zip",
    "a.ipynb": "application/json; charset=utf-8", "wasm.en.pagefind": "application/octet-stream", "A.JS": "text/javascript; charset=utf-8",
}  # fmt: skip


@pytest.mark.parametrize("registry", [None, "text/plain", "application/x-unknown"])
def test_files_are_of_the_kind_they_are_whatever_the_registry_of_a_machine_says(tmp_path, monkeypatch, registry):
    """On Windows other programs write there; a browser runs no module that is text/plain."""
    if registry:
        mimetypes.init()
        for name in KINDS:
            monkeypatch.setitem(mimetypes.types_map, f".{name.rpartition('.')[2].lower()}", registry)
        monkeypatch.setattr(mimetypes, "_db", None)
        monkeypatch.setattr(mimetypes, "inited", True)
        monkeypatch.setattr(mimetypes, "guess_type", lambda *_, **__: (registry, None))
    for name in KINDS:
        (tmp_path / name).write_bytes(b"content")
    with serve(tmp_path) as address:
        found = {}
        for name in KINDS:
            with urllib.request.urlopen(address + name) as answer:
                found[name] = answer.headers["Content-Type"]
    assert found == KINDS


ODD = ["/none.html", "/a/b.html/c", "/" + "a" * 300, "/%00", "/../../x", "//"]


@pytest.mark.parametrize("address", ODD)
def test_an_address_without_a_file_leads_to_the_page_that_says_so(tmp_path, capfd, address):
    (tmp_path / "404.html").write_text("no such page", encoding="utf-8")
    with serve(tmp_path) as start:
        connection = http.client.HTTPConnection(start.split("/")[2])
        connection.request("GET", address)
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (404, b"no such page")
        connection.close()
    assert capfd.readouterr().err == ""


def test_a_browser_that_goes_on_at_once_is_no_error(tmp_path, capfd):
    (tmp_path / "a.bin").write_bytes(bytes(9_000_000))
    with serve(tmp_path) as start:
        host, port = start.split("/")[2].split(":")
        for asks in (b"GET /a.bin HTTP/1.1\r\n\r\n", b"GET /a.b", b""):
            with socket.create_connection((host, int(port))) as browser:
                browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # hang up, not close
                browser.sendall(asks)
                time.sleep(0.1)
        with urllib.request.urlopen(f"{start}a.bin") as answer:
            assert len(answer.read()) == 9_000_000
    assert capfd.readouterr().err == ""


def test_serve_shows_the_site_to_this_machine_only_and_follows_changes(folder):
    server = subprocess.Popen(
        builder_command(folder, "serve", "0"),
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )

    watchdog = threading.Timer(300, server.kill)  # a server that says nothing must not hold up the tests
    watchdog.start()

    def wait_for(words: str) -> str:
        for line in server.stdout:
            if words in line:
                return line
        raise AssertionError(f"serve ended before it said '{words}'")

    try:
        address = wait_for("http://").split()[0]
        assert address.startswith("http://127.0.0.1:")

        def page() -> str:
            with urllib.request.urlopen(f"{address}en/one.html") as answer:
                return answer.read().decode()

        assert 'lang="en"' in page()
        change(folder, "en", "one dot", "a single dot")
        wait_for("Built again")
        assert "a single dot" in page()
        change(folder, "en", "## ", "### ")
        wait_for("The site was not replaced.")
        assert "a single dot" in page()
        change(folder, "en", "### ", "## ")
        wait_for("Built again")
        server.send_signal(signal.SIGINT)
        assert server.wait() == 0
    finally:
        watchdog.cancel()
        server.kill()
        server.wait()


def test_a_folder_that_vanishes_while_it_is_looked_at_ends_nothing(tmp_path):
    class Vanishing(type(tmp_path)):
        def glob(self, pattern):
            yield from super().glob(pattern)
            raise FileNotFoundError

    assert state(Vanishing(small_book(tmp_path))) == state(tmp_path) != {}


def test_serve_says_when_the_port_is_taken(folder):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run_builder(folder, "serve", str(port))
    assert done.returncode == 1 and f"Port {port} is taken" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("port", ["many", "70000"])
def test_serve_says_what_a_port_is(folder, port):
    done = run_builder(folder, "serve", port)
    assert done.returncode == 2 and f"'{port}' is not a port" in done.stderr


def test_serve_says_when_there_is_nothing_to_show(tmp_path):
    folder = small_book(tmp_path / "book")
    change(folder, "en", "## ", "### ")
    done = run_builder(folder, "serve", "0")
    assert done.returncode == 1
    assert "its heading levels" in done.stderr and "no older site" in done.stderr
