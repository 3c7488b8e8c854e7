"""The search, in a browser on the built site: what it finds, and how it is used."""

from __future__ import annotations

import re
from urllib.parse import urldefrag, urlsplit

import pytest

from builder.chapters.book import load_book
from builder.quality.measures import FAINT
from builder.server import serve
from builder.site import search_index
from cut import serve_cut
from support import (
    CHAPTERS,
    LANGUAGES,
    cell,
    glossary,
    load,
    run_builder,
    settle,
    small_book,
    the_book,
    wait_until,
    write,
)

AT_ONCE = 8  # as many sections the list shows at first
PARTICLES = ["은", "는", "이", "가", "을", "를", "의", "에", "에서", "로", "으로", "와", "과", "도"]

# With forget, each query is the first one of a reader: what an earlier one has loaded of the index is dropped.
FIND = """async ([queries, forget]) => {
    const { find, OPTIONS } = await import(new URL("_static/search.js", location));
    const pagefind = await import(new URL("pagefind/pagefind.js", location));
    window.addresses ??= Object.fromEntries(await Promise.all(
        (await pagefind.search(null)).results.map(async ({ id, data }) => [id, (await data()).meta.address]),
    ));
    const answers = [];
    for (const query of queries) {
        if (forget) {
            await pagefind.destroy();
            await pagefind.options(OPTIONS);
        }
        answers.push((await find(query)).map(({ id }) => window.addresses[id]));
    }
    return answers;
}"""


def ask(page, queries: list[str], forget: bool = False) -> list[list[str]]:
    """For each query the sections found, best first: their addresses, such as ``lstm.html#forget-gate``."""
    return page.evaluate(FIND, [queries, forget])


@pytest.fixture(scope="module")
def page_of(browser, address):
    """A page of an edition in which queries are answered without typing: page_of("ko")."""
    pages = {}

    def page_of(language: str):
        if language not in pages:
            pages[language] = browser.new_page()
            pages[language].goto(f"{address}{language}/index.html")
        return pages[language]

    yield page_of
    for page in pages.values():
        page.close()


@pytest.fixture
def open_page(browser, address):
    """Open a page of the site in a window of its own: open_page("ko/lstm.html", width=360)."""
    contexts = []

    def open_page(name: str, width: int = 1280, **options):
        contexts.append(browser.new_context(viewport={"width": width, "height": 740}, **options))
        page = contexts[-1].new_page()
        page.said, page.loaded = [], []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("request", lambda request: page.loaded.append(request.url.removeprefix(address)))
        page.goto(address + name)
        return page

    yield open_page
    for context in contexts:
        context.close()


def search_for(page, query: str) -> None:
    """Open the search by its key, type, and wait for the answer."""
    page.keyboard.press("/")
    page.keyboard.type(query)
    wait_until(page, "document.querySelector('dialog.search [role=status]').textContent")


ADDRESS = "(element) => element.href?.replace(location.origin, '') ?? element.tagName"


def focused(page) -> str:
    return page.evaluate(f"({ADDRESS})(document.activeElement)")


# -- what is found ----------------------------------------------------------------------------------------------------


def plural(term: str) -> str:
    if term.endswith("y"):
        return f"{term[:-1]}ies"
    return f"{term}es" if re.search("(s|x|ch|sh)$", term) else f"{term}s"


