"""Set each edition as a PDF and as an EPUB.

    python tools/paper.py

Pandoc reads the text of the chapters and makes of it one document, in which links between chapters lead to its own
headings. It writes that document for Typst, a typesetter, which makes the PDF with ``theme/paper/book.typ``, and as EPUB.
The letters are those of fonts that come with the packages: whatever the machine, the same sources give the same bytes.
``_build/paper/`` is replaced only when all files are there.
"""

from __future__ import annotations

import base64
import calendar
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import uuid
from importlib.util import find_spec
from pathlib import Path

from build import ROOT, alone, replace_folder
from cell import COMMENT, language_of, plot_alt, plot_width, slug
from cut import Book, BookError

# What a PDF and an EPUB are made of; see `finished`.
SOURCES = ("_config.yml", "_toc.yml", "requirements.txt", "book/*.ipynb", "book/images/*", "theme/paper/*",
           "theme/locale/*/LC_MESSAGES/*.po", "tools/cell.py", "tools/cut.py", "tools/paper.py")  # fmt: skip

# The Markdown of the chapters, as markdown-it reads it for the pages.
MARKDOWN = "commonmark+pipe_tables+tex_math_dollars"

LATIN, KOREAN, CODE = "Libertinus Serif", "NanumGothic", "DejaVu Sans Mono"

# Tagged for readers who see nothing; and Typst refuses a letter that no font has, where it would set a box.
STANDARD = "ua-1"

LICENCE = "Text and figures: CC BY 4.0. Code: MIT."

SIZE = re.compile(r'<svg [^>]*?width="(\d+)"')


class PaperError(Exception):
    """Nothing was made; the text says why."""


def state(book: Book) -> str:
    """A mark of the sources and of the address that stands in the files; it changes when they do."""
    mark = hashlib.sha256(str(book.repository and book.repository.site).encode())
    for pattern in SOURCES:
        for path in sorted(book.root.glob(pattern)):
            mark.update(
                f"{path.relative_to(book.root).as_posix()} ".encode() + hashlib.sha256(path.read_bytes()).digest()
            )
    return mark.hexdigest()


def finished(book: Book) -> dict[str, list[Path]]:
    """language -> its PDF and EPUB, if they were made from the sources as they are now; else nothing."""
    folder = book.root / "_build" / "paper"
    mark = folder / "sources"
    if not (mark.is_file() and mark.read_text() == state(book)):
        return {code: [] for code in book.languages}
    return {code: [path for path in places(book, code, folder) if path.is_file()] for code in book.languages}


def places(book: Book, code: str, folder: Path) -> list[Path]:
    """Where the PDF and the EPUB of a language stand in ``folder``."""
    name = f"{slug(book.languages[book.anchor_language]['title'])}-{code}"
    return [folder / f"{name}.{ending}" for ending in ("pdf", "epub")]


# -- the document, in pandoc's own form: lists of {"t": type, "c": content} --------------------------------------------


def block(kind: str, content: object) -> dict:
    return {"t": kind, "c": content}


def attributes(id: str = "", classes: tuple[str, ...] = (), **pairs: str) -> list:
    return [id, list(classes), [[key, value] for key, value in pairs.items()]]


def pandoc(text: str, *arguments: str, folder: Path, year: int = 1980) -> str:
    """What pandoc answers; a warning, such as a formula that it does not understand, is an error.

    Args:
        text: its input.
        folder: where it finds and writes files.
        year: what it takes for the present, in place of the clock.

    Raises:
        PaperError: the text is pandoc's own.
    """
    from pypandoc import get_pandoc_path

    epoch = str(calendar.timegm((year, 1, 1, 0, 0, 0)))
    done = subprocess.run(
        [get_pandoc_path(), "--fail-if-warnings", f"--data-dir={folder}", *arguments],
        input=text, capture_output=True, cwd=folder, encoding="utf-8", env={**os.environ, "SOURCE_DATE_EPOCH": epoch},
    )  # fmt: skip
    if done.returncode:
        raise PaperError(f"pandoc: {done.stderr.strip()}")
    return done.stdout


