// The search: book.js loads this file, and with it Pagefind, when the search is opened for the first time.
import * as pagefind from "../pagefind/pagefind.js";

const AT_ONCE = 8; // sections
const EXCERPT = 30; // words, of which some stand before what was looked for
const BEFORE = 5;

// The word itself counts far more than longer ones that begin with it: gate before gates, h_t before h_tilde.
export const OPTIONS = { ranking: { termSimilarity: 6 } };

// When a file of the index does not come, Pagefind waits for ever, or finds nothing without it. Here it is known, so that the
// reader is told, and that the next query begins from nothing: the network may be there again.
const INDEX = new URL("../pagefind/", import.meta.url).href;
const load = globalThis.fetch;
let started, lost, loseAll;

globalThis.fetch = async (address, ...options) => {
  if (!new URL(address.url ?? address, location).href.startsWith(INDEX)) return load(address, ...options);
  const fail = loseAll;
  try {
    const answer = await load(address, ...options);
    if (!answer.ok) throw new Error(`${answer.status} ${answer.url}`);
    return new Response(await answer.arrayBuffer(), answer); // read here, where it is noticed when it breaks off
  } catch (error) {
    fail?.(error);
    throw error;
  }
};

function start() {
  lost = new Promise((_, reject) => (loseAll = reject));
  lost.catch(() => (started = null));
  return pagefind.destroy().then(() => pagefind.options(OPTIONS)).then(pagefind.init);
}

/** What comes of ``work`` with the index, or an error when a file of it does not come. */
async function withIndex(work) {
  await (started ??= start());
  return Promise.race([work(), lost]);
}

// What Korean writes behind a noun without a space: 게이트를, 시점에서는, `h_t`와, 은닉 상태란. The longest is taken off. Two
// syllables have to be left (회로 is no 회 with 로), or one of the words of one syllable that this book speaks of.
const PARTICLES =
  "들?(?:에서|에게|에|으로|로|와|과|까지|부터|보다|처럼|마다|만|이라|라|이랑|랑|이)?" +
  "(?:은|는|이|가|을|를|의|도|만|고|나|란|며|다|하고|입니다|입니까|인가요?|일까요?|이에요|예요|에요|인지|인데요?|이?네요|이?냐|이?죠|" +
  "이야|(?<!분)야|(?<![데테페])이지요?|(?<![까너로리머미버시이키])지요?)?"; // but 분야, 페이지, 메시지, 나머지 …
const PARTICLE = new RegExp(`^${PARTICLES}$`);
const SHORT_NOUNS = "층셀곱값축칸";
const NOUN_WITH_PARTICLE = new RegExp(`^([${SHORT_NOUNS}]|.*?(?:[가-힣]-?[가-힣]|[^가-힣]))${PARTICLES}$`, "u");
const PLURAL = /^([a-z-]{3,}?)(?:ies|(?<=s|x|ch|sh)es|(?<![sui])s)$/i; // memories, biases, gates, but not loss, axis
const VERB = /^([a-z]{4,}?)(?:ed|ing)$/i; // masked, masking
const PLURAL_OF_ABBREVIATION = /^([A-Z]{2,})s$/; // RNNs
const PART_OF_COMPOUND = new RegExp(`^(?:[${SHORT_NOUNS}]|[가-힣]{2,}|[a-z]{4,})$`, "i"); // 셀|상태, hidden|state

/** A word without particle or ending. Pagefind finds every word that begins with it. */
export function stem(word) {
  const found = [PLURAL_OF_ABBREVIATION, PLURAL, VERB, NOUN_WITH_PARTICLE].map((form) => word.match(form)).find(Boolean);
  return found ? found[1] : word;
}

// Words that ask, and say nothing about what is looked for.
const ASKING = new Set(
  ("a an and are can do does doesnt for from how i in is isnt it its my of on or the to versus vs what whats when where which why " +
    "with 그리고 또는 무엇 무엇을 무엇이 무엇인가 무엇인가요 무엇입니까 무엇일까 뭐 뭐야 뭐예요 뭐죠 뭐지 뭔가요 뭘까 뭘까요 어디 어디에 " +
    "어느 어떤 어떻게 언제 왜 인가요 법 방법 해결 하나요 되나요 나요 때").split(" "),
);

