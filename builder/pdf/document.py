"""An edition as one document of pandoc, in which links between chapters lead to its own headings.

Its parts are those of the pages (theme/extension/cells.py): a cell is one frame, entries of "What goes wrong" and exercises
are cards, and of code that few want to read there is a line that says what it is; the notebook has it.
"""

from __future__ import annotations

import ast
import base64
import json
import re
import uuid
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from ..chapters.book import CHAPTERS, Book, Language
from ..chapters.markdown import ELSEWHERE, published
from ..chapters.notebook import SVG, Cell, Chapter, parsed
from ..chapters.plots import themed
from ..messages import Refused
from .pandoc import attributes, block, figure, listing, pandoc, plain
from .words import words

# The Markdown of the chapters, as markdown-it reads it for the pages.
MARKDOWN = "commonmark+pipe_tables+tex_math_dollars"

# Sections with these anchors hold cards.
CARDS = {"what-goes-wrong": "mistake", "exercises": "exercise"}

WAITING = "Replace ... with your answer."  # what an exercise prints that nobody has answered; paper cannot run it
SHORT = 12  # a setup with fewer lines is read as quickly as what stands in its place

SIZE = re.compile(r'<svg [^>]*?width="([0-9]{1,5})"')


class Document:
    """An edition as a document.

    Attributes:
        folder: where its images are written, and where it is set.
        blocks: what it is made of, in pandoc's form.
    """

    def __init__(self, book: Book, language: Language, folder: Path):
        self.book, self.language, self.folder = book, language, folder
        (folder / "plots").mkdir(parents=True)
        sources = [cell.source for chapter in book.chapters for cell in chapter.texts(language.code)]
        texts = iter(self._read([published(source) for source in sources]))
        self.blocks: list[dict] = []
        self.words = words(book, language)
        self.setups = 0  # how many chapters had one so far
        numbers, label = book.numbers, self._word("Figure {}")
        for chapter in book.chapters:
            anchors, blocks, first = iter(chapter.anchors), [], True
            for cell in chapter.cells(language.code):
                if cell.is_markdown:
                    blocks += with_captions(blocks, self._text(next(texts), chapter, anchors))
                elif cell.is_code:
                    blocks += self._code(chapter, cell, first)
                    first = False
            of_chapter = f"{numbers[chapter.name]}." if chapter.name in numbers else ""
            for count, one in enumerate(figures(blocks), 1):
                number_figure(one, label.format(f"{of_chapter}{count}"))
            self.blocks += cards(blocks, chapter)

    def json(self, blocks: list[dict]) -> str:
        """A whole document as pandoc reads it."""
        empty = json.loads(pandoc("", "--from=commonmark", "--to=json", folder=self.folder))
        return json.dumps({**empty, "blocks": blocks})

    def _read(self, texts: list[str]) -> list[list[dict]]:
        """The blocks of each text; pandoc is asked once, because it takes a while to start."""
        border = f"<!-- {uuid.uuid5(uuid.NAMESPACE_URL, 'border between cells')} -->"
        answer = json.loads(
            pandoc(f"\n\n{border}\n\n".join(texts), f"--from={MARKDOWN}", "--to=json", folder=self.folder)
        )
        parts: list[list[dict]] = [[]]
        for part in answer["blocks"]:
            if part["t"] == "RawBlock" and part["c"][1].strip() == border:
                parts.append([])
            else:
                parts[-1].append(part)
        if len(parts) != len(texts):
            raise Refused(f"{self.language.code}: a cell leaves a block of code or of HTML open.")
        return parts

    def _text(self, blocks: list[dict], chapter: Chapter, anchors: Iterator[str]) -> list[dict]:
        """A Markdown cell: headings with the names of their anchors, links inside the document, figures, folded parts."""
        blocks = self._figures(self._folded(blocks, chapter))
        for part in blocks:
            if part["t"] == "Header":
                level, _, inlines = part["c"]
                anchor = next(anchors)
                part["c"] = [level, attributes(chapter.name if level == 1 else f"{chapter.name}--{anchor}"), inlines]
        try:
            return self._inlines(blocks)
        except Refused as error:
            raise Refused(f"{chapter.file}: {error}") from None

    def _folded(self, blocks: list[dict], chapter: Chapter) -> list[dict]:
        """Make a Div of each ``<details>``, with its summary as the title."""
        done: list[list[dict]] = [[]]
        for part in blocks:
            html = part["c"][1].strip() if part["t"] == "RawBlock" else ""
            if match := re.fullmatch(r"<details>\s*<summary>(.+?)</summary>", html, re.S):
                done.append([block("Para", [block("Strong", words_of(unescape(match[1])))])])
            elif html == "</details>" and len(done) > 1:
                inside = self._figures(done.pop())
                done[-1].append(block("Div", [attributes(classes=("folded",)), inside]))
            elif html:
                raise Refused(f"{chapter.file}: HTML that has no form on paper: {html}")
            else:
                done[-1].append(part)
        if len(done) > 1:
            raise Refused(f"{chapter.file}: a <details> without its end, or not alone on its line")
        return done[0]

    def _figures(self, blocks: list[dict]) -> list[dict]:
        """Make a Figure of an image and the paragraph in emphasis behind it, its caption."""
        done: list[dict] = []
        blocks = list(blocks)
        while blocks:
            part = blocks.pop(0)
            if part["t"] == "Para" and [inline["t"] for inline in part["c"]] == ["Image"]:
                alt, (source, _) = part["c"][0]["c"][1:]
                path = self.book.root / CHAPTERS / source
                (self.folder / source).parent.mkdir(parents=True, exist_ok=True)
                (self.folder / source).write_bytes(path.read_bytes())
                size = SIZE.search(path.read_text("utf-8")) if path.suffix == ".svg" else None
                caption = blocks.pop(0)["c"][0]["c"] if blocks and is_caption(blocks[0]) else []
                part = figure(source, plain(alt), size[1] if size else "", caption)
            done.append(part)
        return done

    def _inlines(self, node: Any) -> Any:
        """The same blocks with links that lead inside, and languages marked as pandoc marks them."""
        if isinstance(node, dict):
            if node.get("t") == "Link":
                attr, inlines, (target, title) = node["c"]
                file, _, anchor = unquote(target).partition("#")
                if file.endswith(".ipynb") and not ELSEWHERE.match(target):
                    target = f"#{file[:-6]}--{anchor}" if anchor else f"#{file[:-6]}"
                return block("Link", [attr, self._inlines(inlines), [target, title]])
            return {key: self._inlines(value) for key, value in node.items()}
        if isinstance(node, list):
            return [self._inlines(child) for child in curly(languages(node))]
        return node

    def _code(self, chapter: Chapter, cell: Cell, first: bool) -> list[dict]:
        """A code cell and what it printed and drew: a frame, and plots behind it."""
        printed = "\n".join(cell.printed).strip()
        if "exercise" in cell.tags and printed == WAITING:
            return []
        source = cell.source.rstrip("\n")
        summary = self._summary(cell, first and not printed)
        frame, plots = [] if summary else [listing(source, "code-cell", "python")], []
        for number, (output, text) in enumerate(zip(cell.outputs, cell.printed)):
            data = output.get("data", {})
            if SVG in data or "image/png" in data:
                path = f"plots/{chapter.name}-{cell.id}-{number}.{'svg' if SVG in data else 'png'}"
                svg = themed(data.get(SVG, ""))
                (self.folder / path).write_bytes(svg.encode() or base64.b64decode(data["image/png"]))
                size = SIZE.search(svg)
                width = size[1] if size else cell.plot_width.get("width", "").removesuffix("px")
                plots.append(figure(path, chapter.plot_alt(cell, self.language.code), width, []))
            elif text.strip():
                frame.append(listing(text.strip("\n").expandtabs(), "output"))
        return [*summary, *([block("Div", [attributes(classes=("cell",)), frame])] if frame else []), *plots]

    def _summary(self, cell: Cell, opens: bool) -> list[dict]:
        """What stands in the place of a setup, of data, or of what draws a plot; nothing when the code is to be read."""
        lines = cell.source.count("\n") + 1
        if "data" in cell.tags:
            words = self._word("Data: %s · %d lines") % ("\0", lines)
        elif cell.draws:
            words = self._word("Code of this figure, %d lines") % lines
        elif opens and lines >= SHORT and cell.source.startswith(("import", "from")):
            self.setups += 1
            if self.setups == 1:
                return []  # whole once; the others hardly differ from it
            words = self._word("Setup: imports, %s · %d lines") % ("\0", lines)
        else:
            return []
        before, named, after = words.partition("\0")
        names = [block("Code", [attributes(), ", ".join(defined(cell.source))])] if named else []
        inlines = [block("Str", before), *names, *([block("Str", after)] if after else [])]
        return [block("Div", [attributes(classes=("summary",)), [block("Para", inlines)]])]

    def _word(self, english: str) -> str:
        return self.words.get(english) or english


