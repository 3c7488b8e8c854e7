"""Cut the bilingual book into one Jupyter Book source per language.

    python tools/cut.py            check every chapter, then write _build/editions/<language>/

The languages and the name of the one whose headings give the anchors stand in ``_config.yml``
(``book_languages``, ``book_anchor_language``). A Markdown cell belongs to the language of its tag ``lang-<code>``; a cell
without such a tag, and every code cell, belongs to all editions.

Every problem of a run is reported, with file, cell and remedy; when there is one, nothing is written.
"""

from __future__ import annotations

import base64
import copy
import difflib
import json
import os
import re
import shutil
import sys
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import nbformat
import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from pictures import Pictures
from repository import find_repository

ROOT = Path(__file__).resolve().parent.parent

# Tags that mean something to nbval, the tests, the benchmark or a notebook front end; any other is taken for a slip.
KNOWN_TAGS = {"exercise", "measured", "raises-exception", "nbval-ignore-output", "nbval-skip"}

ZOOM = 2  # a figure is embedded at double density

COMMENT = re.compile(r"<!--.*?-->", re.S)

# What a plot shows, in the Markdown cell behind the code cell that draws it: <!-- plot alt: what it shows -->
PLOT_ALT = re.compile(r"<!--\s*plot alt:\s*(.*?)\s*-->", re.S)

# MyST reads these, but Colab, GitHub and JupyterLab show them as noise.
MYST = {
    "a directive": re.compile(r"^[ >]*(`{3,}|~{3,}|:{3,})\s*\{[\w:.-]+\}", re.M),
    "a role": re.compile(r"\{[\w:.-]+\}`[^`]"),
    "a target": re.compile(r"^\([\w.:-]+\)=\s*$", re.M),
    "a block break": re.compile(r"^\+\+\+", re.M),
    "a line comment": re.compile(r"^%", re.M),
}
ADDRESS_OR_PATH = re.compile(r"\bat 0x[0-9a-f]{6,}|(?<![\w.])/(?:home|root|Users|tmp|usr|opt|mnt)/\w|\b[A-Z]:\\\\?\w")

markdown = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, double_inline=True)


@dataclass(frozen=True)
class Problem:
    """One thing that keeps the book from being built."""

    where: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}\n    {self.remedy}"


class BookError(Exception):
    """The book has problems; ``problems`` holds all of them."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        count = f"{len(problems)} problem" + "s" * (len(problems) > 1)
        super().__init__("\n".join([*map(str, problems), f"{count}; nothing was written."]))


@dataclass
class Text:
    """What a Markdown cell is made of, as far as its twin has to agree with it."""

    headings: list[tuple[int, str]] = field(default_factory=list)
    display_formulas: list[str] = field(default_factory=list)
    formulas: set[str] = field(default_factory=set)
    inline_code: set[str] = field(default_factory=set)
    code_blocks: list[tuple[str, str]] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    alts: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    tables: list[int] = field(default_factory=list)
    collapsed: int = 0
    raw_images: int = 0
    uncaptioned: list[str] = field(default_factory=list)


# Text attribute -> its name in a message.
AGREE = {
    "display_formulas": "display formulas",
    "formulas": "inline formulas",
    "inline_code": "inline code",
    "code_blocks": "code blocks",
    "figures": "figures",
    "links": "link targets",
    "tables": "table cells",
    "collapsed": "collapsed parts",
}


@cache
def parse(source: str) -> list[Token]:
    """The tokens of a Markdown cell, without its comments."""
    return markdown.parse(COMMENT.sub("", source))


@cache
def read_text(source: str) -> Text:
    """Take a Markdown cell apart."""
    text = Text()
    tokens = parse(source)
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            text.headings.append((int(token.tag[1]), tokens[number + 1].content))
        elif token.type in ("math_block", "math_block_label"):
            text.display_formulas.append(" ".join(token.content.split()))
        elif token.type in ("fence", "code_block"):
            text.code_blocks.append((token.info.strip(), token.content))
        elif token.type == "table_open":
            text.tables.append(0)
        elif token.type in ("td_open", "th_open"):
            text.tables[-1] += 1
        elif token.type == "html_block":
            text.collapsed += token.content.count("<details")
            text.raw_images += token.content.count("<img")
        for child in token.children or ():
            if child.type == "code_inline":
                text.inline_code.add(child.content)
            elif child.type in ("math_inline", "math_inline_double"):
                text.formulas.add(child.content.strip())
            elif child.type == "image":
                text.figures.append(child.attrs["src"])
                text.alts.append(child.content.strip())
            elif child.type == "link_open":
                text.links.append(child.attrs["href"])
            elif child.type == "html_inline":
                text.raw_images += child.content.startswith("<img")
        if token.type == "inline" and any(child.type == "image" for child in token.children):
            if len(token.children) > 1 or not is_caption(tokens[number + 2 : number + 5]):
                text.uncaptioned += [child.attrs["src"] for child in token.children if child.type == "image"]
    text.links.sort()
    return text


def is_caption(tokens: list) -> bool:
    """Whether these tokens are a paragraph that is in emphasis from its first to its last word."""
    if [token.type for token in tokens] != ["paragraph_open", "inline", "paragraph_close"]:
        return False
    inside = [child.level for child in tokens[1].children[1:-1]]
    return tokens[1].children[0].type == "em_open" and tokens[1].children[-1].type == "em_close" and all(inside)


def slug(heading: str) -> str:
    """The anchor of an English heading, as GitHub and MyST make it: ``What comes back`` -> ``what-comes-back``."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def language_of(cell: nbformat.NotebookNode) -> str | None:
    """The language code of a Markdown cell's tag, or None for a cell of all editions."""
    return next((tag[5:] for tag in cell.metadata.get("tags", []) if tag.startswith("lang-")), None)