class Edition:
    """One edition as a document.

    Args:
        book: the book, read.
        code: the language.
        folder: where the pictures are written.
    """

    def __init__(self, book: Book, code: str, folder: Path):
        self.book, self.code, self.folder = book, code, folder
        (folder / "images").mkdir(parents=True)
        cells = self._cells()
        texts = iter(self._read([COMMENT.sub("", cell.source) for _, _, cell in cells if cell.cell_type == "markdown"]))
        self.blocks: list[dict] = []
        self.titles: dict[str, list[dict]] = {}  # of folded parts; most are the same
        anchors: dict[str, list[str]] = {chapter: list(book.anchors[chapter]) for chapter in book.chapters}
        for chapter, number, cell in cells:
            name = chapter.removeprefix("book/")
            if cell.cell_type == "markdown":
                self.blocks += self._text(next(texts), name, anchors[chapter])
            elif cell.cell_type == "code":
                self.blocks += self._code(
                    cell, f"{name}-{cell.id}", plot_alt(book.notebooks[chapter].cells, number, code)
                )

    def _cells(self) -> list[tuple[str, int, dict]]:
        """(chapter, number, cell) of every cell of the edition, in order."""
        return [
            (chapter, number, cell)
            for chapter in self.book.chapters
            for number, cell in enumerate(self.book.notebooks[chapter].cells)
            if cell.cell_type != "markdown" or language_of(cell) in (None, self.code)
        ]

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
            raise PaperError(f"{self.code}: a cell leaves a block of code or of HTML open.")
        return parts

    def _text(self, blocks: list[dict], chapter: str, anchors: list[str]) -> list[dict]:
        """A Markdown cell: headings with the names of their anchors, links inside the document, figures, folded parts."""
        blocks = self._figures(self._folded(blocks, chapter))
        for part in blocks:
            if part["t"] == "Header":
                level, _, inlines = part["c"]
                anchor = anchors.pop(0)
                part["c"] = [level, attributes(chapter if level == 1 else f"{chapter}--{anchor}"), inlines]
        try:
            return self._inlines(blocks)
        except PaperError as error:
            raise PaperError(f"book/{chapter}.ipynb: {error}") from None

    def _folded(self, blocks: list[dict], chapter: str) -> list[dict]:
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
                inside = done.pop()
                done[-1].append(block("Div", [attributes(classes=("folded",)), inside]))
            elif html:
                raise PaperError(f"book/{chapter}.ipynb: HTML that has no form on paper: {html}")
            else:
                done[-1].append(part)
        if len(done) > 1:
            raise PaperError(f"book/{chapter}.ipynb: a <details> without its end, or not alone on its line")
        return done[0]

    def _figures(self, blocks: list[dict]) -> list[dict]:
        """Make a Figure of a picture and the paragraph in emphasis behind it, its caption."""
        done: list[dict] = []
        blocks = list(blocks)
        while blocks:
            part = blocks.pop(0)
            if part["t"] == "Para" and [inline["t"] for inline in part["c"]] == ["Image"]:
                alt, (source, _) = part["c"][0]["c"][1:]
                path = self.book.root / "book" / source
                (self.folder / "images" / path.name).write_bytes(path.read_bytes())
                size = SIZE.search(path.read_text("utf-8")) if path.suffix == ".svg" else None
                caption = []
                if blocks and blocks[0]["t"] == "Para" and [inline["t"] for inline in blocks[0]["c"]] == ["Emph"]:
                    caption = blocks.pop(0)["c"][0]["c"]
                part = figure(f"images/{path.name}", plain(alt), size[1] if size else "", caption)
            done.append(part)
        return done

    def _inlines(self, node):
        """The same blocks with links that lead inside, and languages marked as pandoc marks them."""
        if isinstance(node, dict):
            if node.get("t") == "Link":
                attr, inlines, (target, title) = node["c"]
                file, _, anchor = target.partition("#")
                if file.endswith(".ipynb"):
                    target = f"#{file[:-6]}--{anchor}" if anchor else f"#{file[:-6]}"
                return block("Link", [attr, self._inlines(inlines), [target, title]])
            return {key: self._inlines(value) for key, value in node.items()}
        if isinstance(node, list):
            return [self._inlines(child) for child in curly(languages(node))]
        return node

    def _code(self, cell: dict, name: str, alt: str) -> list[dict]:
        """A code cell and what it printed and drew."""
        source = cell.source.rstrip("\n")
        done = [listing(source, "code-cell", "python")]
        for number, output in enumerate(cell.outputs):
            data = output.get("data", {})
            if "image/png" in data:
                path = f"images/{name}-{number}.png"
                (self.folder / path).write_bytes(base64.b64decode(data["image/png"]))
                done.append(figure(path, alt, plot_width(cell).get("width", "").removesuffix("px"), []))
            else:
                text = output.get("text") or data.get("text/plain") or "\n".join(output.get("traceback", []))
                if text.strip():
                    done.append(listing(text.strip("\n"), "output"))
        return done


