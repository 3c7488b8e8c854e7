"""Whatever stands in a contributor's file, the book is built or refused in sentences: no traceback, and no notebook lost.

Hundreds of cases in `make test`, thousands in `make prove`.
"""

from __future__ import annotations

import copy
import json
import shutil
from collections import Counter

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.chapters.book import load_book
from builder.chapters.images import is_svg
from builder.chapters.markdown import comment_places, parse, published, read_text, with_addresses, without_comments
from builder.chapters.rules import problems
from builder.editions.edition import Edition
from builder.messages import Refused
from builder.site.search_index import pages_of_words, sections, terms
from forms import ALLOWED, PROLOGUE, REFUSED, in_language
from support import ROOT, link_to, run_builder, save, small_book, twins

settings.register_profile("test", max_examples=30)
settings.register_profile("prove", max_examples=1500)
MANY = [
    pytest.param("test", id="some"),
    pytest.param("prove", id="thousands", marks=pytest.mark.prove),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = small_book(tmp_path_factory.mktemp("fuzz") / "book")
    shutil.copytree(ROOT / "live" / "review", folder / "live" / "review")  # the words of a page
    return folder


def look(folder) -> list[str] | None:
    """Everything between a file and an edition: what is said, or None when the editions can be made."""
    try:
        book = load_book(folder)
        found = [str(problem) for problem in problems(book)]
        if found:
            assert all("\n    " in one for one in found), found
            return found
        for language in book.languages:
            Edition(book, language).files()
            assert list(pages_of_words(book, language))
            for chapter in book.chapters:
                assert list(sections(language, chapter, terms(book, language)))
    except Refused as refused:
        return [str(refused)]
    return None


def tried(profile: str, folder, name: str, contents: st.SearchStrategy[bytes]) -> None:
    """Put each of the contents into a file of the book, look, and put the file back."""
    path = folder / name
    before = path.read_bytes()

    @settings(
        settings.get_profile(profile),
        deadline=None,
        database=None,
        derandomize=profile == "test",
        suppress_health_check=list(HealthCheck),
    )
    @given(contents)
    def test(content: bytes) -> None:
        path.write_bytes(content)
        look(folder)
        assert path.read_bytes() == content

    try:
        test()
    finally:
        path.write_bytes(before)


# -- what stands in the files ----------------------------------------------------------------------------------------

WORDS = st.one_of(
    st.sampled_from([*REFUSED, *ALLOWED.values()]),
    st.text(max_size=12),
    st.text(alphabet="*_~`$[]()<>!#|-+=:.\\{}%&^\"' \n\tab1가", max_size=24),
    st.sampled_from(["<!--", "-->", "<details>\n<summary>a</summary>\n\n", "</details>", "![a](images/dot.svg)", "\n\n*b.*",
                     "[a](one.ipynb#second-part)", "```", "~~~python", "$$", "| a |\n|---|\n", "> ", "- ", "    ", "\r\n", "\r",
                     "\u2028", "\ufeff", "\u200b", "\0", "[^1]: a", "# ", "<span lang=\"ko\">", "</span>", "\\", "&amp;", "---"]),
)  # fmt: skip
MARKDOWN = st.lists(WORDS, max_size=6).flatmap(
    lambda parts: st.sampled_from(["", " ", "\n", "\n\n"]).map(lambda between: between.join(parts))
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(allow_nan=True) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def places(whole: object, path: tuple = ()) -> list[tuple]:
    """The path to every part of a JSON value."""
    children = whole.items() if isinstance(whole, dict) else enumerate(whole) if isinstance(whole, list) else ()
    return [path, *(place for key, child in children for place in places(child, (*path, key)))]


def spoilt(whole: object, other: st.SearchStrategy) -> st.SearchStrategy:
    """A JSON or YAML value with one to three of its parts replaced, removed, doubled or renamed."""

    @st.composite
    def spoil(draw):
        changed = copy.deepcopy(whole)
        for _ in range(draw(st.integers(1, 3))):
            *way, last = draw(st.sampled_from(places(changed)[1:] or [("x",)]))
            inside = changed
            for key in way:
                inside = inside[key]
            how = draw(st.sampled_from(["replace", "remove", "double", "rename"]))
            if not isinstance(inside, (dict, list)) or how == "replace":
                if isinstance(inside, (dict, list)):
                    inside[last] = draw(other)
            elif how == "remove":
                del inside[last]
            elif isinstance(inside, list):
                inside.insert(last, copy.deepcopy(inside[last]))
            else:
                inside[draw(st.text(max_size=8)) if how == "rename" else f"{last}2"] = copy.deepcopy(inside[last])
                if how == "rename":
                    inside.pop(last, None)
        return changed

    return spoil()


def dumped(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=True, indent=1) + "\n").encode()


def with_text(notebook: dict, korean: str, english: str) -> bytes:
    changed = copy.deepcopy(notebook)
    for cell in changed["cells"]:
        if cell["id"] in ("part-ko", "part-en"):
            more = korean if cell["id"] == "part-ko" else english
            cell["source"] = ("".join(cell["source"]) + "\n\n" + more).strip("\n").splitlines(keepends=True)
    return (json.dumps(changed, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "surrogatepass")


def one(folder) -> dict:
    return json.loads((folder / "book" / "one.ipynb").read_text("utf-8"))


# -- the tests ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", MANY)
def test_texts(profile, folder):
    notebook = one(folder)
    twins = MARKDOWN.map(lambda text: with_text(notebook, text, text))
    tried(profile, folder, "book/one.ipynb", twins | st.builds(with_text, st.just(notebook), MARKDOWN, MARKDOWN))


@pytest.mark.parametrize("profile", MANY)
def test_notebooks(profile, folder):
    anything = st.binary(max_size=40) | JSON.map(dumped) | spoilt(one(folder), JSON).map(dumped)
    tried(profile, folder, "book/one.ipynb", anything)


OUTPUTS = st.lists(
    st.fixed_dictionaries(
        {"output_type": st.sampled_from(["stream", "display_data", "execute_result", "error", "x"])},
        optional={
            "name": st.sampled_from(["stdout", "stderr", "x"]),
            "text": st.text(max_size=8) | st.lists(st.text(max_size=4), max_size=3),
            "metadata": st.dictionaries(st.sampled_from(["image/png", "x"]), JSON, max_size=2),
            "data": st.dictionaries(
                st.sampled_from(["text/plain", "text/html", "image/png", "image/svg+xml", "application/json", "x", ""]), JSON, max_size=3
            ),
            "ename": st.text(max_size=4),
            "evalue": st.text(max_size=4),
            "traceback": st.lists(st.text(max_size=4), max_size=2),
            "execution_count": st.none() | st.integers(0, 3),
        },
    ),
    max_size=3,
)  # fmt: skip


@pytest.mark.parametrize("profile", MANY)
def test_outputs(profile, folder):
    notebook = one(folder)

    def with_outputs(outputs: list) -> bytes:
        changed = copy.deepcopy(notebook)
        changed["cells"][2]["outputs"] = outputs
        return dumped(changed)

    tried(profile, folder, "book/one.ipynb", OUTPUTS.map(with_outputs))


# -- what the rules let through has the same parts on the page and on paper ---------------------------------------------

PLAIN = ["a b", "word", "**c**", "*d*", "`e`", "$f$", "- g", "* g", "1. h", "2) h", "> i", "| j | k |\n|---|---|\n| l | m |",
         "| j |\n|---|\n| `l` |", "```\nn\n```", "```python\no = 1\n```", "$$\np\n$$", "$$p$$", "***", "---", "<!-- q -->", "### s", "u\n===",
         "[r](one.ipynb#second-part)", "\\*", "\\$5", "&amp;", '<span lang="ko">말</span>', "![ALT](images/dot.svg)\n\n*A dot.*", "  ", "    ",
         "  \n", "\\\n", ": ", "(", ")", "=", "+", "-", "#", "5.", "<", ">", "“", "가", "|", "_x", "x_y", "2 * 3", "~", "1~3", '"v"',
         "<https://keras.io>", "<details>\n<summary>w</summary>\n\n", "\n\n</details>", "**`y`** 는", "$a_b$와"]  # fmt: skip
BETWEEN = ["", " ", "\n", "\n\n", "\n  ", "\n    ", "\n\n  ", "\n\n    "]
LIKELY = st.lists(st.tuples(st.sampled_from(PLAIN), st.sampled_from(BETWEEN)), min_size=1, max_size=6).map(
    lambda parts: "".join(part for pair in parts for part in pair).strip("\n")
)

# Parts of a text: what markdown-it and what pandoc calls them.
ON_PAGE = {"heading_open": "Header", "fence": "CodeBlock", "code_block": "CodeBlock", "table_open": "Table", "bullet_list_open": "BulletList",
           "ordered_list_open": "OrderedList", "list_item_open": "item", "tr_open": "row", "blockquote_open": "BlockQuote", "hr": "HorizontalRule",
           "strong_open": "Strong", "em_open": "Emph", "link_open": "Link", "image": "Image", "code_inline": "Code", "hardbreak": "LineBreak",
           "math_inline": "Math", "math_block": "Math"}  # fmt: skip


def parts_on_page(tokens) -> Counter:
    found = Counter()
    for token in tokens:
        found[ON_PAGE.get(token.type)] += 1
        found += parts_on_page(token.children or ()) if token.type != "image" else Counter()
    return found


def parts_on_paper(node: object) -> Counter:
    found = Counter()
    if isinstance(node, dict):
        found[node.get("t")] += 1
        if node.get("t") == "Table":
            found["row"] += len(node["c"][3][1]) + sum(len(body[3]) for body in node["c"][4])
        elif node.get("t") in ("BulletList", "OrderedList"):
            found["item"] += len(node["c"] if node["t"] == "BulletList" else node["c"][1])
        elif node.get("t") in ("Image", "Math"):
            return found
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        found += parts_on_paper(child)
    return found


@pytest.mark.parametrize("profile", MANY)
def test_accepted_texts_have_the_same_parts_on_page_and_paper_and_are_built(profile, folder, tmp_path):
    pytest.importorskip("pypandoc")
    from builder.pdf.document import MARKDOWN, Document
    from builder.pdf.pandoc import pandoc

    path, accepted = folder / "book" / "one.ipynb", {}
    before, notebook = path.read_bytes(), one(folder)

    @settings(settings.get_profile(profile), deadline=None, database=None, derandomize=profile == "test",
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(LIKELY)
    def collect(text: str) -> None:
        both = [in_language(text, language) for language in ("ko", "en")]
        path.write_bytes(with_text(notebook, *both))
        if look(folder) is None:
            accepted[text] = both

    try:
        collect()
    finally:
        path.write_bytes(before)
    assert len(accepted) > 12, "texts as people write them"

    border = "\n\n<!-- border -->\n\n"
    texts = [published(english) for _, english in accepted.values()]
    blocks = json.loads(pandoc(border.join(texts), f"--from={MARKDOWN}", "--to=json", folder=tmp_path))["blocks"]
    on_paper = [[]]
    for block in blocks:
        if block["t"] == "RawBlock" and "border" in block["c"][1]:
            on_paper.append([])
        else:
            on_paper[-1].append(block)
    assert len(on_paper) == len(texts)
    for text, paper in zip(texts, on_paper):
        page = {part: count for part, count in parts_on_page(parse(text)).items() if part}
        assert page == {part: count for part, count in parts_on_paper(paper).items() if part in ON_PAGE.values()}, text

    book = small_book(tmp_path / "book")
    toc = book / "_toc.yml"
    for number, (korean, english) in enumerate(list(accepted.values())[:: max(1, len(accepted) // 12)]):
        # behind other words, as they were accepted: a line, for one, stands beside no heading
        part = twins("part", f"## 부분\n\n글.\n\n{korean}", f"## Part\n\nText.\n\n{english}")
        cells = twins("title", "# 장", "# Chapter") + part
        save(book, f"text{number}", cells)
        link_to(book, f"text{number}")
        toc.write_text(toc.read_text("utf-8") + f"  - file: book/text{number}\n", "utf-8")
    done = run_builder(book, "site")
    assert done.returncode == 0, done.stderr
    loaded = load_book(book)
    for language in loaded.languages:
        assert Document(loaded, language, tmp_path / language.code).blocks


@pytest.mark.parametrize("profile", MANY)
def test_words(profile, folder):
    name = "live/review/words.ko.json"
    words = json.loads((folder / name).read_text("utf-8"))
    tried(profile, folder, name, st.binary(max_size=40) | JSON.map(dumped) | spoilt(words, JSON).map(dumped))


YAML = JSON.map(lambda value: yaml.safe_dump(value, allow_unicode=True).encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("profile", MANY)
@pytest.mark.parametrize("name", ["_config.yml", "_toc.yml"])
def test_settings(profile, folder, name):
    value = yaml.safe_load((folder / name).read_text("utf-8"))
    spoiled = spoilt(value, JSON).map(
        lambda value: yaml.safe_dump(value, allow_unicode=True).encode("utf-8", "surrogatepass")
    )
    signs = st.text(alphabet="-:[]{}&*!|>'\"#%@ \n\tab1가", max_size=30).map(str.encode)
    tried(profile, folder, name, st.binary(max_size=30) | signs | YAML | spoiled)


@pytest.mark.parametrize("profile", MANY)
def test_drawings(profile, folder):
    parts = ["<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>", "<g>", "</g>", "</svg>", "<path d='M0 0 L1 1'/>", "<use href='#a'/>",
             "<g id='a'>", "<text>a</text>", "<?xml version='1.0'?>", "<!DOCTYPE svg>", "<!-- a -->", "<rect width='1e99' height='-1'/>",
             "<svg xmlns='http://www.w3.org/2000/svg' width='1e9' height='1e9'>", "<filter id='a'><feFlood/></filter>", "<style>a{b}</style>"]  # fmt: skip
    drawing = st.lists(st.sampled_from(parts) | st.text(max_size=5), max_size=6).map("".join)
    cut = st.integers(0, len(PROLOGUE)).flatmap(
        lambda place: st.text(max_size=3).map(lambda new: PROLOGUE[:place] + new + PROLOGUE[place + 1 :])
    )
    contents = (drawing | cut).map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary(max_size=30)
    tried(profile, folder, "book/images/dot.svg", contents)


@pytest.mark.parametrize("profile", MANY)
def test_what_is_changed_in_a_text_leaves_the_rest(profile):
    """Comments taken out are out, code stays, and an address replaced by itself changes nothing that is read."""

    @settings(settings.get_profile(profile), deadline=None, database=None, derandomize=profile == "test",
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(MARKDOWN)
    def test(text: str) -> None:
        text = text.replace("\r", "").replace("\0", "")
        without = without_comments(text)
        if not comment_places(text):
            assert without == text
        same = with_addresses(without, lambda kind, old: f"<{old}>" if old and not set(old) & set("<>\\\n") else None)
        before, after = read_text(without), read_text(same)
        assert (before.links, before.figures, before.code_blocks) == (after.links, after.figures, after.code_blocks)
        assert read_text(published(text)).figures == read_text(text).figures
        assert [token.type for token in parse(text)] == [token.type for token in parse(without)]

    test()


def test_a_drawing_is_one_or_not():
    assert is_svg(PROLOGUE) and not is_svg("") and not is_svg("<svg/>")
    assert not is_svg(PROLOGUE.replace("UTF-8", "TF-8")) and not is_svg(PROLOGUE.replace("UTF-8", "EUC-KR"))