def draws(cell: nbformat.NotebookNode) -> bool:
    """Whether the outputs of a cell hold a plot."""
    return any("image/png" in output.get("data", {}) for output in cell.get("outputs", []))


def plot_width(cell: nbformat.NotebookNode) -> dict[str, str]:
    """The width at which a plot of double density is meant to be shown."""
    sizes = [output.get("metadata", {}).get("image/png", {}) for output in cell.outputs]
    return next(({"width": f"{size['width']}px"} for size in sizes if "width" in size), {})


def plot_alt(cells: list[nbformat.NotebookNode], number: int, code: str) -> str:
    """The alt text, in a language, of the plot that ``cells[number]`` draws; empty when there is none."""
    for cell in cells[number + 1 :]:
        if cell.cell_type != "markdown":
            break
        if language_of(cell) in (None, code) and (match := PLOT_ALT.search(cell.source)):
            return match[1]
    return ""


class Book:
    """The sources of the book.

    Attributes:
        languages: code -> name, title and description of the edition.
        chapters: paths of the chapters below ``root``, without ending, in the order of the table of contents.
        repository: where the site will be published and its sources are, or None when it is not known.
        pictures: draws the figures.
        downloads: code -> names of the files that the first page of the edition offers besides notebooks.
        notebooks: chapter path -> notebook; filled by ``read``.
        problems: what is wrong with the sources; filled by ``read``.

    Raises:
        BookError: ``_config.yml`` or ``_toc.yml`` cannot be read at all.
    """

    def __init__(self, root: Path = ROOT):
        self.root = root
        self.problems: list[Problem] = []
        self.config = self._yaml("_config.yml")
        self.toc = self._yaml("_toc.yml")
        try:
            settings = self.config["sphinx"]["config"]
            self.languages: dict[str, dict] = dict(settings["book_languages"])
            self.anchor_language: str = settings["book_anchor_language"]
            self.languages[self.anchor_language]
        except (KeyError, TypeError):
            raise BookError(
                [
                    Problem(
                        "_config.yml",
                        "the languages of the book are missing",
                        "List them under sphinx: config: book_languages, and name one of them as book_anchor_language.",
                    )
                ]
            ) from None
        self.chapters = list(toc_files(self.toc))
        self.repository = find_repository(root)
        self.pictures = Pictures(root)
        self.downloads: dict[str, list[str]] = {}
        self.notebooks: dict[str, nbformat.NotebookNode] = {}

    def folder(self, code: str) -> Path:
        """Where the edition of a language is written."""
        return self.root / "_build" / "editions" / code

    def read(self) -> None:
        """Read every chapter and note what is wrong."""
        images = sorted((self.root / "book").rglob("*.svg"))
        self.pictures.ask([image.read_text("utf-8", "replace") for image in images], ZOOM)
        self._compare_toc_with_folder()
        for chapter in self.chapters:
            if (notebook := self.read_chapter(chapter)) is not None:
                self.notebooks[chapter] = notebook
        self.anchors = {chapter: self._anchors(notebook) for chapter, notebook in self.notebooks.items()}
        for chapter, notebook in self.notebooks.items():
            self._check(chapter, notebook)

    def keep_pictures(self) -> None:
        """Keep what was drawn for the next build."""
        for place, png in self.pictures.new().items():
            write_if_changed(place, png)

    def _problem(self, where: str, what: str, remedy: str) -> None:
        self.problems.append(Problem(where, what, remedy))

    def _yaml(self, name: str) -> dict:
        try:
            return yaml.safe_load((self.root / name).read_text(encoding="utf-8"))
        except (OSError, ValueError, yaml.YAMLError) as error:
            raise BookError([Problem(name, f"cannot be read: {error}", "Restore or mend it.")]) from None

    def _compare_toc_with_folder(self) -> None:
        folder = {f"book/{path.stem}" for path in (self.root / "book").glob("*.ipynb")}
        for chapter in self.chapters:
            if chapter not in folder:
                near = difflib.get_close_matches(chapter, folder, 1)
                hint = f"Did you mean {near[0]}? " if near else ""
                self._problem("_toc.yml", f"names {chapter}, but there is no {chapter}.ipynb", f"{hint}Mend the line.")
        for chapter in sorted(folder - set(self.chapters)):
            self._problem(f"{chapter}.ipynb", "no line of _toc.yml names it", f"Add '- file: {chapter}' to _toc.yml.")
        for chapter, count in Counter(self.chapters).items():
            if count > 1:
                self._problem("_toc.yml", f"names {chapter} {count} times", "Keep one of the lines.")

    def read_chapter(self, chapter: str) -> nbformat.NotebookNode | None:
        """The notebook of a chapter, or None, with a problem noted, when it cannot be read."""
        path = self.root / f"{chapter}.ipynb"
        if not path.exists():
            return None
        try:
            notebook = nbformat.v4.reads(path.read_text(encoding="utf-8"))
            nbformat.validate(notebook)
        except (ValueError, TypeError, KeyError, AttributeError, nbformat.ValidationError) as error:
            reason = str(error).splitlines()[0]
            self._problem(
                f"{chapter}.ipynb", f"is not a readable notebook ({reason})", f"'git diff {chapter}.ipynb' shows why."
            )
            return None
        for cell in notebook.cells:
            cell.source = cell.source.replace("\r\n", "\n")
        return notebook

    def _anchors(self, notebook: nbformat.NotebookNode) -> list[str]:
        return [
            slug(heading)
            for cell in notebook.cells
            if cell.cell_type == "markdown" and language_of(cell) in (None, self.anchor_language)
            for _, heading in read_text(cell.source).headings
        ]

    # -- checks of one chapter ------------------------------------------------------------------------------------

    def _check(self, chapter: str, notebook: nbformat.NotebookNode) -> None:
        file = f"{chapter}.ipynb"
        executed = 0
        for number, cell in enumerate(notebook.cells, 1):
            where = f"{file}, cell {number} ({cell.id})"
            self._check_tags(where, cell)
            if cell.cell_type == "markdown":
                self._check_markdown(where, cell)
            elif cell.cell_type == "code":
                executed += 1
                self._check_code(where, cell, executed)
                for code in self.languages if draws(cell) else ():
                    if not plot_alt(notebook.cells, number - 1, code):
                        self._problem(
                            where,
                            f"draws a plot that has no alt text in {self.languages[code]['name']}",
                            "Put <!-- plot alt: what it shows --> into the Markdown cell behind it.",
                        )
        markdown_cells = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
        if markdown_cells and not any(map(language_of, markdown_cells)):
            tags = ", ".join(f"lang-{code}" for code in self.languages)
            self._problem(file, "no cell carries a language tag", f"Give each Markdown cell one of the tags {tags}.")
            return
        self._check_twins(file, notebook)
        self._check_headings(file, notebook)

    def _check_tags(self, where: str, cell: nbformat.NotebookNode) -> None:
        languages = [f"lang-{code}" for code in self.languages]
        tags = cell.metadata.get("tags", [])
        for tag in tags:
            if tag in KNOWN_TAGS or tag in languages:
                continue
            near = difflib.get_close_matches(tag.lower(), [*languages, *sorted(KNOWN_TAGS)], 1, 0.5)
            hint = f"Did you mean '{near[0]}'?" if near else f"Languages are {', '.join(languages)}."
            self._problem(where, f"unknown tag '{tag}'", hint)
        chosen = [tag for tag in tags if tag.startswith("lang-")]
        if cell.cell_type == "code" and chosen:
            self._problem(where, f"a code cell carries '{chosen[0]}'", "Code belongs to all editions: remove the tag.")
        elif len(chosen) > 1:
            self._problem(where, f"carries {' and '.join(chosen)}", "Keep one language a cell.")

    def _check_markdown(self, where: str, cell: nbformat.NotebookNode) -> None:
        prose = re.sub(r"^(`{3,})(?!\s*\{).*?^\1`*\s*$", "", cell.source, flags=re.M | re.S)
        for name, pattern in MYST.items():
            if match := pattern.search(prose):
                line = match[0].strip().splitlines()[0]
                self._problem(
                    where, f"{name} of MyST, '{line}'", "Use plain Markdown; other readers show this as noise."
                )
        text = read_text(cell.source)
        if text.raw_images:
            self._problem(where, "an <img> tag", "Write ![what it shows](images/name.svg).")
        for figure, alt in zip(text.figures, text.alts):
            if not alt:
                self._problem(where, f"the figure {figure} has no alt text", "Say in words what it shows: ![…](…).")
        for src in text.uncaptioned:
            self._problem(
                where,
                f"the figure {src} has no caption",
                "Let it stand alone, and behind it a paragraph *in emphasis* that says what to see.",
            )
        for src in text.figures:
            if not (self.root / "book" / src).is_file():
                self._problem(where, f"there is no image book/{src}", "Restore the file or mend the path.")
            elif not self._embedded(src):
                self._problem(where, f"book/{src} is no SVG or PNG that can be drawn", "Save it again.")
        for link in text.links:
            self._check_link(where, link)

    def _check_link(self, where: str, link: str) -> None:
        if re.match(r"(https?|mailto):", link):
            return
        target, _, anchor = link.partition("#")
        chapter = f"book/{target[:-6]}" if target.endswith(".ipynb") else None
        if chapter not in self.chapters:
            self._problem(
                where, f"the link {link} leads nowhere", "Link chapters as other_chapter.ipynb#english-heading."
            )
        elif anchor and chapter in self.anchors and anchor not in self.anchors[chapter]:
            near = difflib.get_close_matches(anchor, self.anchors[chapter], 1, 0.3)
            hint = f"Did you mean #{near[0]}?" if near else "Anchors are the English headings, lower case, hyphens."
            self._problem(where, f"{target} has no heading #{anchor}", hint)

    def _check_code(self, where: str, cell: nbformat.NotebookNode, expected: int) -> None:
        again = "Run 'make record'."
        if not cell.source.strip():
            self._problem(where, "an empty code cell", "Remove it.")
        elif cell.execution_count is None:
            self._problem(where, "was not executed", again)
        elif cell.execution_count != expected:
            self._problem(where, f"has execution count {cell.execution_count} instead of {expected}", again)
        for output in cell.outputs:
            if output.output_type == "error" and "raises-exception" not in cell.metadata.get("tags", []):
                self._problem(
                    where, f"ends in {output.ename}: {output.evalue}", "Mend the cell, or tag it raises-exception."
                )
            if output.get("name") == "stderr":
                line = output.text.strip().splitlines()[0] if output.text.strip() else ""
                self._problem(where, f"wrote to stderr: {line}", "Remove the cause of the warning, then 'make record'.")
            if match := ADDRESS_OR_PATH.search(
                json.dumps([output.get("text"), output.get("data", {}).get("text/plain")])
            ):
                self._problem(
                    where, f"prints a machine's path or address ('{match[0]}')", "Print something that lasts."
                )

    def _check_twins(self, file: str, notebook: nbformat.NotebookNode) -> None:
        """Cells with a language come in groups, one of each language, in the order of the configuration."""
        order = list(self.languages)
        group: list[tuple[int, nbformat.NotebookNode]] = []

        def close() -> None:
            if not group:
                return
            present = [language_of(cell) for _, cell in group]
            number, cell = group[0]
            where = f"{file}, cell {number} ({cell.id})"
            if present != order:
                missing = [code for code in order if code not in present]
                self._problem(
                    where,
                    f"has no twin in {' and '.join(self.languages[code]['name'] for code in missing)}"
                    if missing
                    else "its twins are out of order",
                    f"Let a cell be followed by its translation, in the order {', '.join(order)}.",
                )
            else:
                for other_number, other in group[1:]:
                    self._compare(where, cell, f"cell {other_number} ({other.id})", other)
            group.clear()

        for number, cell in enumerate(notebook.cells, 1):
            code = language_of(cell) if cell.cell_type == "markdown" else None
            if code not in self.languages:
                close()
                continue
            if group and order.index(code) <= order.index(language_of(group[-1][1])):
                close()
            group.append((number, cell))
        close()

    def _compare(self, where: str, cell: nbformat.NotebookNode, twin_name: str, twin: nbformat.NotebookNode) -> None:
        one, two = read_text(cell.source), read_text(twin.source)
        levels = [level for level, _ in one.headings], [level for level, _ in two.headings]
        if levels[0] != levels[1]:
            self._problem(where, f"its heading levels {levels[0]} differ from {levels[1]} in its twin, {twin_name}",
                          "Give both the same headings.")  # fmt: skip
        for attribute, name in AGREE.items():
            here, there = getattr(one, attribute), getattr(two, attribute)
            if here == there:
                continue
            if isinstance(here, set):
                only = ", ".join(sorted(here - there)) or "nothing", ", ".join(sorted(there - here)) or "nothing"
                detail = f"only here: {only[0]}; only there: {only[1]}"
            else:
                detail = f"here: {here}; there: {there}"
            self._problem(
                where, f"its {name} differ from those of its twin, {twin_name}", f"Let both agree ({detail})."
            )

    def _check_headings(self, file: str, notebook: nbformat.NotebookNode) -> None:
        for code in self.languages:
            headings = [
                heading
                for cell in notebook.cells
                if cell.cell_type == "markdown" and language_of(cell) in (None, code)
                for heading in read_text(cell.source).headings
            ]
            if [level for level, _ in headings[:1]] != [1] or sum(level == 1 for level, _ in headings) != 1:
                self._problem(file, f"{code}: a chapter has one title (# …), at its top", "Mend the headings.")
            for (before, _), (level, heading) in zip(headings, headings[1:]):
                if level > before + 1:
                    self._problem(file, f"{code}: the heading '{heading}' skips a level", f"Use {'#' * (before + 1)}.")
        anchors = self._anchors(notebook)
        for anchor, count in Counter(anchors).items():
            if count > 1:
                self._problem(
                    file, f"{count} headings have the anchor #{anchor}", "Word the English headings differently."
                )
            if not re.fullmatch(r"[a-z][\w-]*", anchor):
                self._problem(
                    file, f"a heading has the anchor '#{anchor}'", "Begin the English heading with a Latin letter."
                )

    # -- editions -------------------------------------------------------------------------------------------------

    def edition(self, code: str) -> dict[str, bytes]:
        """The files of one edition, that of the language ``code``.

        Returns:
            path below the edition's folder -> content. ``<chapter>.ipynb`` are the pages, ``notebooks/<chapter>.ipynb``
            the same chapters ready to run alone.
        """
        files: dict[str, bytes] = {}
        config = copy.deepcopy(self.config)
        config["title"] = self.languages[code]["title"]
        config["sphinx"]["config"].update(language=code, book_edition=code)
        config["sphinx"]["config"]["book_downloads"] = self.downloads.get(code, [])
        site = self.repository.site if self.repository else None
        if self.repository:
            config["sphinx"]["config"]["book_links"] = self.repository.links(code)
        if site:
            config["sphinx"]["config"].update(book_site=site, html_baseurl=f"{site}{code}/")
        toc = json.loads(re.sub(r'"book/([\w-]+)"', r'"\1"', json.dumps(self.toc)))
        for name, content in (("_config.yml", config), ("_toc.yml", toc)):
            files[name] = yaml.safe_dump(content, allow_unicode=True, sort_keys=False).encode()
        for folder in ("theme", "book/images"):
            for path in sorted((self.root / folder).rglob("*")):
                if path.is_file() and not {"__pycache__", ".DS_Store"} & set(path.parts) and path.suffix != ".mo":
                    files[path.relative_to(self.root).as_posix().removeprefix("book/")] = path.read_bytes()
        for chapter, notebook in self.notebooks.items():
            name = chapter.removeprefix("book/")
            page = copy.deepcopy(notebook)
            page.cells = [
                cell for cell in page.cells if cell.cell_type != "markdown" or language_of(cell) in (None, code)
            ]
            for cell in page.cells:
                cell.metadata.tags = [tag for tag in cell.metadata.get("tags", []) if not tag.startswith("lang-")]
                if not cell.metadata.tags:
                    del cell.metadata["tags"]
                if cell.cell_type == "markdown":
                    cell.source = re.sub(r"\n{3,}", "\n\n", COMMENT.sub("", cell.source)).strip()
            alone = copy.deepcopy(page)
            for cell in alone.cells:
                if cell.cell_type == "markdown":
                    cell.source = self._stand_alone(cell.source, code, site)
            page.metadata["anchors"] = " ".join(self.anchors[chapter])
            images = {
                cell.id: {"alt": plot_alt(notebook.cells, number, code), **plot_width(cell)}
                for number, cell in enumerate(notebook.cells)
                if draws(cell)
            }
            for cell in page.cells:
                if cell.id in images:  # MyST-NB puts these on the page's <img>
                    cell.metadata["mystnb"] = {"image": images[cell.id]}
            files[f"{name}.ipynb"] = nbformat.v4.writes(page).encode() + b"\n"
            files[f"notebooks/{name}.ipynb"] = nbformat.v4.writes(alone).encode() + b"\n"
        return files

    def _embedded(self, src: str) -> str | None:
        """The image as a PNG data URI: what Colab writes itself, and the one form that it shows. None if it is no image."""
        path = self.root / "book" / src
        if path.suffix == ".svg":
            png = self.pictures.png(path.read_text("utf-8", "replace"), ZOOM)
        else:
            png = path.read_bytes()
        if png and png.startswith(b"\x89PNG"):
            return f"data:image/png;base64,{base64.b64encode(png).decode()}"

    def _stand_alone(self, source: str, code: str, site: str | None) -> str:
        """Embed the images of a Markdown cell and let its links lead to the site or to the notebook next to it."""
        text = read_text(source)
        for src in text.figures:
            source = source.replace(f"]({src})", f"]({self._embedded(src)})")
        for link in set(text.links):
            target, hash_, anchor = link.partition("#")
            if target.endswith(".ipynb") and "/" not in target:
                there = f"{site}{code}/{target[:-6]}.html{hash_}{anchor}" if site else target
                source = source.replace(f"]({link})", f"]({there})")
        return source