def listing(text: str, kind: str, *language: str) -> dict:
    return block("Div", [attributes(classes=(kind,)), [block("CodeBlock", [attributes(classes=language), text])]])


def figure(path: str, alt: str, width: str, caption: list[dict]) -> dict:
    image = block("Image", [attributes(**({"width": f"{width}px"} if width else {})), [block("Str", alt)], [path, ""]])
    return block(
        "Figure", [attributes(), [None, [block("Plain", caption)] if caption else []], [block("Plain", [image])]]
    )


def plain(inlines: list[dict]) -> str:
    """The words of an alt text."""
    words = []
    for inline in inlines:
        if inline["t"] in ("Space", "SoftBreak"):
            words.append(" ")
        elif inline["t"] == "Str":
            words.append(inline["c"])
        elif inline["t"] in ("Code", "Math", "RawInline"):
            words.append(inline["c"][1])
        elif inline["t"] == "Quoted":
            words.append('"' + plain(inline["c"][1]) + '"')
        else:
            words.append(plain(inline["c"] if isinstance(inline["c"][0], dict) else inline["c"][1]))
    return "".join(words)


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
            raise PaperError(f"HTML that has no form on paper: {html}")
        else:
            done[-1].append(node)
    if opened:
        raise PaperError(f'a <span lang="{opened[0]}"> without its end')
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


# -- the files --------------------------------------------------------------------------------------------------------


def for_typst(node):
    """The document with calls of the functions of ``theme/paper/book.typ`` in place of what Typst does not know."""
    if isinstance(node, dict):
        return {key: for_typst(value) for key, value in node.items()}
    if not isinstance(node, list):
        return node
    done: list = []
    for child in node:
        kind = child.get("t") if isinstance(child, dict) else None
        if kind == "Div":
            (_, (name,), _), inside = child["c"]
            if name == "folded":
                title, *inside = inside
                title = block("Plain", for_typst(title["c"][0]["c"]))
                done += [raw(f"#folded({lines(inside)})["), title, raw("]["), *for_typst(inside), raw("]")]
            else:
                done += listing_for_typst(name, inside[0])
        elif kind == "CodeBlock":
            done += listing_for_typst("listing", child)
        elif kind == "Table":
            done += [raw(f"#grid-of({lines([child])})["), for_typst(child), raw("]")]
        elif kind == "Figure":
            _, (_, caption), (picture,) = child["c"]
            (_, _, pairs), alt, (path, _) = picture["c"][0]["c"]
            width = dict(pairs).get("width", "").removesuffix("px") or "none"
            call = f"#picture({quoted(path)}, {width}, {quoted(plain(alt))}, "
            done += [raw(f"{call}["), *for_typst(caption), raw("])")] if caption else [raw(f"{call}none)")]
        elif kind == "Span":
            (_, _, pairs), inside = child["c"]
            done += [raw(f"#text(lang: {quoted(dict(pairs)['lang'])})[", "RawInline"), *for_typst(inside)]
            done.append(raw("]", "RawInline"))
        elif kind == "Math":
            alt = quoted(" ".join(child["c"][1].split()))
            done += [raw(f"#formula({alt})[", "RawInline"), child, raw("]", "RawInline")]
        elif kind == "Str" and done and (done[-1]["t"] == "Code" or done[-1].get("c") == ["typst", "]"]):
            # Korean writes particles without a space, and no line may begin with one.
            done.append(block("Str", "\N{WORD JOINER}" + child["c"]))
        else:
            done.append(for_typst(child))
    return done


