"""An edition as one document of pandoc, in which links between chapters lead to its own headings."""

from __future__ import annotations

import base64
import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from ..chapters.book import CHAPTERS, Book, Language
from ..chapters.markdown import published
from ..chapters.notebook import Cell, Chapter
from ..messages import Refused
from .pandoc import attributes, block, figure, listing, pandoc, plain

# The Markdown of the chapters, as markdown-it reads it for the pages.
MARKDOWN = "commonmark+pipe_tables+tex_math_dollars"

SIZE = re.compile(r'<svg [^>]*?width="(\d+)"')


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
        self.titles: dict[str, list[dict]] = {}  # of folded parts; most are the same
        for chapter in book.chapters:
            anchors = iter(chapter.anchors)
            for cell in chapter.cells(language.code):
                if cell.is_markdown:
                    self.blocks += self._text(next(texts), chapter, anchors)
                elif cell.is_code:
                    self.blocks += self._code(chapter, cell)

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
                if match[1] not in self.titles:
                    ((title,),) = self._read([match[1]])
                    self.titles[match[1]] = title["c"]
                done.append([block("Para", [block("Strong", self.titles[match[1]])])])
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
                caption = []
                if blocks and blocks[0]["t"] == "Para" and [inline["t"] for inline in blocks[0]["c"]] == ["Emph"]:
                    caption = blocks.pop(0)["c"][0]["c"]
                part = figure(source, plain(alt), size[1] if size else "", caption)
            done.append(part)
        return done

    def _inlines(self, node: Any) -> Any:
        """The same blocks with links that lead inside, and languages marked as pandoc marks them."""
        if isinstance(node, dict):
            if node.get("t") == "Link":
                attr, inlines, (target, title) = node["c"]
                file, _, anchor = unquote(target).partition("#")
                if file.endswith(".ipynb"):
                    target = f"#{file[:-6]}--{anchor}" if anchor else f"#{file[:-6]}"
                return block("Link", [attr, self._inlines(inlines), [target, title]])
            return {key: self._inlines(value) for key, value in node.items()}
        if isinstance(node, list):
            return [self._inlines(child) for child in curly(languages(node))]
        return node

    def _code(self, chapter: Chapter, cell: Cell) -> list[dict]:
        """A code cell and what it printed and drew."""
        source = cell.source.rstrip("\n")
        done = [listing(source, "code-cell", "python")]
        for number, (output, text) in enumerate(zip(cell.outputs, cell.printed)):
            data = output.get("data", {})
            if "image/png" in data:
                path = f"plots/{chapter.name}-{cell.id}-{number}.png"
                (self.folder / path).write_bytes(base64.b64decode(data["image/png"]))
                width = cell.plot_width.get("width", "").removesuffix("px")
                done.append(figure(path, chapter.plot_alt(cell, self.language.code), width, []))
            elif text.strip():
                done.append(listing(text.strip("\n"), "output"))
        return done


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