@pytest.mark.parametrize("edition", LANGUAGES)
def test_every_term_finds_its_chapter_with_particles_and_in_the_plural(page_of, site, edition):
    terms, inflected, plurals = {}, {}, {}
    for korean, english, chapter in glossary():
        names = re.split(r" \(|\)$", english.rstrip(")"))
        terms.update({name: chapter for name in names})
        plurals.update({plural(name): chapter for name in names})
        if edition == "ko":
            terms[korean] = chapter
            inflected[korean + PARTICLES[len(terms) % len(PARTICLES)]] = chapter  # by turns: taking off is tried below
            inflected[korean.replace(" ", "")] = chapter
    page = page_of(edition)
    answers = ask(page, [*terms, *inflected, *plurals])
    wanted = [*terms.items(), *inflected.items(), *plurals.items()]
    missed = [
        f"{query}: not {chapter}, but {found[:AT_ONCE]}"
        for (query, chapter), found in zip(wanted, answers)
        for shown in [len(found) if query in plurals else AT_ONCE]
        if f"{chapter}.html" not in [urldefrag(address).url for address in found[:shown]]
    ]
    assert not missed, "\n".join(
        [
            f"{len(missed)} of {len(wanted)} queries miss the chapter that explains the term. Use the term there;",
            "a Korean term of one syllable goes into SHORT_NOUNS of theme/static/search.js.",
            *missed,
        ]
    )
    for address in {address for found in answers for address in found}:
        file, anchor = urldefrag(address)
        page = (site / edition / file).read_text(encoding="utf-8")
        assert not anchor or f' id="{anchor}">' in page, address


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_finds_every_chapter_that_has_it(page_of, language):
    names = ["return_sequences", "return_state", "merge_mode", "go_backwards", "tanh", "h_t", "c_t", "x_t"]
    having: dict[str, set[str]] = {name: set() for name in names}
    for path in CHAPTERS:
        texts = "\n".join(cell.source for cell in the_book().chapter(path.stem).cells(language))
        seen = re.sub(r"\]\([^\s)]*\)", "]", texts)  # no reader sees where a link leads
        for name in names:
            if re.search(rf"(?<![a-zA-Z_]){name}(?![a-zA-Z_])", seen):
                having[name].add(f"{path.stem}.html")
    names = [name for name in names if having[name]]
    assert names
    for name, found in zip(names, ask(page_of(language), names)):
        assert having[name] <= {urldefrag(address).url for address in found}, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_layer_leads_to_its_chapter_and_a_comparison_to_sections_about_both(page_of, language):
    page = page_of(language)
    layers = {"SimpleRNN": "simple_rnn", "LSTM": "lstm", "GRU": "gru", "Bidirectional": "bilstm"}
    for (layer, chapter), found in zip(layers.items(), ask(page, list(layers))):
        assert f"{chapter}.html" in [urldefrag(address).url for address in found[:3]], (layer, found[:3])
    (found,) = ask(page, ["what is lstm vs gru"])
    assert "gru.html" in found[:AT_ONCE] or "gru.html#side-by-side-with-lstm" in found[:AT_ONCE], found[:AT_ONCE]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_of_the_book_comes_first_when_it_is_asked(page_of, language):
    """In its own words, and in those of a reader who leaves out what only asks."""
    faq = the_book().chapter("faq")
    text = "\n".join(one.source for one in faq.cells(language) if one.is_markdown)
    headings = zip(re.findall(r"^(#+) (.*)$", text, re.M), faq.anchors)
    wanted = {heading.replace("`", ""): anchor for (level, heading), anchor in headings if level == "###"}
    assert len(wanted) > 50
    wanted |= {
        "ko": {
            "LSTM 여러 층 쌓기": "how-do-i-stack-lstm-layers",
            "return_sequences 역할": "what-does-return_sequences-do",
        },
        "en": {"return_state": "what-does-return_state-do", "stack lstm": "how-do-i-stack-lstm-layers"},
    }.get(language, {})
    answers = zip(wanted.items(), ask(page_of(language), list(wanted)))
    assert [(query, found[:2]) for (query, anchor), found in answers if found[0] != f"faq.html#{anchor}"] == []


def test_results_say_the_number_of_their_chapter(open_page):
    page = open_page("en/index.html")
    search_for(page, "forget gate")
    line = page.locator("dialog li a", has_text="Forget gate").first
    assert line.locator("small").inner_text().startswith("3 LSTM")
    page.locator("dialog input").fill("GRU")
    page.locator("dialog li b", has_text="4 GRU: ").wait_for()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_that_the_book_does_not_have_finds_nothing(page_of, site, language):
    text = "".join(path.read_text(encoding="utf-8").lower() for path in (site / language).glob("*.html"))
    known = [
        "transformer",
        "tensorboard",
        "word2vec",
        "swish",
        "zeppelin",
        "트랜스포머",
        "텐서보드",
        "은닉처",
        "비행선",
    ]
    absent = [word for word in known if word not in text]  # a chapter may come to speak of transformers
    assert len(absent) > 2, "the test needs other words"
    page = page_of(language)
    assert ask(page, absent) == [[]] * len(absent)
    assert ask(page, ["", "?!", "constructor", "toString"])  # names that JavaScript's objects have