def listing_for_typst(name: str, code: dict) -> list[dict]:
    return [raw(f"#{name}({lines([code])})["), code, raw("]")]


def lines(blocks: list[dict]) -> int:
    """About how many lines blocks take; the short ones are kept on one page."""
    count = 0
    for part in blocks:
        if part["t"] == "CodeBlock":
            count += part["c"][1].count("\n") + 1
        elif part["t"] == "Table":
            count += sum(len(body[3]) for body in part["c"][4]) + 1
        else:
            count += 1 + len(json.dumps(part)) // 2000
    return count


def raw(source: str, kind: str = "RawBlock") -> dict:
    return block(kind, ["typst", source])


def quoted(text: str) -> str:
    """A string of Typst."""
    return json.dumps(text, ensure_ascii=False)


def words(book: Book, code: str) -> dict[str, str]:
    """The words of the interface in a language, by the English ones; what has no translation stays English."""
    from babel.messages.pofile import read_po

    path = book.root / "theme" / "locale" / code / "LC_MESSAGES" / "sphinx.po"
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        return {message.id: message.string for message in read_po(file) if message.id and message.string}


def fonts(folder: Path) -> Path:
    """Copy the Korean font of the package that carries it into ``folder``; Latin letters and formulas are in Typst."""
    package = find_spec("koreanize_matplotlib")
    places = [Path(place, "fonts") for place in package.submodule_search_locations] if package else []
    files = [place / f"{KOREAN}{weight}.ttf" for place in places for weight in ("", "Bold")]
    if not files or not all(file.is_file() for file in files):
        raise PaperError(f"The font {KOREAN} is missing. Remove .venv and run 'make pdf' again.")
    folder.mkdir()
    for file in files:
        shutil.copy(file, folder)
    return folder


def run_typst(folder: Path, name: str, **options):
    """Let Typst set ``name`` in ``folder``; a warning is an error.

    Raises:
        PaperError: the text is Typst's own.
    """
    import typst

    try:
        done, warnings = typst.compile_with_warnings(
            str(folder / name),
            root=str(folder),
            font_paths=[str(folder / "fonts")],
            ignore_system_fonts=True,
            **options,
        )
    except typst.TypstError as error:
        raise PaperError(f"typst: {error.diagnostic}") from None
    if warnings:
        raise PaperError("\n".join(f"typst: {warning.message}" for warning in warnings))
    return done


