"""Terms of the Korean edition: those of the glossary, introduced with their English name, and no known slips."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ...messages import Problem
from ..book import Book
from ..markdown import changed, without_comments
from ..notebook import Cell, Chapter
from .languages import HANGUL
from .registry import rule

GLOSSARY = "glossary"

# A row of the glossary: | term | <span lang="ko">its name in the other language</span> | meaning | [where](lstm.ipynb#cell-state) |
ROW = re.compile(r'^\| ([^|]+) \| <span lang="\w+">([^|<]+)</span> \|.*\]\((\w+)\.ipynb#([\w-]+)\) \|$', re.M)

# Words that other books use for these terms; why not, stands beside them.
TRAPS = {
    r"교육": "training is 학습",
    r"학습 속도": "learning rate is 학습률",
    r"폭발": "exploding is 폭주",
    r"퍼플렉시티|혼란도": "perplexity is 퍼플렉서티",
    r"타임 ?스텝": "time step is 시점",
    r"숨겨진 상태|숨은 상태|히든 ?스테이트": "hidden state is 은닉 상태",
    r"그래디언트|경사": "gradient is 기울기",
    r"배치사이즈|배치 사이즈": "batch size is 배치 크기",
    # Plain words that turn ambiguous beside formulas, or are read twice.
    r"(?<![가-힣])몫": "it reads as quotient: 비중, 기여분, or … 에서 오는 항",
    r"(?<![가-힣])옛|(?<![가-힣])새것": "이전 상태, 새 후보",
    r"돌아(?:온|옵|오)": "what a layer returns is 반환된 것",
    r"말없이|말 없이": "silently is 경고 없이 or 오류 없이",
    r"진짜 시점": "a time step that is not padding is 패딩이 아닌 시점",
    r"(?<![가-힣])(?:재어|재면|재지 |재려|잰 |잽니다|쟀)": "to measure is 측정하다",
    r"견주|견줄|견줍|견준": "to compare is 비교하다",
    r"먼지 나타내": "it reads as dust: 얼마나 다른지",
    r"(?<![가-힣])(?:숫자|수)의 수(?=[가는를와의입 ])": "number or count? 특성 수, 값의 개수",
    r"편향[^.]{0,20}두 줄|두 줄[^.]{0,8}편향": "rows of the bias are 행",
    r"(?:다음|준비|맨 처음|첫) 셀(?! 상태)|새 셀에 다음|(?<!코드 )셀을 다시 실행": "a cell of the notebook is 코드 셀",
    r"(?:층|셀|모델|함수|디코더|인코더)[을를] (?:[가-힣]+ ){0,2}(?:부르|부릅|부를|부른|불러(?![오온옵올와])|불렀)": "a call is 호출하다",
    r"처음 값(?=[이을은의과에.])": "an initial value is 초깃값",
    r"편향을 (?:양수|0|1)(?:으?로|에서) 시작": "one starts no bias: 편향의 초깃값을 1로 두다",
    r"(?<![가-힣])들고 (?:다니|다닙|있)": "a state is kept: 유지하다, 기억하다",
    r"저마다": "things have no 저: 각각",
    r"(?<=[가-힣])마다의 ": "it rings translated: 각 …의, …별",
    r"마지막 줄(?:은|들은) [^.]*(?:확인|보여)": "a line checks nothing: 마지막 줄에서는 … 확인합니다",
    r"위로(?:는)? 한계가 없": "no upper bound is 상한이 없다",
    r"(?<![가-힣])약속": "a convention is 관례",
    r"무작위 걸음": "a random walk is 랜덤 워크",
    r"시험 (?:부분|윈도|데이터)": "what a model is tested with is 테스트 부분",
}

ONCE = ("정방향", "삭제 게이트")  # other names of a term, told where it is introduced

# Words that most readers bring along. The book tells their English name where it explains them, not in every chapter.
TOLD_ONCE = {
    "텐서", "축", "특성", "게이트", "시드", "마스크", "초기 상태", "병합 방식", "에포크", "옵티마이저", "소프트맥스", "밀집층",
    "함수형 API", "초기화 함수", "백엔드", "어텐션", "쿼리", "풀링", "규제", "Sequential 모델", "cuDNN", "인자", "정답", "예측",
    "기준", "대조군", "정확도", "직교 행렬", "시작 기호", "끝 기호", "바뀌지 않는 특성", "랜덤 워크",
}  # fmt: skip


def glossary(book: Book, language: str = "ko") -> list[tuple[str, str, str, str]]:
    """(term, its name in the other language, chapter, anchor) of each row of the glossary in a language."""
    chapter = book.chapter(GLOSSARY)
    texts = chapter.texts(language) if chapter else []
    return [row for cell in texts for row in ROW.findall(cell.source)]


BETWEEN = "\n\n"  # the cells of a chapter


@cache
def prose_of_cells(chapter: Chapter) -> tuple[tuple[Cell, str], ...]:
    """The running text of each Korean cell: without headings, figures, code, and lists of links to other places."""
    return tuple((cell, running(without_comments(cell.source))) for cell in chapter.texts("ko"))


def running(prose: str) -> str:
    for noise in (
        r"```.*?```",
        r"^#+ .*?$",
        r"<summary>.*?</summary>",
        r"!\[[^\n]*\]\(images/[^)]*\)\n\n\*.*?\*$",
    ):
        prose = re.sub(noise, "", prose, flags=re.S | re.M)
    prose = re.sub(r"^(?:- \[[^\n]*\]\([^)]*\)|\| \[[^\n]*|\*\*[^*\n]*\*\*)$", "", prose, flags=re.M)
    return re.sub(r"\]\([^)]*\)", "]", prose).replace("`", "").replace("**", "").replace("[", "").replace("]", "")


def korean_prose(chapter: Chapter) -> str:
    """The running text of a Korean chapter."""
    return BETWEEN.join(prose for _, prose in prose_of_cells(chapter))


def cell_at(chapter: Chapter, place: int) -> Cell:
    """The cell in which a place of the running text is."""
    for cell, prose in prose_of_cells(chapter):
        if place < len(prose) + len(BETWEEN):
            return cell
        place -= len(prose) + len(BETWEEN)
    raise LookupError(place)


def first_uses(prose: str, terms: list[tuple[str, str]]):
    """Yield (term, English, where it is first used, what stands there); a term inside a longer one is not its own use."""
    left = prose
    for korean, english in sorted(terms, key=lambda term: -len(term[0])):
        if uses := list(uses_of(korean, left)):
            yield korean, english, uses[0], left[uses[0] : uses[0] + len(korean) + 60]
            left = changed(left, [(use, use + len(korean), "·" * len(korean)) for use in uses])


def uses_of(term: str, prose: str) -> Iterator[int]:
    """Where a term stands as a word; without a pattern for each term, which takes longer to read than to find."""
    place = prose.find(term)
    while place >= 0:
        end = place + len(term)
        if whole := (not place or not HANGUL.match(prose, place - 1)) and BEHIND_A_TERM.match(prose, end):
            yield place
        place = prose.find(term, end if whole else place + 1)


PARTICLE = "(?:은|는|이|가|을|를|의|에|에서|에는|와|과|로|으로|도|만|마다|부터|까지|보다|처럼|입니다|이며|이고|이다|이나|나|들|인|일|란|이란|라는|이라는)(?![가-힣])"

BEHIND_A_TERM = re.compile(rf"[^가-힣]|{PARTICLE}")


@rule("chapter")
def no_traps(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """A Korean text uses no word for a term that the book calls otherwise, and none that reads as another word."""
    for cell, prose in prose_of_cells(chapter):
        for trap, why in TRAPS.items():
            if found := re.search(trap, prose):
                before, behind = prose[: found.start()].rsplit("\n", 1)[-1], prose[found.end() :].split("\n", 1)[0]
                around = f"{before[-20:]}{found[0]}{behind[:20]}"
                yield Problem(chapter.where(cell), f"says …{around}…", f"{why[0].upper()}{why[1:]}.")


@rule("chapter")
def other_names_are_told_once(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """Another name of a term, such as 삭제 게이트, is told once, where the term is introduced."""
    for name in ONCE:
        places = [match.start() for match in re.finditer(name, korean_prose(chapter))]
        if len(places) > 1:
            what = f"uses {name} again, after cell {cell_at(chapter, places[0]).number}"
            remedy = "Tell this other name where the term is introduced, then use the term."
            yield Problem(chapter.where(cell_at(chapter, places[1])), what, remedy)


@rule("chapter")
def terms_have_their_english_name(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """At its first use in a Korean chapter a term of the glossary carries its English name: 은닉 상태(hidden state)."""
    if chapter.name == GLOSSARY:
        return
    for korean, english, place, around in first_uses(korean_prose(chapter), [row[:2] for row in glossary(book)]):
        if korean in TOLD_ONCE:
            continue
        names = "|".join(map(re.escape, re.findall(r"[^()]+", english.replace(" (", "("))))  # with its abbreviation
        if not re.match(rf"{re.escape(korean)}(?:[^(]{{0,4}}\(|, )[^)]*({names})", around, flags=re.I):
            what = f"uses {korean} first without its English name: {around[:40].strip()!r}"
            yield Problem(chapter.where(cell_at(chapter, place)), what, f"Write {korean}({english}) there.")
