"""`make audit`: what it runs is pinned for every machine, and it sees what misses a mark."""

from __future__ import annotations

import json
import re
import shutil
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from nbclient.exceptions import CellExecutionError

from builder.messages import Refused
from builder.quality import audit, lighthouse, links, measures, seeds
from builder.quality.benchmark import PARTS
from builder.quality.browser import browse
from builder.server import serve
from support import ROOT, run_builder, small_book, spoilt, whole_book

PINNED = lighthouse.PINNED


def test_what_the_audit_runs_is_pinned_for_every_machine():
    """Exact versions, one lock file that agrees with them, a checksum for each package, and no address of a registry."""
    wanted = json.loads((PINNED / "package.json").read_text())["devDependencies"]
    text = (PINNED / "package-lock.json").read_text()
    own, *packages = json.loads(text)["packages"].items()
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    assert own[1]["devDependencies"] == wanted
    locked = dict(packages)
    for name, version in wanted.items():
        assert locked[f"node_modules/{name}"]["version"] == version
    for name, package in packages:
        assert re.match(r"sha512-[\w+/]{86}==", package.get("integrity", "")), name
    assert "resolved" not in text and "://" not in re.sub(r'"url": ".*?"', "", text)


def row(**changes) -> lighthouse.Row:
    """A page that reaches every mark, but for what is changed."""
    perfect = {
        "scores": dict.fromkeys(lighthouse.SCORES, 100), "fcp": 900, "lcp": 900, "shift": 0, "kib": 140, "kib_of_plots": 0,
        "requests": 8, "third_parties": 0, "low": [], "faults": {"axe": [], "HTML": [], "links": []},
    }  # fmt: skip
    return lighthouse.Row(**{**perfect, **changes})


@pytest.mark.parametrize(
    ("changes", "miss"),
    [
        ({}, None),
        ({"scores": {**dict.fromkeys(lighthouse.SCORES, 100), "performance": 97}}, None),
        (
            {"scores": {**dict.fromkeys(lighthouse.SCORES, 100), "seo": 99}, "low": ["meta-description"]},
            "meta-description",
        ),
        ({"shift": 0.01}, "layout shift 0.010"),
        ({"kib": 161}, "161 KiB"),
        ({"kib": 200, "kib_of_plots": 60}, None),
        ({"third_parties": 1}, "third parties"),
        ({"faults": {"axe": [], "HTML": [], "links": ["gone.html"]}}, "links: gone.html"),
    ],
)
def test_a_page_misses_its_marks(changes, miss):
    misses = row(**changes).misses()
    assert len(misses) == bool(miss) and (not miss or miss in misses[0])
    assert len(row().cells()) == len(audit.HEAD)


