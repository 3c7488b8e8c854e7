"""The files at the root of the site, outside the editions: landing page, 404 page, social cards, sitemap."""

from __future__ import annotations

import base64
from pathlib import Path
from xml.sax.saxutils import escape

import jinja2

from ..chapters.book import CHAPTERS, Book
from ..chapters.notebook import Chapter

CARD = (1200, 630)  # pixels: what services that show a link's picture ask for
EDGE = 60


def write_root_pages(book: Book, site: Path) -> None:
    """Write these files into the folder ``site``; no sitemap without the site's address, for it has full addresses."""
    templates = jinja2.Environment(loader=jinja2.FileSystemLoader(book.root / "theme" / "root_pages"), autoescape=True)
    for name in ("index.html", "404.html"):
        page = templates.get_template(name)
        text = page.render(languages=book.languages, default=book.anchor_language, address=book.site or "/")
        (site / name).write_text(text, "utf-8")
    (site / "cards").mkdir()
    for name, svg in cards(book).items():
        (site / "cards" / f"{name}.png").write_bytes(book.images.png(svg))
    if book.site:
        (site / "sitemap.xml").write_text(sitemap(book, site), "utf-8")
        (site / "robots.txt").write_text(f"User-agent: *\nAllow: /\nSitemap: {book.site}sitemap.xml\n", "utf-8")


def cards(book: Book) -> dict[str, str]:
    """The name of each chapter that has a card -> the card as SVG; none when no page can say a card's full address."""
    if not book.site:
        return {}
    figures = {chapter.name: key_figure(book, chapter) for chapter in book.chapters}
    return {name: card(figure) for name, figure in figures.items() if figure}


def key_figure(book: Book, chapter: Chapter) -> Path | None:
    """The figure that stands for a chapter; for a chapter without one, that of the first chapter with one."""
    found = (one.key_figure for one in (chapter, *book.chapters))
    return next((book.root / CHAPTERS / source for source in found if source.endswith(".svg")), None)


def card(figure: Path) -> str:
    """An SVG of the size of a card with the figure in its middle."""
    drawing = base64.b64encode(figure.read_bytes()).decode()  # as a file of its own it may have a prologue and any size
    width, height = CARD
    inner = (
        f'<image x="{EDGE}" y="{EDGE}" width="{width - 2 * EDGE}" height="{height - 2 * EDGE}" '
        f'href="data:image/svg+xml;base64,{drawing}"/>'
    )
    frame = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
    return f'{frame}<rect width="{width}" height="{height}" fill="#ffffff"/>{inner}</svg>'


def sitemap(book: Book, site: Path) -> str:
    """Every page with its translations, as sitemaps.org and Google's localized versions describe it.

    First the chapters in their order, then what else the editions in the folder ``site`` have, such as the lab.
    """
    chapters = [chapter.name for chapter in book.chapters]
    others = sorted(
        path.stem for path in (site / book.anchor_language.code).glob("*.html") if path.stem not in chapters
    )
    urls = []
    for name in [*chapters, *others]:
        pages = {language.code: escape(f"{book.site}{language.code}/{name}.html") for language in book.languages}
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{code}" href="{page}"/>' for code, page in pages.items()
        )
        urls += [f"<url><loc>{page}</loc>{others}</url>" for page in pages.values()]
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {space}>\n' + "\n".join(urls) + "\n</urlset>\n"