def write_pdf(edition: Edition, document: str, place: Path) -> bytes:
    """Write the PDF, and return its first page as PNG."""
    book, code, folder = edition.book, edition.code, edition.folder
    language = book.languages[code]
    settings = {
        "title": language["title"],
        "description": language["description"],
        "licence": words(book, code).get(LICENCE, LICENCE),
        "language": code.partition("-")[0],
        "address": f"{book.repository.site}{code}/" if book.repository and book.repository.site else None,
        "text-fonts": [KOREAN, LATIN] if code == "ko" else [LATIN, KOREAN],
        "code-fonts": [CODE, KOREAN],
        "size": 9.8 if code == "ko" else 11,
        "slanted": code != "ko",
    }
    fonts(folder / "fonts")
    shutil.copy(book.root / "theme" / "paper" / "book.typ", folder)
    (folder / "settings.json").write_text(json.dumps(settings), "utf-8")
    start = '#import "book.typ": *\n#show: book.with(..json("settings.json"))\n'
    tree = json.loads(document)
    tree["blocks"] = for_typst(tree["blocks"])
    body = pandoc(json.dumps(tree), "--from=json", "--to=typst-smart", "--wrap=preserve", folder=folder)
    body = re.sub(r"\b(dot|plus|minus|times)\.circle\b", r"\1.o", body)  # pandoc 3.9 knows the names of Typst 0.13
    (folder / "book.main.typ").write_text(start + body, "utf-8")
    (folder / "cover.typ").write_text(start, "utf-8")
    place.write_bytes(run_typst(folder, "book.main.typ", format="pdf", pdf_standards=[STANDARD]))
    return run_typst(folder, "cover.typ", format="png", ppi=150)[0]


def write_epub(edition: Edition, document: str, cover: bytes, place: Path) -> None:
    """Write the EPUB."""
    book, code, folder = edition.book, edition.code, edition.folder
    language = book.languages[code]
    (folder / "cover.png").write_bytes(cover)
    year = re.search(r"\d{4}", str(book.config.get("copyright", "")))
    year = year[0] if year else "1980"
    metadata = {
        "title": language["title"],
        "lang": code,
        "date": year,
        "description": language["description"],
        "rights": words(book, code).get(LICENCE, LICENCE),
        "identifier": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, (book.repository and book.repository.site or '') + place.name)}",
    }
    (folder / "metadata.json").write_text(json.dumps(metadata), "utf-8")
    shutil.copy(book.root / "theme" / "paper" / "epub.css", folder)
    pandoc(
        document, "--from=json", "--to=epub3", "--mathml", "--toc", "--toc-depth=2", "--split-level=1",
        "--metadata-file=metadata.json", "--css=epub.css", "--epub-cover-image=cover.png", f"--output={place}",
        folder=folder, year=int(year),
    )  # fmt: skip


def make(root: Path = ROOT) -> list[Path]:
    """Make the PDF and the EPUB of every edition in ``_build/paper/`` below ``root``; return their paths.

    Raises:
        BookError: the sources have problems.
        PaperError: something in the text has no form on paper, or a font is missing.
        OSError: a folder cannot be written.
    """
    paper = root / "_build" / "paper"
    new = paper.with_name("paper.new")
    shutil.rmtree(new, ignore_errors=True)
    book = Book(root)
    book.read()
    if book.problems:
        raise BookError(book.problems)
    try:
        new.mkdir()
        (new / "sources").write_text(state(book))
        for code in book.languages:
            folder = new / "work"
            edition = Edition(book, code, folder)
            document = pandoc("", "--from=commonmark", "--to=json", folder=folder)
            document = json.dumps({**json.loads(document), "blocks": edition.blocks})
            pdf, epub = places(book, code, new)
            write_epub(edition, document, write_pdf(edition, document, pdf), epub)
            shutil.rmtree(folder)
        replace_folder(new, paper)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return [path for code in book.languages for path in places(book, code, paper)]


def main() -> str | None:
    """Make them; return what went wrong, or None."""
    try:
        with alone(ROOT / "_build"):
            for path in make():
                print(f"{path.relative_to(ROOT)} is ready, {path.stat().st_size / 1e6:.1f} MB.")
    except (BookError, PaperError) as error:
        return f"{error}\nNo PDF or EPUB was replaced."
    except OSError as error:
        return f"{error}\nMake room or make the folder writable, then run it again. No PDF or EPUB was replaced."
    print("'make site' puts them onto the site; it leaves them out once the text has changed.")
    return None


if __name__ == "__main__":
    sys.exit(main())