// English words in Korean letters and other words that readers bring along, and what this book writes for them.
export const LOANWORDS = {
  __proto__: null, // a reader may look for "constructor"
  그라디언트: "기울기", 그래디언트: "기울기", 넘파이: "NumPy", 레이어: "층", 바이어스: "편향", 사이즈: "크기", 스테이트: "상태",
  스텝: "시점", 아웃풋: "출력", 에러: "오류", 웨이트: "가중치", 인풋: "입력", 케라스: "Keras", 타임스텝: "시점", 텐서플로: "TensorFlow",
  텐서플로우: "TensorFlow", 파라미터: "매개변수", 히든: "은닉", 파이토치: "PyTorch", 윈도우: "윈도", 타깃: "정답", 타겟: "정답",
  라벨: "정답", 레이블: "정답", 로스: "손실", 피처: "특성", 피쳐: "특성", 셰이프: "형상", 쉐이프: "형상", 스테이트풀: "stateful",
  훈련: "학습", 에러메시지: "오류", 입력값: "입력", 출력값: "출력", 예측값: "예측", 실제값: "실제", 초기값: "초기", 은닉층: "은닉",
};

// How a query is divided into words. Signs at the edges of a word are none of its letters (units는? “gate” 게이트…), nor are quotes,
// closed brackets and word joiners inside (`h_t`는, 상태(state)란). A slash, a comma, a middle dot … stand between two words, and
// before a bracket or = begins another, as in builder/site/search_index.py. Of - _ . : ' a name may consist.
const WIDE = /[\uff01-\uff5e]/g; // ？ and other signs as wide as a syllable
const INSIDE = /\(\)|\[\]|[\u2060\u200b-\u200d\ufeff\u00ad`"“”„«»)\]}]/g;
const POSSESSIVE = /['’‘]s(?![\p{L}\p{N}])|['’‘]/gu;
const BETWEEN = /[^\p{L}\p{N}\p{M}_\-.:([={]+|(?=[([={])/u;
const EDGES = /^[^\p{L}\p{N}_=]+|[^\p{L}\p{N}\p{M}_]+$/gu;
const JOINED = /[-_.:]+/;

function divide(query) {
  return query
    .normalize("NFC")
    .replaceAll(WIDE, (sign) => String.fromCharCode(sign.charCodeAt() - 0xfee0))
    .replaceAll(/[\u2010\u2011]/g, "-")
    .replaceAll("ㆍ", " ") // a letter for Unicode, and a middle dot for many who write Korean
    .replaceAll(POSSESSIVE, "")
    .replaceAll(INSIDE, "")
    .split(BETWEEN)
    .map((word) => word.replaceAll(EDGES, ""))
    .filter(letters);
}

const letters = (word) => word.replaceAll(/[^\p{L}\p{N}]/gu, "").toLowerCase();

/** The sections that have a word, or one that begins with it: Pagefind's results, each with its places. */
async function lookUp(word) {
  // Pagefind loads the part of the index that has the word. Others that begin with it may stand in the next part, up to
  // where the word with the last syllable of all behind it would stand.
  await pagefind.preload(word + "힣");
  const { results } = await pagefind.search(word);
  if (!results.length) return [];
  const sections = results.map(({ id, score, words, data }) => ({ id, score, places: words, data }));

  // Where nothing begins with the word, Pagefind takes what the word begins with: "r" for "relu". That is no answer.
  const { content } = await sections[0].data();
  const text = content.split(/\s+/);
  const found = sections[0].places.map((place) => letters(text[place]));
  const wanted = letters(word);
  if (found.some((each) => each.includes(wanted))) return sections;

  // Unless two words are written as one: 망각게이트, timestep.
  const begun = Math.min(...found.map((each) => [...wanted].findIndex((letter, place) => each[place] !== letter)));
  const [first, rest] = [word.slice(0, begun), word.slice(begun)];
  if (!PART_OF_COMPOUND.test(first) || !PART_OF_COMPOUND.test(rest)) return [];
  const others = new Map((await lookUp(rest)).map((section) => [section.id, section]));
  return sections.filter(({ id }) => others.has(id)).map((section) => both(section, others.get(section.id)));
}

const both = (one, other) => ({ ...one, score: one.score + other.score, places: [...one.places, ...other.places] });
const better = (one, other) => (one.score > other.score ? one : other);

/** The sections of several lists, each once. */
function merge(lists, join) {
  const sections = new Map();
  for (const section of lists.flat()) {
    const known = sections.get(section.id);
    sections.set(section.id, known ? join(known, section) : section);
  }
  return [...sections.values()];
}

/** The sections that have words of a query, best first: for each its ``id``, and ``data`` and ``places`` for ``read``. */
export const find = (query) => withIndex(() => findAll(divide(query)));

async function findAll(all) {
  const some = telling(all);
  const words = some.length ? some : all;
  const found = [...new Set(words)].map(lookUpForms);
  const names = [all, words].map((each) => each.map(ours).join(" "));
  const named = [...new Set(names.flatMap((name) => [letters(name), letters(stem(name))]))].map(explained);
  const sections = merge([...(await Promise.all(found)), ...(await Promise.all(named))], both).sort(byScore);
  return merge([sections, await asked(all, words, sections)], both).sort(byScore);
}

const byScore = (one, other) => other.score - one.score;
const telling = (all) => all.filter((word) => !ASKING.has(letters(word)) && !PARTICLE.test(word));
const bare = (words) => new Set(words.map((word) => letters(stem(stem(ours(word))))));

/** The questions of the book that the query asks: all its words stand in the heading, and make up half of it. */
async function asked(all, words, sections) {
  const { results } = await pagefind.search(null, { filters: { question: "yes" } });
  const questions = new Set(results.map(({ id }) => id));
  const near = sections.filter(({ id }) => questions.has(id)).slice(0, AT_ONCE);
  const wanted = bare(words);
  const found = near.map(async ({ id, data }) => {
    const title = divide((await data()).meta.title);
    const heading = bare(telling(title));
    if (letters(title.join("")) === letters(all.join(""))) return [{ id, score: 2e6, places: [], data }]; // letter by letter
    const is = wanted.size * 2 >= heading.size && [...wanted].every((word) => heading.has(word));
    return is ? [{ id, score: (1e5 * wanted.size) / heading.size, places: [], data }] : [];
  });
  return (await Promise.all(found)).flat();
}

const ours = (typed) => LOANWORDS[typed] ?? LOANWORDS[stem(typed)] ?? typed;

/** The sections that have a word as typed or without its ending; if they are few, also those that have what it is joined of. */
async function lookUpForms(typed) {
  const word = ours(typed);
  const forms = [...new Set([word, stem(word), stem(stem(word))])]; // units는, units, unit
  const sections = merge(await Promise.all(forms.map(lookUp)), better);
  const parts = typed.split(JOINED).filter((part) => letters(part) && !ASKING.has(letters(part)));
  if (sections.length >= AT_ONCE || parts.length < 2) return sections;
  return merge([sections, ...(await Promise.all(parts.map(lookUpForms)))], both);
}

/** The sections that explain a term, if the query is one: they come before those that only have its words. */
async function explained(term) {
  const { results } = await pagefind.search(null, { filters: { term } });
  return results.map(({ id, data }) => ({ id, score: 1e6, places: [], data }));
}

/** What is shown of a section: its address, title and chapter, and an excerpt: words, of which some were looked for or are code. */
export async function read({ data, places }) {
  const { content, meta } = await data();
  const words = content.split("\u2063")[0].trim().split(/\s+/); // without the title, see builder/site/search_index.py
  let within = false; // code, which it puts between two characters that are not seen
  const code = words.map((word) => {
    const is = within || word.includes("\u2061");
    within = is && (!word.includes("\u2062") || word.lastIndexOf("\u2061") > word.lastIndexOf("\u2062"));
    return is;
  });
  const inside = [...new Set(places)].filter((place) => place < words.length).sort((a, b) => a - b);
  const start = (place) => Math.max(0, Math.min(place - BEFORE, words.length - EXCERPT));
  const number = (place) => inside.filter((other) => other >= start(place) && other < start(place) + EXCERPT).length;
  const best = start(inside.reduce((best, place) => (number(place) > number(best) ? place : best), inside[0] ?? 0));
  return {
    ...meta,
    excerpt: words.slice(best, best + EXCERPT).map((word, here) => ({
      word: word.replaceAll(/[\u2061\u2062]/g, ""),
      mark: inside.includes(best + here),
      code: code[best + here],
    })),
  };
}

const dialog = document.querySelector("dialog.search");
const [input, status, list, more] = ["input", "[role=status]", "ol", ".search-more"].map((part) => dialog.querySelector(part));

function part(tag, ...content) {
  const element = document.createElement(tag);
  element.append(...content);
  return element;
}

// builder/site/search_index.py put spaces into what has none, such as 상태(hidden state), for Pagefind.
const tidy = (text) => text.replaceAll("\u2060 ", "");

// The numbers of the chapters, by the addresses of their pages, from the list of chapters beside the text.
const numbers = new Map(
  Array.from(document.querySelectorAll(".sidebar-tree [data-page]"), (line) => [
    `${line.dataset.page}.html`,
    line.querySelector(".number")?.textContent,
  ]),
);

/** A line of the list. */
function entry({ address, title, chapter, excerpt }) {
  const number = numbers.get(address.split("#")[0]);
  const numbered = (text) => (number ? `${number} ${tidy(text)}` : tidy(text));
  const a = part("a", part("b", chapter === title ? numbered(title) : tidy(title)));
  a.href = new URL(`../${address}`, import.meta.url);
  if (chapter !== title) a.append(part("small", numbered(chapter)));
  const text = part("span");
  let line = text;
  for (const { word, mark, code } of excerpt) {
    if (code && line === text) text.append((line = part("code")));
    else if (!code) line = text;
    const [, letters, joined] = word.match(/^(.*?)(\u2060?)$/);
    line.append(mark ? part("mark", letters) : letters, joined ? "" : " ");
  }
  a.append(text);
  return part("li", a);
}

const failed = () => (status.textContent = dialog.dataset.failed);

let newest = 0;

async function answer(composing) {
  const mine = ++newest;
  const sections = await find(input.value);
  if (mine !== newest) return;
  if (composing && !sections.length) return; // a syllable is being typed: what was found before stays
  const { found, none } = dialog.dataset;
  const text = sections.length ? found + sections.length : input.value.trim() ? none : "";
  async function next() {
    const items = (await withIndex(() => Promise.all(sections.splice(0, AT_ONCE).map(read)))).map(entry);
    if (mine !== newest) return;
    more.hidden = !sections.length;
    return items;
  }
  async function append() {
    const items = await next();
    if (!items) return;
    list.append(...items);
    items[0].firstChild.focus();
  }
  const items = await next();
  if (!items) return;
  list.replaceChildren(...items);
  list.scrollTop = 0;
  status.textContent = text;
  more.onclick = () => append().catch(failed);
}

/** Show what is found for the text in the box, or that the search cannot be loaded. */
export const show = (composing = false) => answer(composing).catch(failed);

let typing;
input.addEventListener("input", (event) => {
  clearTimeout(typing);
  typing = setTimeout(() => show(event.isComposing), 100);
});
input.addEventListener("compositionend", () => show());

/** Go to the best section for the text in the box. */
export async function enter() {
  if (matchMedia("(pointer: coarse)").matches) return input.blur(); // a phone's keyboard covers the list
  clearTimeout(typing);
  await show();
  list.querySelector("a")?.click();
}

dialog.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const links = [...dialog.querySelectorAll("a")].filter((link) => link.checkVisibility());
  const stops = [input, ...links, ...(more.hidden ? [] : [more])];
  const here = stops.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && here >= 0) {
    event.preventDefault();
    stops[Math.min(Math.max(here + step, 0), stops.length - 1)].focus();
  } else if (event.key === "Enter" && here === 0) {
    event.preventDefault();
    enter();
  } else if (event.key.length === 1 && event.key !== " ") input.focus(); // typing goes on in the box
});

dialog.addEventListener("click", (event) => {
  if (event.target.closest("a") && !event.ctrlKey && !event.metaKey && !event.shiftKey) dialog.close();
});