def test_two_words_written_as_one(page_of):
    korean, plural = ask(page_of("ko"), ["망각게이트", "은닉상태들이"], forget=True)
    assert korean[0] == "lstm.html#forget-gate" and "lstm.html#hidden-state" in plural[:AT_ONCE]
    (english,) = ask(page_of("en"), ["hiddenstates"], forget=True)
    assert "lstm.html#hidden-state" in english


def test_a_loanword_finds_what_the_korean_word_finds(page_of):
    page = page_of("ko")
    words = page.evaluate("async () => (await import(new URL('_static/search.js', location))).LOANWORDS")
    assert ask(page, list(words)) == ask(page, list(words.values()))
    assert all(ask(page, list(words.values())))


def test_words_that_begin_alike_are_found_in_all_parts_of_the_index(tmp_path, browser):
    """Pagefind cuts its index into parts of some thousand words, and loads one for a word."""
    folder = small_book(tmp_path / "book")
    for chapter, words in (("index", " ".join(f"시점{n:05}" for n in range(20_000))), ("one", "시점을")):
        notebook = load(folder, chapter)
        for language, more in {"ko": f"{words}\n\n<!-- twins differ: a test -->", "en": "Words."}.items():
            cell(notebook, f"title-{language}").source += f"\n\n{more}"
        write(folder, chapter, notebook)
    done = run_builder(folder, "site")
    assert done.returncode == 0, done.stderr
    with serve(folder / "_build" / "site") as address:
        page = browser.new_page()
        page.goto(f"{address}ko/index.html")
        (found,) = ask(page, ["시점"])
        page.close()
    assert {urldefrag(address).url for address in found} == {"index.html", "one.html"}


def test_particles_and_plurals_are_taken_off(page_of):
    stems = {
        "게이트를": "게이트", "시점에서는": "시점", "시점": "시점", "은닉": "은닉", "상태란": "상태", "층들의": "층", "층에서": "층",
        "게이트야": "게이트", "게이트죠": "게이트", "게이트에요": "게이트", "게이트랑": "게이트", "게이트지": "게이트", "상태네요": "상태",
        "시점이야": "시점", "시점이죠": "시점", "시점이랑은": "시점", "시점이지요": "시점", "층이야": "층", "h_t랑": "h_t", "LSTM이지": "LSTM",
        "이미지": "이미지", "메시지": "메시지", "패키지": "패키지", "페이지": "페이지", "에너지": "에너지", "스테이지": "스테이지",
        "나머지": "나머지", "분야": "분야", "사랑": "사랑", "유지": "유지", "이미지지": "이미지",
        "곱입니다": "곱", "회로": "회로", "평가": "평가", "은": "은", "기울기도": "기울기", "가중치": "가중치", "데이터": "데이터",
        "h_t는": "h_t", "`c`와": "`c`", "LSTM이라는": "LSTM", "return_sequences의": "return_sequences", "3차원으로": "3차원",
        "RNNs": "RNN", "gates": "gate", "biases": "bias", "memories": "memor", "loss": "loss", "axis": "axis",
        "return_sequences": "return_sequences", "원-핫은": "원-핫", "one-hots": "one-hot", "masked": "mask", "training": "train", "string": "string",
    }  # fmt: skip
    take_stems = "async (words) => words.map((await import(new URL('_static/search.js', location))).stem)"
    found = page_of("ko").evaluate(take_stems, list(stems))
    assert dict(zip(stems, found)) == stems


