"""Each text is in its language, and says what its twin says as far as that can be counted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...messages import Problem
from ..book import Book
from ..markdown import comments, parse
from ..notebook import Cell, Chapter
from .registry import rule
from .twins import whole_groups

HANGUL = re.compile(r"[가-힣]")
WORD = re.compile(r"[A-Za-z]{2,}")

# What a paragraph of the Korean edition may hold without a Korean word: names and titles.
FEW_WORDS = 5

STANDS_FOR = {"code_inline": "x", "math_inline": "x", "html_inline": "", "image": "", "link_open": "", "link_close": "",
              "em_open": "", "em_close": "", "strong_open": "", "strong_close": ""}  # fmt: skip


def paragraphs(cell: Cell) -> Iterator[str]:
    """The words of each paragraph, heading, list item and table cell: without code, formulas, and marked other languages."""
    for token in parse(cell.source):
        if token.type != "inline":
            continue
        words, skipped = [], 0
        for child in token.children or ():
            if child.info == "auto":  # an address that is its own link
                skipped += child.nesting
            elif child.type == "html_inline":
                skipped += child.content.startswith("<span lang=")
                skipped -= child.content == "</span>" and skipped > 0
            elif child.type in ("text", "softbreak") and not skipped:
                words.append(child.content or " ")
        yield "".join(words)


@rule("cell")
def korean_texts_are_korean(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A paragraph of five English words or more in a Korean cell has Korean in it, or is marked `<span lang="en">`."""
    for text in paragraphs(cell) if cell.is_markdown and cell.language == "ko" else ():
        if len(WORD.findall(text)) >= FEW_WORDS and not HANGUL.search(text):
            what = f"has an English paragraph in a Korean cell: {text.strip()[:40]}"
            yield Problem(chapter.where(cell), what, 'Write it in Korean, or put <span lang="en">…</span> around it.')


