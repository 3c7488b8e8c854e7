"""The site as GitHub Pages serves it, on this machine only: for `make serve`, the audit, the benchmark and the tests."""

from __future__ import annotations

import contextlib
import functools
import gzip
import http.server
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

compressed = functools.lru_cache(maxsize=200)(gzip.compress)  # a page asks for the same files as the page before


def read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (OSError, ValueError):  # no file, or no name that a file could have; or the site is just being replaced
        return None


class Handler(http.server.SimpleHTTPRequestHandler):
    """Answers as GitHub Pages does: text is compressed, and an address without a file leads to 404.html."""

    protocol_version = "HTTP/1.1"
    extensions_map = {
        # All that a site holds: on Windows another program may have registered text/plain for .js, and browsers refuse such modules.
        **dict.fromkeys(
            ["", ".pagefind", ".pf_meta", ".pf_index", ".pf_filter", ".pf_fragment"], "application/octet-stream"
        ),
        **dict.fromkeys([".js", ".mjs"], "text/javascript"),
        **dict.fromkeys([".json", ".ipynb"], "application/json"),
        ".css": "text/css",
        ".epub": "application/epub+zip",
        ".html": "text/html",
        ".pdf": "application/pdf",
        ".png": "image/png",
        ".svg": "image/svg+xml",
        ".txt": "text/plain",
        ".wasm": "application/wasm",
        ".woff2": "font/woff2",
        ".xml": "application/xml",
        ".zip": "application/zip",
    }

    def do_GET(self) -> None:
        asked, missing = Path(self.translate_path(self.path)), Path(self.directory, "404.html")
        for path in (asked, asked / "index.html", missing):
            if (content := read(path)) is not None:
                break
        else:
            content = b"There is no such page."
        kind = self.guess_type(str(path))
        self.send_response(404 if path is missing else 200)
        if kind.startswith("text/") or kind in ("image/svg+xml", "application/json", "application/xml"):
            kind += "; charset=utf-8"
            if "gzip" in self.headers.get("Accept-Encoding", ""):
                content = compressed(content)
                self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *request: object) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):  # the browser has gone on already
            super().handle_error(*request)


def server_for(folder: Path, port: int = 0) -> Server:
    """A server of ``folder``, not yet running; port 0 stands for any that is free.

    Raises:
        OSError: the port cannot be had.
    """
    handler = functools.partial(Handler, directory=str(folder))
    return Server(("127.0.0.1", port), handler)


@contextlib.contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve ``folder`` in the background; gives the address, with a slash at its end."""
    with server_for(folder) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
