"""What makes a page findable, and the files at the root of the site, with the repository's address known and unknown."""

from __future__ import annotations

import json
import re
import shutil
import struct
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from builder.chapters.book import load_book
from builder.github import Repository, find_repository
from builder.messages import Refused
from builder.site.cards import FONT, cards
from builder.site.root_pages import write_root_pages
from support import ROOT, run_builder, small_book

SITE = "https://owner.github.io/the-book/"
KNOWN = {"GITHUB_REPOSITORY": "Owner/the-book", "GITHUB_SERVER_URL": "https://github.com"}
UNKNOWN = {"GITHUB_REPOSITORY": "", "GITHUB_SERVER_URL": ""}


@pytest.fixture(scope="module", params=[KNOWN, UNKNOWN], ids=["known", "unknown"])
def build(request, tmp_path_factory) -> tuple[Path, bool]:
    folder = small_book(tmp_path_factory.mktemp("front") / "book")
    shutil.copytree(ROOT / "live", folder / "live")  # with it there is the lab, a page that is no chapter
    done = run_builder(folder, "site", env=request.param)
    assert done.returncode == 0, done.stderr
    assert ("No GitHub address is known" in done.stdout) == (request.param is UNKNOWN)
    return folder / "_build" / "site", request.param is KNOWN


def page(site: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((site / name).read_text("utf-8"), "html.parser")


def meta(soup: BeautifulSoup, name: str) -> str | None:
    found = soup.select(f'meta[name="{name}"], meta[property="{name}"]')
    assert len(found) < 2
    return found[0]["content"] if found else None


def test_a_page_says_what_it_is_about(build):
    site, known = build
    soup = page(site, "ko/one.html")
    assert meta(soup, "description") == meta(soup, "og:description") == "값 h_t는 y입니다."
    assert meta(soup, "og:title") == "하나"
    resource = json.loads(soup.select_one('script[type="application/ld+json"]').string)
    assert (resource["@type"], resource["name"], resource["inLanguage"]) == ("LearningResource", "하나", "ko")
    assert resource.get("url") == (f"{SITE}ko/one.html" if known else None)


def test_full_addresses_stand_where_the_site_is_known_and_nowhere_else(build):
    site, known = build
    soup = page(site, "en/one.html")
    canonical = [link["href"] for link in soup.select('link[rel="canonical"]')]
    others = {link["hreflang"]: link["href"] for link in soup.select('head link[rel="alternate"]')}
    if known:
        assert canonical == [f"{SITE}en/one.html"]
        assert others == {"ko": f"{SITE}ko/one.html", "en": f"{SITE}en/one.html", "x-default": SITE}
        assert meta(soup, "og:image") == f"{SITE}cards/en/one.png"
        assert meta(soup, "og:url") == f"{SITE}en/one.html"
    else:
        assert canonical == [] and others == {} and meta(soup, "og:image") is None
        assert "github" not in str(soup.head).lower()


def test_the_launch_row_stands_under_the_title_in_the_language_of_the_page(build):
    site, known = build
    for language, words in (
        ("ko", ["Colab에서 실행", "Binder에서 열기", "노트북", "원본 보기"]),
        ("en", ["Run on Colab", "Open on Binder", "Notebook", "See the source"]),
    ):
        row = page(site, f"{language}/one.html").select_one("h1 + .page-row")
        links = {link.get_text(): link["href"] for link in row.select("a")}
        if not known:
            assert list(links.items()) == [(words[2], "notebooks/one.ipynb")]
            continue
        notebook = f"{language}/notebooks/one.ipynb"
        assert list(links) == words
        assert list(links.values()) == [
            f"https://colab.research.google.com/github/Owner/the-book/blob/gh-pages/{notebook}",
            f"https://mybinder.org/v2/gh/Owner/the-book/gh-pages?labpath={notebook}",
            "notebooks/one.ipynb",
            "https://github.com/Owner/the-book/blob/HEAD/book/one.ipynb",
        ]


def test_the_sitemap_lists_every_page_with_its_translations(build):
    site, known = build
    assert (site / "sitemap.xml").exists() == (site / "robots.txt").exists() == known
    if known:
        space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
        listed = [loc.text for loc in ET.parse(site / "sitemap.xml").iterfind(".//s:loc", space)]
        pages = {
            f"{SITE}{code}/{name}.html"
            for code in ("ko", "en")
            for name in ("index", "one", "lab", "review", "teachers")
        }
        assert len(listed) == len(pages) and set(listed) == pages
        for url in ET.parse(site / "sitemap.xml").getroot():
            assert [link.get("hreflang") for link in url[1:]] == ["ko", "en"]
        assert f"Sitemap: {SITE}sitemap.xml" in (site / "robots.txt").read_text()


def test_every_chapter_has_a_card_where_pages_can_name_it(build):
    site, known = build
    if not known:
        assert not (site / "cards").exists()
        return
    seen = set()
    for name in ("ko/index", "ko/one", "en/index", "en/one"):
        png = (site / "cards" / f"{name}.png").read_bytes()
        assert struct.unpack(">II", png[16:24]) == (1200, 630)
        seen.add(png)
    assert len(seen) == 4, "each has its title, in its language"


def test_a_wrong_address_leads_to_both_editions(build):
    site, known = build
    soup = page(site, "404.html")
    root = SITE if known else "/"
    assert [link["href"] for link in soup.select("body a")] == [f"{root}ko/index.html", f"{root}en/index.html"]
    assert {p["lang"] for p in soup.select("p")} == {"ko", "en"}


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("root_pages/404.html", b"<p>\n{% endif %}", ", line 2: cannot be made into a page: Encountered unknown tag 'endif'"),
        ("root_pages/404.html", b"<p>\n{{ 1 / 0 }}", ", line 2: cannot be made into a page: division by zero"),
        ("root_pages/base.html", b"<p>\n\n{% block", ", line 3: cannot be made into a page: "),
        ("root_pages/base.html", b"<p>\xe9", ": cannot be read: 'utf-8' codec"),
        ("root_pages/index.html", None, ": cannot be read: No such file"),
    ],
)  # fmt: skip
def test_a_template_that_is_none_is_named_with_its_line(tmp_path, file, content, said):
    folder = small_book(tmp_path / "book")
    path = folder / "theme" / file
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(Refused, match=re.escape(f"theme/{file}{said}")):
        write_root_pages(replace(load_book(folder), repository=None), tmp_path)


@pytest.mark.parametrize("length", [0, 9, 5000])
def test_half_a_font_is_named(tmp_path, length):
    folder = small_book(tmp_path / "book")
    path = folder / FONT
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(Refused, match=f"^{FONT.as_posix()}: is no whole font: "):
        cards(replace(load_book(folder), repository=Repository("https://github.com", "me", "book")))


@pytest.mark.parametrize(
    ("server", "site", "links"),
    [
        ("https://github.com", "https://me.github.io/book/", {"source", "colab", "binder"}),
        ("https://git.example.org", None, {"source"}),
    ],
)
def test_a_server_of_ones_own_has_neither_pages_nor_launch_buttons(monkeypatch, tmp_path, server, site, links):
    monkeypatch.setenv("GITHUB_REPOSITORY", "me/book")
    monkeypatch.setenv("GITHUB_SERVER_URL", server)
    repository = find_repository(tmp_path)
    assert repository == Repository(server, "me", "book")
    assert repository.site == site and repository.links("en").keys() == links
