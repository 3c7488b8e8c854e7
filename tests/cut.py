"""A site whose files break off in the middle, as on a train in a tunnel."""

from __future__ import annotations

import contextlib
import fnmatch
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from builder import server


@contextlib.contextmanager
def serve_cut(site: Path, gone: bool = False) -> Iterator[tuple[str, set[str]]]:
    """Serve a site; of a file whose name is put into the set, half is sent, and then the connection ends.

    With ``gone`` there is no such file. The name may be a pattern, and have folders before it. It is the server that fails,
    since a browser without windows does not always let Playwright do so: now and then a request passes it by.
    """
    cut: set[str] = set()

    class Handler(server.Handler):
        def do_GET(self) -> None:
            path = Path(self.translate_path(self.path))
            if not any(fnmatch.fnmatch(path.as_posix(), f"*/{name}") for name in cut):
                return super().do_GET()
            if gone:
                return self.send_error(404)
            content = path.read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", self.guess_type(str(path)))
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2])
            self.close_connection = True

    with mock.patch.object(server, "Handler", Handler), server.serve(site) as address:
        yield address, cut