def test_signs_of_a_sentence_are_no_letters_of_a_word(page_of):
    queries = {
        "ko": {
            "LSTM": ["LSTM이란?", "LSTM()은?", "‘LSTM’", "ＬＳＴＭ？", "LSTM은 무엇입니까?"],
            "게이트": ["게이트란?", "“게이트”란?", "게이트？", "게이트!", "게이트…", "「게이트」란", "게이트인가요?", "게이트야?", "게이트죠?", "게이트에요?", "게이트랑", "게이트지?", "(게이트)는?"],
            "h_t": ["h_t는?", "`h_t`는?", "(h_t)는", "`h_t`\N{WORD JOINER}는"],
            "units": ["units는?", "units은?!"],
            "return_sequences": ["return_sequences는?", "return_sequences…", "'return_sequences'란?"],
            "배치": ["배치란?", "배치 란?"],
            "상태 hidden state": ["상태(hidden state)란?", "상태(hidden state)는", "상태, hidden state."],
        },
        "en": {
            "gates": ["gates?", "(gates)", "gates!", "gates...", "“gates”?", "gates,"],
            "gate": ['"gate"', "gate’s", "‘gate’", "what's a gate?", "gate’"],
            "memories": ["memories?", "memories:"],
            "LSTM": ["LSTM's", "LSTM?", "LSTM;"],
        },
    }  # fmt: skip
    for language, alike in queries.items():
        page = page_of(language)
        for plain, written in alike.items():
            wanted, *found = ask(page, [plain, *written])
            assert wanted and {query: set(some) for query, some in zip(written, found)} == {
                query: set(wanted) for query in written
            }


@pytest.mark.parametrize("language", sorted({"ko", "en"} & {*LANGUAGES}))  # in others a word of theirs has to be known
def test_words_joined_by_a_sign_are_several(page_of, language):
    page = page_of(language)
    signs = [
        "/",
        ",",
        ", ",
        "·",
        "・",
        "ㆍ",
        "、",
        "，",
        " / ",
        "+",
        "&",
        "|",
        "→",
        "–",
        "—",
        "-",
        "\N{HYPHEN}",
        "_",
        ".",
        ":",
    ]
    encoder, decoder = {"ko": ("인코더", "디코더"), "en": ("encoder", "decoder")}[language]
    for one, other in [("LSTM", "GRU"), (encoder, decoder), ("h_t", "c_t")]:
        wanted, *found = ask(page, [f"{one} {other}", *(f"{one}{sign}{other}" for sign in signs)])
        few = {sign: len(some) for sign, some in zip(signs, found) if not set(wanted) <= set(some)}
        assert wanted and not few, (one, other, few)
        # Which underscore of h_t_c_t joins two symbols cannot be known: its first result may have more letters of both.
        first = {sign: some[0] for sign, some in zip(signs, found) if some[0] not in wanted and "_" not in one}
        assert not first, (one, other, first, wanted[:3])
    apart, joined, plural = ask(page, ["time step", "time-step", "time-steps?"])
    assert set(apart) <= set(joined) and set(apart) <= set(plural)


def test_a_name_with_a_hyphen_that_the_book_has_is_one_word(page_of):
    (found,) = ask(page_of("en"), ["one-hot"])
    assert found[0] == "inputs.html#one-hot-vectors" and len(found) < 30, "not all that have the word 'one'"


def test_the_text_that_is_indexed(tmp_path):
    book = load_book(small_book(tmp_path / "book"))
    sections = dict(
        search_index.sections(book.languages[0], book.chapter("one"), {"one.html#second-part": "두 번째, second"})
    )
    assert list(sections) == ["one.html", "one.html#second-part"]
    assert ">하나</h1>" in sections["one.html"] and ">둘째 부분</h1>" in sections["one.html#second-part"]
    assert all('content="하나"' in section for section in sections.values())
    assert "두 번째, second" in sections["one.html#second-part"]
    page = "".join(sections.values())
    assert page.count("h_t") == 1 and "둘째" in page and "Second" not in page and "<img" not in page
    assert "<pre>0.5" not in page, "a line of numbers only is left out"
    assert f"<pre>{search_index.CODE}print\N{WORD JOINER} (0.5){search_index.END_OF_CODE}</pre>" in page
    assert search_index.CODE not in re.sub("<(pre|code)>.*?</\\1>", "", page, flags=re.S), (
        "titles are shown as they are"
    )
    spaced = {"σ</span>가": "σ</span>| 가", "LSTM이": "LSTM| 이", "h_t</code></b>는": "h_t</code></b>| 는", "]</code>은": "]</code>| 은",
              "값(value)": "값| (value)", "값</b>(value)": "값</b>| (value)"}  # fmt: skip
    for text, wanted in spaced.items():
        assert search_index.HANGUL_BESIDE_ANOTHER.sub(rf"\1\2{search_index.SPACE}", text) == wanted.replace(
            "|", "\N{WORD JOINER}"
        )
    formula = r"\overrightarrow{h}_t = \mathrm{LSTM}(x_t) \odot \tanh(c_t)"
    assert search_index.readable(formula) == "h_t = LSTM(x_t) ⊙ tanh(c_t)"


