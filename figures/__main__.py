"""Draw the figures: ``python -m figures``, see ``--help``."""

import argparse
import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from html import escape
from pathlib import Path
from typing import NoReturn

from .catalogue import ROOT, Figure, catalogue, stale, strangers
from .errors import FigureError
from .typesetting import typeset

IMAGES, GALLERY = ROOT / "book" / "images", ROOT / "_build" / "gallery.html"


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One sentence, without the usage: it says where to find that."""
        self.exit(2, f"{message[0].upper()}{message[1:]}; see python -m figures --help.\n")


def main(arguments: Sequence[str] | None = None) -> None:
    """Draw the figures named, or all, and name files that no code draws; or only look."""
    parser = Parser(
        prog="python -m figures",
        description="Draw the figures of the book to book/images/, and a page with all of them to _build/gallery.html.",
        epilog="figures/__init__.py tells how to make a new figure.",
        allow_abbrev=False,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="draw only this figure, e.g. lstm-cell; else all")
    parser.add_argument(
        "--check", action="store_true", help="draw nothing; tell which files are not what the code draws"
    )
    options = parser.parse_args(arguments)
    wanted: list[str] = options.names
    if options.check:
        if wanted:
            parser.error("--check looks at all figures, and takes no name")
        sys.exit("\n".join(map(str, stale(IMAGES))) or None)
    try:
        known, recorded = catalogue(), typeset.recorded
    except FigureError as error:
        sys.exit(str(error))
    for name in wanted:
        if name not in known:
            near = get_close_matches(name, known)
            hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(known)}."
            parser.exit(2, f"No figure is named {name}; {hint}\n")
    drawn: dict[str, str] = {}
    try:
        # all before the first file is written, so that a mistake in one leaves every file as it was
        with typeset.watched() as texts:
            for name in wanted or known:
                drawn[name] = known[name].svg()
    except FigureError as error:
        sys.exit(f"{name} in {known[name].source} cannot be drawn. {error} Nothing was written.")
    record = typeset.content(recorded | texts if wanted else texts)
    files = {IMAGES / f"{name}.svg": svg for name, svg in drawn.items()} | {typeset.path: record}
    try:
        changed = [path for path, content in files.items() if write_if_changed(path, content)]
        write_if_changed(GALLERY, gallery(known))
    except OSError as error:
        sys.exit(f"{error}\nMake room or make the folder writable, then draw again: make figures.")
    for path in changed:
        print(f"drawn: {path.relative_to(ROOT)}")
    for stranger in () if wanted else strangers(IMAGES):
        print(stranger)
    changes = len([path for path in changed if path.suffix == ".svg"])
    print(f"{len(drawn)} figures, {changes} changed; all of them: {GALLERY.relative_to(ROOT)}")


def write_if_changed(path: Path, content: str) -> bool:
    """Write a file in one step unless it holds this already; says whether it was written."""
    path = path.resolve()  # a link stays one
    if path.exists() and path.read_bytes() == content.encode():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.tmp")
    try:
        draft.write_bytes(content.encode())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return True


def gallery(figures: dict[str, Figure]) -> str:
    """A page with every figure, on light and on dark ground, at the width of a phone and at its own."""
    rows = "".join(
        f"<section id={name}><h2><a href=#{name}>{name}</a></h2><p>{escape(figure.title)}. {escape(figure.description)}</p>"
        + "".join(
            f'<div class="{ground} {width}"><img loading=lazy alt="" src="../book/images/{name}.svg"></div>'
            for ground in ("light", "dark")
            for width in ("wide", "phone")
        )
        + "</section>"
        for name, figure in figures.items()
    )
    style = (
        "body{font:16px/1.5 sans-serif;margin:1rem} section{display:flex;flex-wrap:wrap;gap:1rem;margin-bottom:3rem} h2,p{flex-basis:100%;margin:0}"
        "div{padding:8px;align-self:start} .light{background:#fff;color-scheme:light} .dark{background:#131416;color-scheme:dark}"
        "img{display:block;max-width:100%;height:auto} .phone img{width:328px}"
    )
    return f"<!doctype html><meta charset=utf-8><title>Figures</title><style>{style}</style><h1>{len(figures)} figures</h1>{rows}"


if __name__ == "__main__":
    main()
