"""Make the index that the search of an edition reads, with Pagefind, from the text of the chapters.

For Pagefind each section is a page, so that it ranks them against each other. What is found does not depend on how a page
looks: the index is made of the notebooks' text, code and printed lines, and knows of each section the anchor that the page
gives it. So it can be made while Jupyter Book builds the pages.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from html import escape
from itertools import chain
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pagefind_bin import get_executable

from ..chapters.book import Book, Language
from ..chapters.live import live_pages
from ..chapters.markdown import parse
from ..chapters.notebook import Cell, Chapter
from ..chapters.rules.terms import glossary
from ..messages import PRINTED, Refused

SYMBOLS = {"odot": "⊙", "sigma": "σ", "cdot": "·", "times": "×", "in": "∈", "dots": "…"}
DECORATION = "overrightarrow|overleftarrow|underbrace|mathrm|mathbb|tilde"

# A line of an array: nobody looks for it, and it would push words out of the excerpts.
NUMBERS_ONLY = re.compile(r"^[\s\[\](),.\d+e-]*$\n?", re.M)

# Pagefind takes what no space divides for one word: 상태(hidden state), `h_t`는, return_sequences=True, tanh(c_t). These
# get a space, and static/search.js knows by the character before it that it has to take it back.
SPACE = "\N{WORD JOINER} "
WORD_BEHIND_WORD = re.compile(r"(?<=[^\s(\[=])(?=[(\[=])")
TAGS = r"(?:</\w+>)*"
HANGUL_BESIDE_ANOTHER = re.compile(
    rf"(?<=[가-힣])({TAGS})(?=\()|((?<=[A-Za-z\d_)]){TAGS}|</(?:code|span)>{TAGS})(?=[가-힣])"
)

# Around code, at its first and its last word: characters that are no letters, so that words are found as without them.
CODE, END_OF_CODE = "\N{FUNCTION APPLICATION}", "\N{INVISIBLE TIMES}"

# Between the text of a section and what it is called.
HEADINGS = "\N{INVISIBLE SEPARATOR}"

QUESTIONS = "faq"  # the chapter whose sections are questions: static/search.js shows first the one that is asked

# Sections that name what others explain.
REFERRING = re.compile("sources$|what-you-can-do-now$|exercise-")


def readable(tex: str) -> str:
    r"""A formula as it is typed into a search box: ``h_t = \tanh(x_t W)`` -> ``h_t = tanh(x_t W)``."""
    tex = re.sub(rf"\\(?:{DECORATION})\{{([^{{}}]*)\}}", r"\1", tex)
    tex = re.sub(r"\\(?:begin|end)\{\w+\}|\\q?quad|\\[^A-Za-z]|&", " ", tex)
    return re.sub(r"\\([A-Za-z]+)", lambda name: SYMBOLS.get(name[1], name[1]), tex)


def apart(code: str) -> str:
    """Code or a formula with a space between words: ``f(units=3)`` -> ``f (units =3)``."""
    return WORD_BEHIND_WORD.sub(SPACE, code)


markdown = MarkdownIt().use(dollarmath_plugin, renderer=lambda tex, options: escape(apart(readable(tex))))


def heading(renderer: RendererHTML, tokens: list[Token], number: int, options: dict, anchors: Iterator[str]) -> str:
    """The start of a section, whatever its level."""
    return f'<h1 id="{next(anchors)}">'


def marked(source: str) -> str:
    """Code between the characters by which static/search.js shows it as code."""
    return f"{CODE}{escape(apart(source.strip()))}{END_OF_CODE}" if source.strip() else ""


def without_marks(text: str) -> str:
    return text.replace(CODE, "").replace(END_OF_CODE, "")


def code(tag: str):
    return lambda renderer, tokens, number, *_: f"<{tag}>{marked(tokens[number].content)}</{tag}>"


for kind, rule in {
    "heading_open": heading,
    "heading_close": lambda *_: "</h1>",
    "fence": code("pre"),
    "code_inline": code("code"),
    "image": lambda *_: "",
}.items():
    markdown.add_render_rule(kind, rule)


def printed(cell: Cell) -> str:
    """What a code cell prints, without the lines that hold numbers only."""
    texts = [text for text, output in zip(cell.printed, cell.outputs) if output.output_type != "error"]
    return NUMBERS_ONLY.sub("", "\n".join(text for text in texts if not text.startswith("<")))


def letters(term: str) -> str:
    """A term as static/search.js compares it with a query: RNN 셀, RNN셀 and rnn 셀 are one."""
    return re.sub(r"[\W_]", "", term).lower()


def terms(book: Book, language: Language) -> dict[str, str]:
    """Address of a section -> the terms, in both languages, that the glossary says it explains."""
    explained: dict[str, str] = {}
    for term, name, target, anchor in glossary(book, language.code):
        address = f"{target}.html#{anchor}"
        explained[address] = f"{explained.get(address, '')} {term}, {name}."
    return explained


def sections(language: Language, chapter: Chapter, explained: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The sections of a chapter in one language: each one's address below the edition, and its text as plain HTML.

    A section ends where the next heading stands, of whatever level. The first one is what stands under the chapter's
    title; its address is that of the page. There are no figures, and each formula is there once. What a section is
    called comes behind its text and HEADINGS, so that static/search.js can make excerpts of the text alone.
    """
    anchors = iter(chapter.anchors)
    parts = []
    for cell in chapter.cells(language.code):
        if cell.is_code:
            if cell.id != "setup":  # the same in all chapters
                parts += [f"<pre>{marked(text)}</pre>" for text in (cell.source, printed(cell)) if text]
        elif cell.is_markdown:
            parts.append(markdown.renderer.render(parse(cell.source), markdown.options, anchors))
    text = HANGUL_BESIDE_ANOTHER.sub(rf"\1\2{SPACE}", "\n".join(parts))
    _, *found = re.split(r'<h1 id="(.*?)">(.*?)</h1>', text)
    title = without_marks(re.sub("<.*?>", "", found[1]))
    for anchor, heading, body in zip(found[::3], found[1::3], found[2::3]):
        first = anchor == found[0]
        address = f"{chapter.name}.html" if first else f"{chapter.name}.html#{anchor}"
        called = explained.get(address, "")
        names = f"{chapter.name} {title}" if first else escape(called)
        filters = {letters(term) for term in re.split(r"[,.()]", called)} - {""}
        refers = REFERRING.match(anchor)
        weights = (0.5 if refers else 1, 2 if refers else 10 if first else 7)
        asked = chapter.name == QUESTIONS and not first and body.strip() != ""  # what has no text of its own is a part
        yield address, document(address, title, body, without_marks(heading), names, filters, weights, asked)