# -- how it is used ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", sorted({"ko", "en"} & {*LANGUAGES}))
def test_search_by_keyboard(open_page, language):
    page = open_page(f"{language}/simple_rnn.html")
    settle(page, page.reload)
    assert not [name for name in page.loaded if re.search("search|pagefind", name)], "loaded before the first use"
    search_for(page, {"ko": "망각 게이트를", "en": "forget gates"}[language])
    assert focused(page) == "INPUT"
    links = page.eval_on_selector_all("dialog ol a", f"all => all.map({ADDRESS})")
    target = f"/{language}/lstm.html#forget-gate"
    assert target in links
    result = page.locator(f'dialog a[href$="{target}"]')
    assert result.locator("b").inner_text() == {"ko": "망각 게이트", "en": "Forget gate"}[language]
    assert result.locator("mark").count() > 1
    for link in links[:2]:
        page.keyboard.press("ArrowDown")
        assert focused(page) == link
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert focused(page) == "INPUT"
    while focused(page) != target:
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{target}")
    assert page.said == []
    assert {urlsplit(name).scheme for name in page.loaded} == {""}, "everything comes from the site itself"


def test_control_k_escape_and_enter(open_page):
    page = open_page("ko/lstm.html")
    page.locator("article a").first.focus()
    before = focused(page)
    page.keyboard.press("Control+k")
    assert focused(page) == "INPUT"
    page.keyboard.type("h/")  # a slash is a character here
    assert page.locator("dialog input").input_value() == "h/"
    page.keyboard.press("Escape")
    if page.locator("dialog").is_visible():  # the first one empties the box
        page.keyboard.press("Escape")
    assert not page.locator("dialog").is_visible() and focused(page) == before
    page.keyboard.press("/")
    page.keyboard.type("망각 게이트를")
    page.keyboard.press("Enter")  # does not wait for the list
    page.wait_for_url("**/ko/lstm.html#forget-gate")


def test_enter_waits_for_a_program_that_comes_late(open_page):
    page = open_page("ko/lstm.html")
    page.route("**/_static/search.js*", lambda route: (page.wait_for_timeout(700), route.continue_()))
    page.keyboard.press("/")
    page.keyboard.type("망각 게이트를")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ko/lstm.html#forget-gate")


def test_a_result_on_the_same_page_closes_search_and_list_of_chapters(open_page):
    page = open_page("ko/lstm.html", width=360, has_touch=True)
    page.locator(".nav-overlay-icon").click()
    page.locator(".search-open").click()
    page.keyboard.type("망각 게이트")
    page.locator('dialog a[href$="/ko/lstm.html#forget-gate"]').click()
    assert page.url.endswith("/ko/lstm.html#forget-gate")
    assert not page.locator("dialog").is_visible() and not page.locator("#__navigation").is_checked()


def test_all_results_can_be_reached(open_page):
    page = open_page("en/index.html")
    search_for(page, "keras")
    found = int(re.search(r"\d+", page.locator("dialog [role=status]").inner_text())[0])
    assert page.locator("dialog li").count() == AT_ONCE < found
    page.locator("dialog").get_by_role("button", name="More results").click()
    wait_until(page, f"document.querySelectorAll('dialog li').length === {min(found, 2 * AT_ONCE)}")
    assert focused(page) == page.locator("dialog li a").nth(AT_ONCE).evaluate(ADDRESS)


