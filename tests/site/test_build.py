"""make site: the site has all its parts, and when something is wrong the old one stays."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest

from builder.chapters import rules
from builder.messages import Refused
from builder.quality.stock import JUPYTER_BOOK
from builder.site import search_index
from builder.site.jupyter_book import JupyterBook
from support import (
    LOCKED,
    ROOT,
    as_ordinary_user,
    builder_command,
    change,
    link_to,
    load,
    run_apart,
    run_builder,
    small_book,
    snapshot,
    whole_book,
    write,
)


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    folder = small_book(tmp_path_factory.mktemp("built") / "book")
    done = run_builder(folder, "site")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def folder(built, tmp_path):
    """A small book with its site, in a folder of its own."""
    copy = tmp_path / "book"
    subprocess.run(["cp", "-a", str(built), str(copy)], check=True)
    return copy


def site(folder):
    return folder / "_build" / "site"


def plain(page: bytes) -> bytes:
    """A page without the checksums that Sphinx puts behind the names of style sheets once they exist."""
    return re.sub(rb"\?v=\w+", b"", page)


def test_the_site_has_all_its_parts(built):
    files = snapshot(site(built))
    for name in (
        "index.html",
        "ko/one.html",
        "en/one.html",
        "ko/notebooks/one.ipynb",
        "en/pagefind/pagefind.js",
        ".nojekyll",
    ):
        assert name in files
    assert not [name for name in files if ".doctree" in name or name.endswith((".buildinfo", "unfinished"))]


def test_an_edit_reaches_the_page_and_an_unchanged_page_stays_the_same(folder):
    before = snapshot(site(folder))
    change(folder, "en", "one dot", "a single dot")
    done = run_builder(folder, "site")
    assert done.returncode == 0, done.stderr
    after = snapshot(site(folder))
    assert b"a single dot" in after["en/one.html"]
    changed = {name for name in after if plain(after[name]) != plain(before.get(name, b""))}
    expected = {"en/one.html", "en/notebooks/one.ipynb", "en/notebooks.zip"}
    assert {name for name in changed if "/pagefind/" not in name} == expected
    assert not any(name.startswith("ko/pagefind/") for name in changed)


@pytest.mark.parametrize(
    ("file", "old", "new", "published"),
    [
        ("theme/locale/ko/LC_MESSAGES/sphinx.po", '"본문으로 건너뛰기"', '"본문으로"', "ko/one.html"),
        ("theme/static/book.css", "--radius: 8px", "--radius: 7px", "en/_static/edition.css"),
        ("theme/templates/page.html", 'class="page-row"', 'class="page-line"', "en/one.html"),
        ("book/images/dot.svg", 'r="4"', 'r="3"', "en/_images/dot.svg"),
    ],
)
def test_a_change_that_sphinx_does_not_see_reaches_the_site(folder, file, old, new, published):
    path = folder / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert run_builder(folder, "site").returncode == 0
    assert new.strip('"').replace(": ", ":") in (site(folder) / published).read_text(encoding="utf-8")


def test_a_chapter_that_is_gone_leaves_no_page(folder):
    toc, two = folder / "_toc.yml", folder / "book" / "two.ipynb"
    contents = toc.read_text("utf-8")
    shutil.copy(folder / "book" / "one.ipynb", two)
    before = load(folder, "index")
    link_to(folder, "two")
    toc.write_text(contents + "  - file: book/two\n", "utf-8")
    assert run_builder(folder, "site").returncode == 0
    assert (site(folder) / "en" / "two.html").exists()
    two.unlink()
    toc.write_text(contents, "utf-8")
    write(folder, "index", before)
    assert run_builder(folder, "site").returncode == 0
    assert not list(site(folder).rglob("two*"))


def test_problems_in_the_sources_leave_the_site(folder):
    before = snapshot(site(folder))
    change(folder, "ko", "## ", "### ")
    done = run_builder(folder, "site")
    assert done.returncode == 1
    assert "book/one.ipynb, cell 4 (part-ko): its heading levels [3] differ from [2]" in done.stderr
    assert "The site was not replaced." in done.stderr
    assert snapshot(site(folder)) == before


def test_a_warning_of_jupyter_book_is_an_error_each_time(folder, monkeypatch):
    before = snapshot(site(folder))
    for language in ("ko", "en"):
        change(folder, language, "$$\nc_t = f_t\n$$", "$$\nc_t = f_t\n$$\n\n[gone]: <>\n\n[x][nowhere] [y](#nowhere)")
    monkeypatch.setattr(rules, "problems", lambda book: [])  # let through what the rules would refuse
    for _ in range(2):  # Sphinx itself would forget the warning the second time
        done = run_builder(folder, "site")
        assert done.returncode == 1
        assert "Edition 'ko' was refused" in done.stderr and "book/one.ipynb" in done.stderr
        assert "WARNING" in done.stderr and "Traceback" not in done.stderr
        assert snapshot(site(folder)) == before


def refused_by_the_theme(folder, said: str) -> None:
    done = run_builder(folder, "site")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "Edition 'ko' was refused:\nExtension error" in done.stderr and said in done.stderr, done.stderr
    assert "RuntimeError" not in done.stderr and "====" not in done.stderr


def test_what_the_theme_refuses_is_said(folder, monkeypatch):
    shutil.copytree(ROOT / "live", folder / "live")
    (folder / "live" / "predict" / "words.ko.json").unlink()
    monkeypatch.setattr(rules, "problems", lambda book: [])  # let through what the rules would refuse
    refused_by_the_theme(folder, "Translate words.en.json there to words.ko.json.")


def test_an_exception_of_the_theme_is_said(folder, monkeypatch):
    for language in ("ko", "en"):
        change(folder, language, "$$\nc_t", "> ### x\n\n$$\nc_t")
    monkeypatch.setattr(rules, "problems", lambda book: [])  # let through what the rules would refuse
    refused_by_the_theme(folder, "one: 2 sections but 3 anchors")


def test_two_builds_at_once_take_turns(folder):
    change(folder, "en", "one dot", "a single dot")
    command = builder_command(folder, "site")
    both = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _ in range(2)
    ]
    said = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert "a single dot" in (site(folder) / "en" / "one.html").read_text(encoding="utf-8")
    assert not list((folder / "_build").glob("site.*"))


def test_half_a_page_left_by_a_killed_build_is_built_again(folder):
    page = folder / "_build" / "editions" / "en" / "_build" / "html" / "one.html"
    whole = page.read_bytes()
    page.write_bytes(whole[:500])
    (folder / "_build" / "editions" / "en" / "_build" / "unfinished").touch()
    assert run_builder(folder, "site").returncode == 0
    assert (site(folder) / "en" / "one.html").read_bytes() == whole


@pytest.mark.skipif(as_ordinary_user() is None, reason=LOCKED)
def test_a_read_only_output_folder(folder):
    before = snapshot(site(folder))
    change(folder, "en", "one dot", "a single dot")
    (folder / "_build").chmod(0o555)
    try:
        done = run_apart(folder, "site", before=as_ordinary_user())
    finally:
        (folder / "_build").chmod(0o755)
    assert done.returncode == 1
    assert "Permission denied" in done.stderr and "make the folder writable" in done.stderr
    assert "Traceback" not in done.stderr
    assert snapshot(site(folder)) == before


@pytest.mark.skipif(os.name != "posix", reason="needs a limit on the size of files")
def test_a_full_disk(folder):
    before = snapshot(site(folder))
    change(folder, "en", "one dot", "a single dot " * 4000)
    limit = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000)); "
    program = f"{limit} from builder.__main__ import main; sys.exit(main())"
    command = [sys.executable, "-c", program, *builder_command(folder, "site")[3:]]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment)
    assert done.returncode == 1
    assert "File too large" in done.stderr and "The site was not replaced." in done.stderr
    assert snapshot(site(folder)) == before


def test_a_jupyter_book_that_cannot_be_loaded(folder, tmp_path):
    before = snapshot(site(folder))
    (tmp_path / "furo.py").write_text("raise ImportError('no furo here')")
    done = run_apart(folder, "site", env={"PYTHONPATH": str(tmp_path)})
    assert done.returncode == 1
    assert "no furo here" in done.stderr and "Jupyter Book could not be loaded" in done.stderr
    assert snapshot(site(folder)) == before


def test_a_jupyter_book_that_was_ended_is_started_again():
    """As `make serve` needs it."""
    with JupyterBook() as jupyter_book:
        jupyter_book.process.kill()
        with pytest.raises(Refused, match="was ended from outside"):
            jupyter_book.build([])
        jupyter_book.build([])


def missing() -> str:
    raise FileNotFoundError


@pytest.mark.parametrize(
    ("pagefind", "words"),
    [
        (missing, "Pagefind is missing. Remove .venv"),
        (lambda: "/bin/false", "Pagefind could not index edition 'ko'"),
    ],
)
def test_a_search_index_that_cannot_be_made(folder, monkeypatch, pagefind, words):
    before = snapshot(site(folder))
    change(folder, "en", "one dot", "a single dot")
    monkeypatch.setattr(search_index, "get_executable", pagefind)
    done = run_builder(folder, "site")
    assert done.returncode == 1
    assert words in done.stderr and "The site was not replaced." in done.stderr
    assert snapshot(site(folder)) == before


@pytest.mark.parametrize("book", [small_book, pytest.param(whole_book, marks=pytest.mark.prove)])
def test_plain_jupyter_book_builds_both_languages_without_warnings(tmp_path, book):
    folder = book(tmp_path / "plain")
    command = [*JUPYTER_BOOK, ".", "-W", "-n", "--keep-going"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    pages = "".join(page.read_text(encoding="utf-8") for page in (folder / "_build" / "html" / "book").glob("*.html"))
    assert {small_book: "하나", whole_book: "무엇이 반환되는가"}[book] in pages
    assert {small_book: "One", whole_book: "What comes back"}[book] in pages and "katex-mathml" in pages


@pytest.mark.skipif(shutil.which("ps") is None, reason="needs ps")
def test_nothing_is_left_running(built):
    """Neither Jupyter Book nor Node outlives a build; that SOURCE_DATE_EPOCH is no number does not concern it."""
    assert run_apart(built, "site", env={"SOURCE_DATE_EPOCH": "abc"}).returncode == 0
    left = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout
    assert not [line for line in left.splitlines() if str(built) in line]