def document(
    address: str,
    page: str,
    body: str,
    heading: str | None = None,
    names: str = "",
    filters: Iterable[str] = (),
    weights: tuple[float, float] = (1, 10),
    asked: bool = False,
) -> str:
    """What Pagefind reads of a section.

    Args:
        page: the title of the page.
        weights: of its text and of its heading.
        asked: whether its heading is a question.
    """
    return (
        f'<!doctype html><html><meta data-pagefind-meta="address[content]" content="{address}">'
        f'<meta data-pagefind-meta="chapter[content]" content="{page}">'
        + "".join(f'<meta data-pagefind-filter="term[content]" content="{term}">' for term in sorted(filters))
        + ('<meta data-pagefind-filter="question[content]" content="yes">' if asked else "")
        + f'<body data-pagefind-body data-pagefind-weight="{weights[0]}">\n{body}\n<p>{HEADINGS}</p>'
        f'<h1 data-pagefind-weight="{weights[1]}">{heading or page}</h1>'
        f'<p data-pagefind-weight="10">{names}</p></body></html>\n'
    )


def pages_of_words(book: Book, language: Language) -> Iterator[tuple[str, str]]:
    """The same of the pages that are no chapters."""
    for name, languages in live_pages(book.root).items():
        words = languages[language.code]
        address = f"{name}.html"
        texts = f"{words['lead']}\n\n{words.get('search', '')}"
        text = markdown.renderer.render(parse(texts), markdown.options, iter(()))
        yield address, document(address, words["title"], HANGUL_BESIDE_ANOTHER.sub(rf"\1\2{SPACE}", text))


class Index:
    """The indexes of all editions, made side by side in the background.

    Use it as a context manager; at its end all indexes are there. ``folder(language)`` holds the one of a language.

    Raises:
        Refused: Pagefind is not there or did not succeed.
        OSError: a folder cannot be written.
    """

    def __init__(self, book: Book):
        self.book = book
        self.running: dict[Language, subprocess.Popen] = {}

    def folder(self, language: Language) -> Path:
        return self.book.root / "_build" / "search" / language.code / "pagefind"

    def __enter__(self) -> Index:
        try:
            pagefind = get_executable()
        except FileNotFoundError:
            raise Refused("Pagefind is missing. Remove .venv and run this again.") from None
        for language in self.book.languages:
            pages = self.folder(language).parent
            shutil.rmtree(pages, ignore_errors=True)
            pages.mkdir(parents=True)
            explained = terms(self.book, language)
            chapters = (sections(language, chapter, explained) for chapter in self.book.chapters)
            for address, section in chain(*chapters, pages_of_words(self.book, language)):
                (pages / f"{address.replace('#', '-')}.html").write_text(section, encoding="utf-8")
            self.running[language] = subprocess.Popen(
                [pagefind, "--site", pages, "--keep-index-url", "--silent"],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                **PRINTED,
            )
        return self

    def __exit__(self, kind, error, trace) -> None:
        said = {language: process.communicate()[0] for language, process in self.running.items()}
        failed = [language for language, process in self.running.items() if process.returncode]
        if failed and not error:
            raise Refused(
                "\n".join(
                    f"Pagefind could not index edition '{language.code}':\n{said[language].strip()}"
                    for language in failed
                )
            )