def cards(blocks: list[dict], chapter: Chapter) -> list[dict]:
    """The blocks of a chapter, with a Div of the kind of the card around each section that is one."""
    done: list[dict] = []
    kind, card = None, done
    for part in blocks:
        if part["t"] == "Header":
            level, (anchor, _, _), _ = part["c"]
            if level < 3:
                kind, card = CARDS.get(anchor.removeprefix(f"{chapter.name}--")), done
            elif level == 3 and kind:
                card = []
                done.append(block("Div", [attributes(classes=(kind,)), card]))
        card.append(part)
    return done


def defined(code: str) -> list[str]:
    """The names that a cell gives, but for those of one letter."""
    found = []
    for part in parsed(code)[0].body:
        if isinstance(part, ast.Assign):
            found += [target.id for target in part.targets if isinstance(target, ast.Name)]
        elif isinstance(part, (ast.FunctionDef, ast.ClassDef)):
            found.append(part.name)
    return [name for name in found if len(name) > 1]


def words_of(text: str) -> list[dict]:
    """Plain words as pandoc holds them: a summary is HTML, in which ``1. Answer`` is no list."""
    return [one for word in text.split() for one in ({"t": "Space"}, block("Str", word))][1:]


def is_caption(part: dict) -> bool:
    """Whether it is a paragraph in emphasis from its first to its last word."""
    return part["t"] == "Para" and [inline["t"] for inline in part["c"]] == ["Emph"]


