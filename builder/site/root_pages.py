"""The files at the root of the site, outside the editions: landing page, 404 page, social cards, sitemap."""

from __future__ import annotations

import traceback
from pathlib import Path
from xml.sax.saxutils import escape

import jinja2

from ..chapters.book import Book
from ..files import read
from ..messages import Problem, Refused, refuse
from .cards import cards

TEMPLATES = "theme/root_pages/"


def write_root_pages(book: Book, site: Path) -> None:
    """Write these files into the folder ``site``; no sitemap without the site's address, for it has full addresses.

    Raises:
        Refused: a template cannot be read, or is none.
    """
    for name in ("index.html", "404.html"):
        (site / name).write_text(rendered(book, name), "utf-8")
    for name, svg in cards(book).items():
        place = site / "cards" / f"{name}.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(book.images.png(svg))
    if book.site:
        (site / "sitemap.xml").write_text(sitemap(book, site), "utf-8")
        (site / "robots.txt").write_text(f"User-agent: *\nAllow: /\nSitemap: {book.site}sitemap.xml\n", "utf-8")


def rendered(book: Book, name: str) -> str:
    """A page, made of its template.

    Raises:
        Refused: the template, or one that it extends, cannot be read or is none.
    """

    def load(name: str) -> tuple[str, str, None]:
        file = f"{TEMPLATES}{name}"
        return read(book.root, file), file, None

    templates = jinja2.Environment(loader=jinja2.FunctionLoader(load), autoescape=True)
    try:
        page = templates.get_template(name)
        return page.render(languages=book.languages, default=book.anchor_language, address=book.site or "/")
    except Refused:
        raise
    except Exception as error:  # a template is a program
        frames = [one for one in traceback.extract_tb(error.__traceback__) if one.filename.startswith(TEMPLATES)]
        where = f"{frames[-1].filename}, line {frames[-1].lineno}" if frames else f"{TEMPLATES}{name}"
        refuse([Problem(where, f"cannot be made into a page: {error}", "Restore or mend it.")])


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
