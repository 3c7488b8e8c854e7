"""Which forms of Markdown a text may have: those that every reader shows alike. Each other one is refused with its remedy."""

from __future__ import annotations

import pytest

from builder.chapters.book import load_book
from builder.chapters.rules import problems
from forms import ALLOWED, REFUSED, in_language
from support import change, small_book


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    return small_book(tmp_path_factory.mktemp("forms"), pages=False)


@pytest.fixture
def folder(bare):
    path = bare / "book" / "one.ipynb"
    before = path.read_bytes()
    yield bare
    path.write_bytes(before)


def problems_with(folder, text: str) -> list[str]:
    """What is said when both twins hold ``text`` in their second part."""
    for language in ("ko", "en"):
        change(folder, language, "\n\n$$\nc_t", f"\n\n{in_language(text, language)}\n\n$$\nc_t")
    return [str(problem) for problem in problems(load_book(folder))]


@pytest.mark.parametrize("text", REFUSED)
def test_a_form_that_not_all_readers_show_alike_is_refused(folder, text):
    said = problems_with(folder, text)
    found = [one for one in said if REFUSED[text] in one]
    assert found, said
    assert "(part-ko): " in found[0] and "\n    " in found[0]


def test_front_matter_is_refused(folder):
    change(folder, "ko", "## 둘째", "---\na: b\n---\n\n## 둘째")
    assert "the beginning of a front matter of MyST" in "".join(map(str, problems(load_book(folder))))


@pytest.mark.parametrize("name", ALLOWED)
def test_a_form_that_all_readers_show_alike_is_allowed(folder, name):
    assert problems_with(folder, ALLOWED[name]) == []