def test_nothing_found_and_an_unfinished_syllable(open_page):
    page = open_page("ko/index.html")
    search_for(page, "게이트")
    status = page.locator("dialog [role=status]")
    before = status.inner_text()
    type_composing = """text => {
        const input = document.querySelector("dialog input");
        input.value = text;
        input.dispatchEvent(new InputEvent("input", { isComposing: true }));
    }"""
    page.evaluate(type_composing, "ㅋㅋㅋ퀡")  # a step on the way to a word
    page.wait_for_timeout(500)
    assert status.inner_text() == before and page.locator("dialog li").count()
    page.locator("dialog input").fill("ㅋㅋㅋ퀡")
    page.get_by_text("찾은 것이 없습니다.").wait_for()
    assert not page.locator("dialog li").count()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_search_on_a_phone(open_page, scheme):
    page = open_page("ko/lstm.html", width=360, color_scheme=scheme)
    search_for(page, "return_sequences")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    wide = page.eval_on_selector_all("dialog, dialog *", "all => all.filter((e) => e.scrollWidth > 360).length")
    assert wide == 0
    colours = page.eval_on_selector("dialog", "e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]")
    light = [sum(map(int, re.findall(r"\d+", colour)[:3])) for colour in colours]
    assert light[0] < light[1] if scheme == "light" else light[0] > light[1]
    assert page.evaluate(FAINT) == []


def test_without_javascript_nothing_offers_a_search(open_page):
    page = open_page("ko/lstm.html", java_script_enabled=False)
    for part in (".search-open", ".search-glass", "dialog"):
        assert not page.locator(part).is_visible()


def test_code_in_an_excerpt_is_shown_as_code(open_page):
    page = open_page("en/index.html")
    search_for(page, "assert_allclose")
    code = page.locator("dialog li code", has_text="assert_allclose").first
    assert "mono" in code.evaluate("(code) => getComputedStyle(code).fontFamily")
    assert not set(page.locator("dialog ol").inner_text()) & set("\u2061\u2062")
    assert page.locator("dialog li span", has_text=re.compile("[a-z]{3} [a-z]{3}")).first.is_visible(), "prose is not"


def test_before_anything_is_typed_there_are_questions(open_page):
    page = open_page("en/faq.html")
    page.keyboard.press("/")
    page.evaluate("import(new URL('_static/search.js', location)).then(() => true)")  # the program that knows the keys
    page.keyboard.press("ArrowDown")
    first = page.locator("dialog .frequent a").first
    assert focused(page) == first.evaluate(ADDRESS) and page.locator("dialog .frequent a").count() == 5
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/faq.html#*")
    assert not page.locator("dialog").is_visible()
    page.keyboard.press("/")
    page.keyboard.type("gate")
    assert not first.is_visible()


def test_the_glass_of_a_phone_opens_the_search(open_page):
    page = open_page("ko/lstm.html", width=360, has_touch=True)
    assert page.locator(".search-glass").get_attribute("aria-label") == "검색"
    page.locator(".search-glass").tap()
    assert page.locator("dialog input").is_visible()
    page.locator("dialog").get_by_role("button", name="닫기").tap()
    page.locator(".nav-overlay-icon").tap()
    page.locator(".search-open").tap()
    assert not page.locator("#__navigation").is_checked(), "the drawer does not wait behind the search"


PARTS = [
    "search.js",
    "pagefind.js",
    "pagefind-entry.json",
    "wasm.*",
    "pagefind.*.pf_meta",
    "index/*",
    "filter/*",
    "fragment/*",
]


@pytest.mark.parametrize("how", ["cut off", "gone"])
@pytest.mark.parametrize("part", PARTS)
def test_a_search_that_cannot_be_loaded_says_so_and_is_there_when_it_can(browser, site, part, how):
    with serve_cut(site, gone=how == "gone") as (address, cut), browser.new_page() as page:
        page.goto(f"{address}en/glossary.html")
        cut.add(part)
        page.keyboard.press("/")
        page.keyboard.type("gate")
        page.get_by_text("The search could not be loaded.").wait_for()
        assert not page.locator("dialog li").count()
        cut.clear()
        if not part.endswith(".js"):  # a browser asks once only for these
            page.keyboard.type("s")
            page.locator("dialog li").first.wait_for()
            assert "could not" not in page.locator("dialog [role=status]").inner_text()


@pytest.mark.parametrize("query", ["shape lab", "형상 실험실"])
def test_the_lab_is_found(page_of, query):
    language = "en" if query.isascii() else "ko"
    assert ask(page_of(language), [query])[0][0] == "lab.html"