def toc_files(toc: dict | list):
    """Yield the files that a table of contents names, in order."""
    if isinstance(toc, list):
        for entry in toc:
            yield from toc_files(entry)
    elif isinstance(toc, dict):
        for key, value in toc.items():
            if key in ("root", "file"):
                yield value
            elif isinstance(value, (dict, list)):
                yield from toc_files(value)


def write_if_changed(path: Path, content: bytes) -> bool:
    """Write ``content`` in one step unless the file holds it already, so that an incremental build stays one."""
    if path.is_file() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.tmp")
    draft.write_bytes(content)
    os.replace(draft, path)
    return True


def cut(book: Book) -> None:
    """Read and check the book and write its editions to ``book.folder(code)``.

    Raises:
        BookError: with every problem found; nothing was written.
    """
    book.read()
    if book.problems:
        raise BookError(book.problems)
    book.keep_pictures()
    editions = {code: book.edition(code) for code in book.languages}
    for code, files in editions.items():
        folder = book.folder(code)
        changed = [name for name, content in files.items() if write_if_changed(folder / name, content)]
        if any(name.startswith(("theme/", "images/")) for name in changed):
            # Sphinx does not see that a style sheet, a translation, its extension or a picture alone has changed.
            shutil.rmtree(folder / "_build", ignore_errors=True)
        for path in sorted(folder.rglob("*"), reverse=True):
            name = path.relative_to(folder)
            if name.parts[0] == "_build" or path.suffix == ".mo" or "__pycache__" in name.parts:
                continue
            if path.is_file() and name.as_posix() not in files:
                path.unlink()
            elif path.is_dir() and not any(path.iterdir()):
                path.rmdir()


if __name__ == "__main__":
    try:
        book = Book()
        cut(book)
        print(*(book.folder(code).relative_to(ROOT) for code in book.languages), sep="\n")
    except BookError as error:
        sys.exit(str(error))
