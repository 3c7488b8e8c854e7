"""The Korean chapters use the terms of the glossary, introduce each with its English name, and avoid known slips."""

import re
from pathlib import Path

import nbformat
import pytest

from cell import language_of, read_text
from cut import Book
from support import CHAPTERS, LANGUAGES, ROOT, glossary

# Words that other books use for these terms; why not, stands beside them.
TRAPS = {
    r"교육": "training is 학습",
    r"학습 속도": "learning rate is 학습률",
    r"폭발": "exploding is 폭주",
    r"퍼플렉시티|혼란도": "perplexity is 퍼플렉서티",
    r"타임 ?스텝": "time step is 시점",
    r"숨겨진 상태|히든 스테이트": "hidden state is 은닉 상태",
    r"그래디언트|경사": "gradient is 기울기",
    r"배치사이즈|배치 사이즈": "batch size is 배치 크기",
    # Plain words that turn ambiguous beside formulas, or are read twice.
    r"(?<![가-힣])몫": "it reads as quotient: 비중, 기여분, or … 에서 오는 항",
    r"(?<![가-힣])옛|(?<![가-힣])새것": "이전 상태, 새 후보",
    r"돌아(?:온|옵|오(?!는가))": "what a layer returns is 반환된 것; the heading 무엇이 돌아오는가 stays",
    r"말없이|말 없이": "silently is 경고 없이 or 오류 없이",
    r"진짜 시점": "a time step that is not padding is 패딩이 아닌 시점",
    r"(?<![가-힣])(?:재어|재면|재지 |재려|잰 |잽니다|쟀)": "to measure is 측정하다",
    r"견주|견줄|견줍|견준": "to compare is 비교하다",
    r"먼지 나타내": "it reads as dust: 얼마나 다른지",
    r"(?<![가-힣])(?:숫자|수)의 수(?![가-힣])": "number or count? 특성 수, 값의 개수",
    r"편향[^.]{0,20}두 줄|두 줄[^.]{0,8}편향": "rows of the bias are 행",
    r"(?:다음|준비|맨 처음|첫) 셀(?! 상태)": "a cell of the notebook is 코드 셀",
}
ONCE = ("정방향", "삭제 게이트")  # other names of a term, told where it is introduced


def korean_prose(path) -> str:
    """The running text of a Korean chapter: without headings, figures, code, and lists of links to other places."""
    cells = [
        cell.source
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "markdown" and language_of(cell) in (None, "ko")
    ]
    prose = "\n\n".join(cells)
    for noise in (
        r"```.*?```",
        r"<!--.*?-->",
        r"^#+ .*?$",
        r"<summary>.*?</summary>",
        r"!\[[^\n]*\]\(images/[^)]*\)\n\n\*.*?\*$",
    ):
        prose = re.sub(noise, "", prose, flags=re.S | re.M)
    prose = re.sub(r"^(?:- \[[^\n]*\]\([^)]*\)|\| \[[^\n]*|\*\*[^*\n]*\*\*)$", "", prose, flags=re.M)
    return re.sub(r"\]\([^)]*\)", "]", prose).replace("`", "").replace("**", "").replace("[", "").replace("]", "")


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_no_word_that_other_books_use_for_a_term(path):
    prose = korean_prose(path)
    for trap, why in TRAPS.items():
        found = re.search(rf".{{0,20}}(?:{trap}).{{0,20}}", prose)
        assert not found, f"…{found[0]}…: {why}"
    for name in ONCE:
        assert prose.count(name) <= 1, f"{name} is told once; after that the term itself is used"


# Words that most readers bring along. The book tells their English name where it explains them, not in every chapter.
TOLD_ONCE = {
    "텐서", "축", "특성", "게이트", "시드", "마스크", "초기 상태", "병합 방식", "에포크", "옵티마이저", "소프트맥스", "밀집층",
    "함수형 API", "초기화 함수", "백엔드", "어텐션", "쿼리", "풀링", "규제", "Sequential 모델", "cuDNN",
}  # fmt: skip


