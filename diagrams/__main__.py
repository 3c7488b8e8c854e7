"""Draw every figure to book/images/, and a page with all of them to _build/gallery.html."""

import sys
from html import escape
from pathlib import Path

from . import FIGURES

ROOT = Path(__file__).resolve().parent.parent
IMAGES, GALLERY = ROOT / "book" / "images", ROOT / "_build" / "gallery.html"


def main(wanted: list[str]) -> None:
    """Draw the figures named, or all; then files that no code draws are named."""
    unknown = sorted(set(wanted) - FIGURES.keys())
    if unknown:
        sys.exit(f"No figure is named {', '.join(unknown)}. There are: {', '.join(sorted(FIGURES))}.")
    IMAGES.mkdir(parents=True, exist_ok=True)
    changed = 0
    for name in wanted or FIGURES:
        figure, path = FIGURES[name], IMAGES / f"{name}.svg"
        svg = figure.draw().svg(figure.title, figure.description)
        if not path.exists() or path.read_text("utf-8") != svg:
            path.write_text(svg, "utf-8", newline="\n")
            changed += 1
    stale = [] if wanted else [path for path in IMAGES.glob("*.svg") if path.stem not in FIGURES]
    for path in stale:
        print(f"{path.relative_to(ROOT)}: no code draws it. Remove it, or draw it in diagrams/.")
    gallery()
    print(f"{len(wanted or FIGURES)} figures, {changed} changed; all of them: {GALLERY.relative_to(ROOT)}")


def gallery() -> None:
    """A page with every figure, on light and on dark ground, at the width of a phone and at its own."""
    rows = "".join(
        f"<section id={name}><h2><a href=#{name}>{name}</a></h2><p>{escape(figure.title)}. {escape(figure.description)}</p>"
        + "".join(
            f'<div class="{ground} {width}"><img loading=lazy alt="" src="../book/images/{name}.svg"></div>'
            for ground in ("light", "dark")
            for width in ("wide", "phone")
        )
        + "</section>"
        for name, figure in sorted(FIGURES.items())
    )
    style = (
        "body{font:16px/1.5 sans-serif;margin:1rem} section{display:flex;flex-wrap:wrap;gap:1rem;margin-bottom:3rem} h2,p{flex-basis:100%;margin:0}"
        "div{padding:8px;align-self:start} .light{background:#fff;color-scheme:light} .dark{background:#131416;color-scheme:dark}"
        "img{display:block;max-width:100%;height:auto} .phone img{width:328px}"
    )
    GALLERY.parent.mkdir(parents=True, exist_ok=True)
    GALLERY.write_text(
        f"<!doctype html><meta charset=utf-8><title>Figures</title><style>{style}</style><h1>{len(FIGURES)} figures</h1>{rows}",
        "utf-8",
    )


if __name__ == "__main__":
    main(sys.argv[1:])