def test_what_a_reader_meets_is_measured(tmp_path):
    """A box of code that is cut on a desk, faint text, a mark that no program moves, a figure below the text."""
    text = "".join(f"<p>{'word ' * 60}</p>" for _ in range(12))
    contents = '<div class="toc-sticky"><ul class="toc-tree"><li class="scroll-current"><a href="#" aria-current="true">One</a></li><li><a href="#two">Two</a></li></ul></div>'
    (tmp_path / "one.html").write_text(
        f'<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">'
        f"<style>article {{ width: 60vw }} p {{ max-width: 20em }}</style>{contents}"
        f'<article><section id="one"><h1>One</h1>{text}<p style="color: #bbb">faint</p><pre>{"x" * 300}</pre><details><pre>{"x" * 300}</pre>'
        f'</details></section><section id="two"><h2>Two</h2><figure><img src="a.svg" width="9" height="9"></figure>{text * 3}</section></article>'
    )
    (tmp_path / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>')
    with browse() as browser, serve(tmp_path) as address:
        found = measures.measure(browser, f"{address}one.html")
    assert found.wider == (2, 2) and found.wrong and found.places > len(found.wrong), "also what is folded"
    assert found.first_figure[0] > found.first_figure[1] > 500
    assert 30 < found.at(0.5) < 60 and len(found.faint) >= 2 and found.weight["HTML"] > 100 and found.weight["images"]
    assert len(found.cells()) == len(measures.Measures.HEAD)
    said = " ".join(found.misses())
    assert (
        "2 boxes of code" in said and "another section" in said and "letters, not 66" in said and "contrast 390" in said
    )


def test_without_lighthouse_the_rest_is_measured(site, capsys):
    done = run_builder(site.parent.parent, "audit", "404", "--runs", "0")
    assert done.returncode == 0, done.stderr
    head, _, row, total = done.stdout.splitlines()
    assert row.startswith("| 404 | 0 | 0 |") and row.count("|") == head.count("|") and "0 at 390 px" in total


def test_links_that_lead_nowhere_are_found(tmp_path):
    (tmp_path / "a.html").write_text(
        '<a href="b.html#there">b</a> <a href="b.html#gone">b</a> <a href="c.html">c</a> <a href="#here">a</a>'
        '<a href="https://example.org/">elsewhere</a> <img src="%EA%B0%80.png?v=1"> <link href="none.css"> <p id="here">'
    )
    (tmp_path / "b.html").write_text('<p id="there">')
    (tmp_path / "가.png").write_bytes(b"")
    assert links.broken_links(tmp_path, "a") == ["b.html#gone", "c.html", "none.css"]


def test_pages_are_served_as_on_the_web(tmp_path):
    (tmp_path / "index.html").write_text("<p>door" * 1000)
    (tmp_path / "404.html").write_text("no such page")
    with serve(tmp_path) as address:
        with urlopen(Request(address, headers={"Accept-Encoding": "gzip"})) as answer:
            assert answer.headers["Content-Encoding"] == "gzip" and len(answer.read()) < 1000
        with pytest.raises(HTTPError) as missing:
            urlopen(f"{address}gone.html")
        assert missing.value.code == 404


@pytest.mark.parametrize(
    ("names", "chapters"),
    [
        (["404", "index", "en/gru", "en/lstm", "ko/gru", "ko/lstm"], ["gru", "lstm"]),
        (["ko/gru", "ko/lab"], ["gru"]),  # the lab is no chapter
        (["404"], []),
    ],
)
def test_each_chapter_is_compared_once_with_its_page_in_the_stock_build(names, chapters):
    assert audit.in_stock(names, ["gru", "lstm"]) == chapters


@pytest.mark.parametrize(
    ("arguments", "message"), [(["xx/lstm"], "no page 'xx/lstm'"), (["--runs", "-1"], "0 at least")]
)
def test_a_wrong_call_says_what_is_wrong(site, arguments, message):
    done = run_builder(site.parent.parent, "audit", *arguments)
    assert done.returncode and message in done.stderr and "Traceback" not in done.stderr


def test_without_a_site_nothing_is_measured(tmp_path):
    done = run_builder(whole_book(tmp_path / "book"), "audit")
    assert done.returncode == 1 and "make site" in done.stderr


def test_a_part_of_the_benchmark_that_is_not_there():
    done = run_builder(ROOT, "benchmark", "sight")
    assert done.returncode == 1 and done.stderr == f"There is no part 'sight'. Parts are: {', '.join(PARTS)}.\n"


@pytest.mark.parametrize(
    ("source", "said"),
    [("1 / 0", "with seed 1 a cell raised E: no"), (None, "is not a readable notebook")],
)
def test_a_chapter_that_cannot_be_run_is_named(tmp_path, monkeypatch, source, said):
    def execute(notebook, folder):
        raise CellExecutionError("", "E", "no")

    monkeypatch.setattr(seeds, "execute", execute)
    monkeypatch.setattr(seeds, "measured", lambda notebook: notebook.cells[2:3])
    done = run_builder(spoilt(small_book(tmp_path / "book"), source), "benchmark", "seeds")
    assert done.returncode == 1 and said in done.stderr, done.stderr


def test_a_browser_that_does_not_start_is_named(monkeypatch):
    program = shutil.which("true")
    monkeypatch.setenv("CHROME_PATH", program)
    with pytest.raises(Refused, match=f"^{program} does not start as a Chromium"), browse():
        pass
