"""Draw SVG pictures as PNG in the background, and keep them for the next build in ``_build/png/``.

    python tools/pictures.py

reads from standard input a JSON object ``{"svgs": [...], "zoom": 2}`` and answers with the list of the PNGs in base64, with
null in place of what cannot be drawn. Drawing holds Python's lock, hence the processes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

PROCESSES = os.cpu_count() or 1


class Pictures:
    """The pictures of the book whose sources are in ``root``.

    Whoever asks early does not wait: Jupyter Book takes a while to load, and meanwhile the pictures are drawn.
    """

    def __init__(self, root: Path):
        self.folder = root / "_build" / "png"
        self.threads = ThreadPoolExecutor(PROCESSES)
        self.asked: dict[Path, tuple[Future[list[bytes | None]], int]] = {}  # -> the answer, and the place in it

    def place(self, svg: str, zoom: float) -> Path:
        return self.folder / f"{hashlib.sha256(svg.encode()).hexdigest()[:32]}-{zoom}.png"

    def ask(self, svgs: list[str], zoom: float = 1) -> None:
        """Let those be drawn that are not kept, ``zoom`` times as large as they say they are."""
        new = {self.place(svg, zoom): svg for svg in svgs}
        new = {place: svg for place, svg in new.items() if not (place in self.asked or place.is_file())}
        for number in range(min(PROCESSES, len(new))):
            part = list(new)[number::PROCESSES]
            answer = self.threads.submit(draw, [new[place] for place in part], zoom)
            self.asked.update({place: (answer, number) for number, place in enumerate(part)})

    def png(self, svg: str, zoom: float = 1) -> bytes | None:
        """The picture, or None when it cannot be drawn."""
        self.ask([svg], zoom)
        place = self.place(svg, zoom)
        if place not in self.asked:
            return place.read_bytes()
        answer, number = self.asked[place]
        return answer.result()[number]

    def new(self) -> dict[Path, bytes]:
        """Where each picture of this run belongs -> the picture."""
        drawn = {place: answer.result()[number] for place, (answer, number) in self.asked.items()}
        return {place: png for place, png in drawn.items() if png}


def draw(svgs: list[str], zoom: float) -> list[bytes | None]:
    """Draw in a process of its own."""
    task = json.dumps({"svgs": svgs, "zoom": zoom}).encode()
    done = subprocess.run([sys.executable, __file__], input=task, stdout=subprocess.PIPE, check=True)
    return [png and base64.b64decode(png) for png in json.loads(done.stdout)]


def main() -> None:
    import resvg_py

    def png(svg: str) -> str | None:
        try:
            picture = resvg_py.svg_to_bytes(svg_string=svg, zoom=task["zoom"], skip_system_fonts=True)
        except BaseException:  # Rust's panic is no Exception
            return None
        return base64.b64encode(bytes(picture)).decode()

    task = json.load(sys.stdin)
    json.dump([png(svg) for svg in task["svgs"]], sys.stdout)


if __name__ == "__main__":
    main()
