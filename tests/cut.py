"""A site whose files break off in the middle, as on a train in a tunnel."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from builder import server


@contextlib.contextmanager
def serve_cut(site: Path) -> Iterator[tuple[str, set[str]]]:
    """Serve a site; of a file whose name is put into the set, half is sent, and then the connection ends."""
    cut: set[str] = set()

    class Handler(server.Handler):
        def do_GET(self) -> None:
            path = Path(self.translate_path(self.path))
            if path.name not in cut:
                return super().do_GET()
            content = path.read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", self.guess_type(str(path)))
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2])
            self.close_connection = True

    with mock.patch.object(server, "Handler", Handler), server.serve(site) as address:
        yield address, cut