def with_captions(before: list[dict], text: list[dict]) -> list[dict]:
    """What is left of a text when its first paragraph is the caption of the plot that stands before it."""
    if not (before and before[-1]["t"] == "Figure" and text and is_caption(text[0])):
        return text
    set_caption(before[-1], text[0]["c"][0]["c"])
    return text[1:]


def figures(blocks: list[dict]) -> Iterator[dict]:
    """The figures of blocks and of the folded parts among them, in order."""
    for part in blocks:
        if part["t"] == "Figure":
            yield part
        elif part["t"] == "Div":
            yield from figures(part["c"][1])


def number_figure(part: dict, label: str) -> None:
    """Write its number in front of the caption of a figure."""
    _, (_, caption), _ = part["c"]
    inlines = caption[0]["c"] if caption else []
    number = block("Strong", [block("Str", label.replace(" ", "\N{NO-BREAK SPACE}"))])
    set_caption(part, [number, {"t": "Space"}, *inlines] if inlines else [number])


def set_caption(part: dict, inlines: list[dict]) -> None:
    part["c"][1] = [None, [block("Plain", inlines)]]


def languages(nodes: list) -> list:
    """Make a Span of ``<span lang="…">`` and what stands before its end."""
    done: list[list] = [[]]
    opened: list[str] = []
    for node in nodes:
        html = node["c"][1] if isinstance(node, dict) and node.get("t") in ("RawInline", "RawBlock") else ""
        if match := re.fullmatch(r'<span lang="([\w-]+)">', html):
            opened.append(match[1])
            done.append([])
        elif html == "</span>" and opened:
            inside = done.pop()
            done[-1].append(block("Span", [attributes(lang=opened.pop()), inside]))
        elif html:
            raise Refused(f"HTML that has no form on paper: {html}")
        else:
            done[-1].append(node)
    if opened:
        raise Refused(f'a <span lang="{opened[0]}"> without its end')
    return done[0]


def curly(nodes: list) -> list:
    """Turn quotation marks: one that nothing or a space stands before opens.

    Pandoc itself takes the mark in ‘상태’는 for an apostrophe, because a letter follows.
    """
    for number, node in enumerate(nodes):
        if isinstance(node, dict) and node.get("t") == "Str":
            before = number and nodes[number - 1].get("t") not in ("Space", "SoftBreak", "LineBreak")
            text = re.sub(r"(?<=[(\[“‘])[\"']" if before else r"(?:^|(?<=[(\[“‘]))[\"']", opening, node["c"])
            nodes[number] = block("Str", text.replace('"', "”").replace("'", "’"))
    return nodes


def opening(mark: re.Match) -> str:
    return "“" if mark[0] == '"' else "‘"