@rule("cell")
def other_texts_have_no_hangul(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A cell in another language than Korean has Hangul only in `<span lang="ko">`."""
    others = {language.code for language in book.languages} - {"ko"}
    for text in paragraphs(cell) if cell.is_markdown and cell.language in others else ():
        if found := HANGUL.search(text):
            what = f"has Korean in a cell of another language: {text[max(0, found.start() - 10) :][:40]}"
            yield Problem(chapter.where(cell), what, 'Translate it, or put <span lang="ko">…</span> around it.')


@rule("cell")
def untagged_texts_have_no_words(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A Markdown cell without a language tag goes into all editions, so it has no words: a lone formula, a comment."""
    tagged = any(tag.startswith("lang") for tag in cell.tags)  # also a tag with a slip, for which there is a rule
    if cell.is_markdown and not tagged and any(re.search(r"\w{2,}", text) for text in paragraphs(cell)):
        tags = " or ".join(f"lang-{language.code}" for language in book.languages)
        yield Problem(chapter.where(cell), "has words and no language tag", f"Tag it {tags}, and give it its twins.")


@rule("cell")
def alt_texts_are_in_the_language(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """The alt text of a figure says in at least four words, in the language of its cell, what is to be seen."""
    for alt in [image.alt for image in cell.text.images] if cell.is_markdown and cell.language else ():
        if alt and len(alt.split()) < 4:
            yield Problem(
                chapter.where(cell), f"has an alt text of less than four words: {alt}", "Say what is to be seen."
            )
        elif alt and bool(HANGUL.search(alt)) != (cell.language == "ko"):
            what = f"has an alt text in another language: {alt[:40]}"
            yield Problem(chapter.where(cell), what, "Write it in the language of the cell.")


@rule("chapter")
def plots_are_described_in_the_language(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """The alt text of a plot has at least four words in its language."""
    for cell in chapter.all_cells:
        for language in book.languages if cell.draws else ():
            alt = chapter.plot_alt(cell, language.code)
            if alt and (len(alt.split()) < 4 or bool(HANGUL.search(alt)) != (language.code == "ko")):
                what = f"has a plot alt in {language.name} that is too short or in another language: {alt[:40]}"
                yield Problem(chapter.where(cell), what, "Say in at least four words what is to be seen.")


# Statements in another style than -습니다 and -십시오; questions of the FAQ are in the learner's words, and -합시다 invites.
# Nouns end alike (단어, 이해, 페이지, 분야), so that of 반말 (해, 먹어) only what is none of them is known.
PLAIN_ENDING = re.compile(
    r"(?:(?<![니시])다|(?<![필개수중주])요|죠|네|몰라|[었았였했겠있없싶먹읽적넣줄늘걸들풀열]어|[같많좋맞알남찾받않잖]아|[거니]야|[하거]지|[하보두]자|[하해]라|할게|할래|"
    r"[는이렇]군|구나|거든|잖아|(?<![가-힣])(?:봐|줘|돼)|(?<!지난 )(?<!다음 )(?<!그 )(?<!이 )(?<!새 )(?<![가-힣])해|"
    r"(?<=[가-힣])(?<![가견공그난남독동박방분상살새서손양오올용유융이잔장재저전침폐피한])해)"
    r"[.!](?=\s|$|\*)"
)


@rule("cell")
def korean_is_formal(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """Korean sentences are in 합니다체: none ends in 한다, 해요 or the like."""
    for text in paragraphs(cell) if cell.is_markdown and cell.language == "ko" else ():
        if found := PLAIN_ENDING.search(re.sub(r"[“‘\"'].*?[”’\"']", "", text)):
            what = f"has a sentence that is not in 합니다체, near '{found[0]}': {text.strip()[:40]}"
            yield Problem(chapter.where(cell), what, "End it in -습니다, -ㅂ니다, -니까 or -십시오.")


@rule("cell")
def ids_name_the_language(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """The id of a text ends in its language: ``title-ko``, ``title-en``."""
    known = cell.language in [language.code for language in book.languages]
    if cell.is_markdown and known and not cell.id.endswith(f"-{cell.language}"):
        what = f"its id does not end in -{cell.language}"
        yield Problem(chapter.where(cell), what, f"Name it {re.sub('-[a-z]{2}$', '', cell.id)}-{cell.language}.")


@rule("chapter")
def twins_have_the_same_name(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """The ids of twins differ in the language only."""
    for group in whole_groups(book, chapter):
        names = {cell.id.removesuffix(f"-{cell.language}") for cell in group}
        if len(names) > 1:
            what = f"its twin is called {group[1].id}"
            yield Problem(chapter.where(group[0]), what, "Let their ids differ in the language only.")


def counted(cell: Cell) -> dict[str, int]:
    """What twins have in the same number: name of it -> how many."""
    tokens = parse(cell.source)
    children = [child for token in tokens for child in token.children or ()]
    return {
        "list items": sum(token.type == "list_item_open" for token in tokens),
        "paragraphs": sum(token.type == "paragraph_open" for token in tokens),
        "bold words": sum(child.type == "strong_open" for child in children),
    }


# Numbers as they are written in digits, and shapes as a whole.
NUMBER = re.compile(r"\(\d+(?:, ?\d+)*,?\)|\d+(?:[.,]\d+)*", re.A)
# What stands for zeros behind a number; and a fraction, which English writes in words (3분의 2).
LARGE = {"천": 10**3, "만": 10**4, "백만": 10**6, "억": 10**8, "thousand": 10**3, "million": 10**6, "billion": 10**9}
PART = rf"(\d+) ?({'|'.join(sorted(LARGE, key=len, reverse=True))})(?![a-z])"
WITH_LARGE = re.compile(rf"{PART}(?: ?{PART})*")
FRACTION = re.compile(r"\d+(?:백만|천|만|억)? ?분의 \d+")


def in_words(tens: str, ones: str, between: str, **more: str) -> dict[str, str]:
    """Number -> how a language writes it in words, as a pattern."""
    units = dict(enumerate(ones.split(), 1))
    found = {str(number): word for number, word in units.items()}
    for ten, word in zip(range(10 if len(units) < 10 else 20, 100, 10), tens.split()):
        found[str(ten)] = word
        found |= {str(ten + one): f"(?:{word}){between}(?:{units[one]})" for one in range(1, 10)}
    return found | {number.removeprefix("n"): word for number, word in more.items()}


WORDS = {
    "ko": in_words(
        "열 스물|스무 서른 마흔 쉰 예순 일흔 여든 아흔", "하나|한|첫|일 두|둘|쌍 세|셋 네|넷 다섯 여섯 일곱 여덟 아홉", "", n0="영|없", n50="절반|반", n100="백",
        n1000="천",
    ),
    "en": in_words(
        "twent(?:y|ies|ieth) thirt(?:y|ies|ieth) fort(?:y|ies|ieth) fift(?:y|ies|ieth) sixt(?:y|ies) sevent(?:y|ies) eight(?:y|ies) ninet(?:y|ies)",
        "ones?|once|first|single|last|January twos?|twice|second|both|pairs?|doubled?|February threes?|third|March fours?|fourth|quarters?|April "
        "fives?|fifth|May six|sixth|June seven|seventh|July eight|eighth|August nine|ninth|September ten|tenth|tens|October eleven|eleventh|November "
        "twelve|twelfth|dozen|December thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
        "[- ]", n0="zeros?|nothing|no|none", n50="half|halves|fifty", n100="hundreds?", n1000="thousands?",
    ),
}  # fmt: skip


def numbers(cell: Cell) -> tuple[set[str], str]:
    """The numbers that a text gives in digits outside of code and formulas, and its words."""
    text = "\n".join(paragraphs(cell))
    plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", FRACTION.sub("", text))
    written = WITH_LARGE.sub(lambda run: str(sum(int(n) * LARGE[of] for n, of in re.findall(PART, run[0]))), plain)
    return set(NUMBER.findall(written)), text


def unsaid(cell: Cell, twin: Cell) -> list[str]:
    """The numbers of a text that its twin says neither in digits nor in words, as far as the words are known."""
    (here, _), (there, words) = numbers(cell), numbers(twin)
    known = WORDS.get(twin.language or "")
    found = []
    for number in sorted(here - there):
        if known is None and "." not in number:
            continue
        word = (known or {}).get(number)
        sides = r"\b(?:{})\b" if twin.language == "en" else "(?:{})"
        if not (word and re.search(sides.format(word), words, re.I)):
            found.append(number)
    return found


# A sentence ends here, when another follows.
SENTENCE = re.compile(r"(?<=[.?!])[\"”’)]*\s+(?=\S)")
# A Korean text takes about 0.56 of the letters of an English one; 98 of 100 paragraphs lie between 0.38 and 0.95.
FEWEST, MOST = 0.3, 1.1
WHOLE = 100  # English letters, from which on that can be told


def sentence_left_out(korean: str, english: str) -> bool:
    """Whether one of two paragraphs has fewer sentences, and is also far shorter than such a text is."""
    here, there = len(SENTENCE.split(korean)), len(SENTENCE.split(english))
    if not HANGUL.search(korean) or max(len(korean) / 0.56, len(english)) < WHOLE:
        return False
    ratio = len(korean) / max(1, len(english))
    return here < there and ratio < FEWEST or here > there and ratio > MOST


def spoken(cell: Cell) -> list[str]:
    """The words of each paragraph, with a letter for each code and formula."""
    texts = []
    for token in parse(cell.source):
        if token.type == "inline":
            parts = [STANDS_FOR.get(child.type, child.content or " ") for child in token.children or ()]
            texts.append(" ".join("".join(parts).split()))
    return texts


# Where readers of one language need more than the others, a comment says why: <!-- twins differ: … -->
TWINS_DIFFER = re.compile(r"<!--\s*twins differ:\s*\S.*?-->", re.S)


ALIKE = "Let both say the same, or give the reason: <!-- twins differ: why -->."


def compared(book: Book, chapter: Chapter) -> Iterator[tuple[Cell, Cell]]:
    """The pairs of twins that have to say the same."""
    for one, *others in whole_groups(book, chapter):
        for other in others:
            if not any(TWINS_DIFFER.match(note) for cell in (one, other) for note in comments(cell.source)):
                yield one, other


@rule("chapter")
def twins_count_the_same(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """Twins have as many paragraphs, list items and bold words: what one says the other says too."""
    for one, other in compared(book, chapter):
        here, there = counted(one), counted(other)
        for name in here:
            if here[name] != there[name]:
                what = f"its {name} differ from those of its twin, cell {other.number} ({other.id}): {here[name]}, {there[name]}"
                yield Problem(chapter.where(one), what, ALIKE)


@rule("chapter")
def twins_say_the_same_numbers(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """A number or shape in one text stands in its twin too, in digits or in words."""
    for one, other in compared(book, chapter):
        here, there = unsaid(one, other), unsaid(other, one)
        if here or there:
            twin = f"those of its twin, cell {other.number} ({other.id})"
            only = f"only here: {', '.join(here) or 'none'}; only there: {', '.join(there) or 'none'}"
            yield Problem(chapter.where(one), f"its numbers differ from {twin} ({only})", ALIKE)


@rule("chapter")
def twins_have_the_same_sentences(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """No paragraph has fewer sentences than its twin and is also far shorter: then one has been left out."""
    for one, other in compared(book, chapter):
        if (one.language, other.language) != ("ko", "en"):
            continue
        here, there = spoken(one), spoken(other)
        for korean, english in zip(here, there) if len(here) == len(there) else ():
            if sentence_left_out(korean, english):
                what = (
                    f"'{korean[:30]}…' and its twin, cell {other.number} ({other.id}), differ in sentences and length"
                )
                yield Problem(chapter.where(one), what, ALIKE)
