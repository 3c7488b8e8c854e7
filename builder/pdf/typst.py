"""The PDF: a document for Typst, a typesetter, which sets it with ``theme/pdf/book.typ``.

The letters are those of fonts that come with the packages: whatever the machine, the same sources give the same bytes.
"""

from __future__ import annotations

import json
import re
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst

from ..messages import Refused
from .document import Document
from .pandoc import block, pandoc, plain
from .words import LICENCE, words

LATIN, KOREAN, CODE = "Libertinus Serif", "NanumGothic", "DejaVu Sans Mono"

# Tagged for readers who see nothing; and Typst refuses a letter that no font has, where it would set a box.
STANDARD = "ua-1"


def for_typst(node: Any) -> Any:
    """The document with calls of the functions of ``theme/pdf/book.typ`` in place of what Typst does not know."""
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
            elif name in ("code-cell", "output"):
                done += listing_for_typst(name, inside[0])
            else:
                done += [raw(f"#{name}({lines(inside)})["), *for_typst(inside), raw("]")]
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
        if part["t"] == "Div":
            count += lines(part["c"][1])
        elif part["t"] == "CodeBlock":
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


def fonts(folder: Path) -> Path:
    """Copy the Korean font of the package that carries it into ``folder``; Latin letters and formulas are in Typst."""
    package = find_spec("koreanize_matplotlib")
    places = [Path(place, "fonts") for place in package.submodule_search_locations] if package else []
    files = [place / f"{KOREAN}{weight}.ttf" for place in places for weight in ("", "Bold")]
    if not files or not all(file.is_file() for file in files):
        raise Refused(f"The font {KOREAN} is missing. Remove .venv and run 'make pdf' again.")
    folder.mkdir()
    for file in files:
        shutil.copy(file, folder)
    return folder


def run_typst(folder: Path, name: str, **options):
    """Let Typst set ``name`` in ``folder``; a warning is an error.

    Raises:
        Refused: the text is Typst's own.
    """
    try:
        done, warnings = typst.compile_with_warnings(
            str(folder / name),
            root=str(folder),
            font_paths=[str(folder / "fonts")],
            ignore_system_fonts=True,
            **options,
        )
    except typst.TypstError as error:
        raise Refused(f"typst: {error.diagnostic}") from None
    if warnings:
        raise Refused("\n".join(f"typst: {warning.message}" for warning in warnings))
    return done


def newer_names(body: str) -> str:
    """Pandoc 3.9 knows the names of Typst 0.13."""
    return re.sub(r"\b(dot|plus|minus|times)\.circle\b", r"\1.o", body)


def set_formula(tex: str, folder: Path) -> None:
    """Set a formula alone.

    Raises:
        Refused: it cannot be set.
    """
    source = json.dumps(
        {
            "pandoc-api-version": [1, 23],
            "meta": {},
            "blocks": [block("Para", [block("Math", [{"t": "DisplayMath"}, tex])])],
        }
    )
    body = pandoc(source, "--from=json", "--to=typst-smart", folder=folder)
    (folder / "formula.typ").write_text(newer_names(body), "utf-8")
    (folder / "fonts").mkdir()
    run_typst(folder, "formula.typ", format="pdf")


def write_pdf(document: Document, place: Path) -> bytes:
    """Write the PDF, and return its first page as PNG."""
    language, folder = document.language, document.folder
    korean, site = language.code == "ko", document.book.site
    settings = {
        "title": language.title,
        "description": language.description,
        "licence": words(document.book, language).get(LICENCE, LICENCE),
        "language": language.code.partition("-")[0],
        "address": f"{site}{language.code}/" if site else None,
        "text-fonts": [KOREAN, LATIN] if korean else [LATIN, KOREAN],
        "code-fonts": [CODE, KOREAN],
        "size": 9.8 if korean else 11,
        "slanted": not korean,
    }
    fonts(folder / "fonts")
    shutil.copy(document.book.root / "theme" / "pdf" / "book.typ", folder)
    (folder / "settings.json").write_text(json.dumps(settings), "utf-8")
    start = '#import "book.typ": *\n#show: book.with(..json("settings.json"))\n'
    source = document.json(for_typst(document.blocks))
    body = pandoc(source, "--from=json", "--to=typst-smart", "--wrap=preserve", folder=folder)
    body = newer_names(body)
    (folder / "book.main.typ").write_text(start + body, "utf-8")
    (folder / "cover.typ").write_text(start, "utf-8")
    place.write_bytes(run_typst(folder, "book.main.typ", format="pdf", pdf_standards=[STANDARD]))
    return run_typst(folder, "cover.typ", format="png", ppi=150)[0]