def first_uses(prose: str, terms: list[tuple[str, str]]):
    """Yield (term, English, what stands around its first use); a term inside a longer one is not its own use."""
    left = prose
    for korean, english in sorted(terms, key=lambda term: -len(term[0])):
        pattern = rf"(?<![가-힣]){korean}(?=[^가-힣]|{PARTICLE})"
        if match := re.search(pattern, left):
            yield korean, english, left[match.start() : match.end() + 60]
        left = re.sub(pattern, lambda m: "·" * len(m[0]), left)


PARTICLE = "(?:은|는|이|가|을|를|의|에|에서|에는|와|과|로|으로|도|만|마다|부터|까지|보다|처럼|입니다|이며|이고|이다|이나|나|들|인|일|란|이란|라는|이라는)(?![가-힣])"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_first_use_of_a_term_carries_its_english_name(path):
    if path.stem == "glossary":
        return
    missing = []
    for korean, english, around in first_uses(korean_prose(path), [row[:2] for row in glossary()]):
        if korean in TOLD_ONCE:
            continue
        names = "|".join(map(re.escape, re.findall(r"[^()]+", english.replace(" (", "("))))  # with its abbreviation
        if not re.match(rf"{korean}(?:[^(]{{0,4}}\(|, )[^)]*({names})", around, flags=re.I):
            missing.append(f"{korean} ({english}): {around[:40]!r}")
    assert not missing, "\n".join(missing)


def test_words_that_readers_bring_along_are_told_somewhere():
    rows = {korean: english for korean, english, _ in glossary()}
    assert TOLD_ONCE <= rows.keys(), TOLD_ONCE - rows.keys()
    prose = "\n".join(korean_prose(path) for path in CHAPTERS if path.stem != "glossary")
    told = {
        korean for korean in TOLD_ONCE if re.search(rf"{korean}\({rows[korean]}|{korean}\([^)]*{rows[korean]}", prose)
    }
    assert TOLD_ONCE - told <= {"Sequential 모델", "cuDNN"}, TOLD_ONCE - told


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_of_a_question_has_the_words_of_the_heading_it_leads_to(language):
    """So a reader sees at once that it is the right place."""
    book = Book(ROOT)
    book.read()
    headings = {}
    for chapter, notebook in book.notebooks.items():
        texts = [read_text(cell.source) for cell in notebook.cells if language_of(cell) == language]
        titles = [title for text in texts for _, title in text.headings]
        headings |= {
            f"{Path(chapter).name}.ipynb#{anchor}": title for anchor, title in zip(book.anchors[chapter], titles)
        }
    questions = next(notebook for chapter, notebook in book.notebooks.items() if chapter.endswith("faq"))
    seen = 0
    for cell in questions.cells:
        if language_of(cell) == language:
            for line in re.findall(r"^(?:자세히|Read on): .*$", cell.source, re.M):
                for words, target in re.findall(r"\[([^\]]*)\]\((\w+\.ipynb#[\w-]+)\)", line):
                    seen += 1
                    assert words == headings[target], f"{cell.id}: [{words}], but the heading is {headings[target]}"
    assert seen > 40


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_argument_of_the_recurrent_layers_has_a_row_in_the_questions(language):
    """The names that a cell of the chapter compares with Keras are those of the table."""
    questions = nbformat.read(ROOT / "book" / "faq.ipynb", as_version=4)
    cells = {cell.id: cell.source for cell in questions.cells}
    compared = re.search(r'explained = """(.*?)"""', cells["arguments-code"], re.S)[1].split()
    rows = re.findall(r"^\| (`[^|]*) \|.*\]\(\w+\.ipynb#[\w-]+\) \|$", cells[f"arguments-{language}"], re.M)
    assert sorted(re.findall(r"\w+", " ".join(rows))) == sorted(compared)
