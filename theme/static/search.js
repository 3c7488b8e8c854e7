// The search: book.js loads this file, and with it Pagefind, when the search is opened for the first time.
import * as pagefind from "../pagefind/pagefind.js";

const CHAPTERS_AT_ONCE = 5;
const SECTIONS = 3; // of each chapter, the best
const ready = pagefind.options({ excerptLength: 30 }).then(pagefind.init);

// What Korean writes behind a noun without a space: 게이트를, 시점에서는, `h_t`와, 은닉 상태란. The longest is taken off. Two
// syllables have to be left (회로 is no 회 with 로), or one of the words of one syllable that this book speaks of.
const PARTICLES =
  "들?(?:에서|에게|에|으로|로|와|과|까지|부터|보다|처럼|마다|만|이라|라|이)?(?:은|는|이|가|을|를|의|도|만|고|나|란|며|다|하고|입니다)?";
const SHORT_NOUNS = "층셀곱값축칸";
const NOUN_WITH_PARTICLE = new RegExp(`^([${SHORT_NOUNS}]|.*?(?:[가-힣]{2}|[^가-힣]))${PARTICLES}$`, "u");
const PLURAL = /^([a-z]{3,}?)(?:ies|(?<=s|x|ch|sh)es|(?<![sui])s)$/i; // memories, biases, gates, but not loss, axis
const PLURAL_OF_ABBREVIATION = /^([A-Z]{2,})s$/; // RNNs

/** A word without particle or plural. Pagefind finds every word that begins with it. */
export function stem(word) {
  const found = [PLURAL_OF_ABBREVIATION, PLURAL, NOUN_WITH_PARTICLE].map((form) => word.match(form)).find(Boolean);
  return found ? found[1] : word;
}

/** All results of Pagefind for a query, best first: those of the stems, then those that only the words as typed have. */
export async function find(query) {
  await ready;
  const words = query.normalize("NFC").trim().split(/\s+/);
  const forms = new Set([words.map(stem).join(" "), words.join(" ")]);
  const found = await Promise.all(
    [...forms].map(async (form) => {
      // Pagefind loads the part of the index that has the word. Others that begin with it may stand in the next part,
      // up to where the word with the last syllable of all behind it would stand.
      await pagefind.preload(form.replaceAll(/\S+/g, "$&힣"));
      return pagefind.search(form);
    }),
  );
  const chapters = new Map();
  for (const result of found.flatMap((each) => each.results)) {
    if (!chapters.has(result.id)) chapters.set(result.id, result);
  }
  return [...chapters.values()];
}

const dialog = document.querySelector("dialog.search");
const [input, status, list, more] = ["input", "[role=status]", "ol", ".search-more"].map((part) => dialog.querySelector(part));

// tools/search.py put spaces into what has none, such as 상태(hidden state), for Pagefind.
const tidy = (text) => text.replace(/\u2060(<\/mark>)? /g, "$1");

/** A link of the list. The excerpt is HTML that Pagefind made: escaped text with <mark>. */
function link(address, title, excerpt) {
  const a = document.createElement("a");
  a.href = address;
  a.append(Object.assign(document.createElement("b"), { textContent: tidy(title) }));
  if (excerpt) a.append(Object.assign(document.createElement("span"), { innerHTML: tidy(excerpt) }));
  return a;
}

/** A chapter of the list: its title and its best sections. */
function chapter({ url, meta, sub_results }) {
  const item = document.createElement("li");
  const score = (section) => section.weighted_locations.reduce((sum, word) => sum + word.balanced_score, 0);
  const best = [...sub_results].sort((a, b) => score(b) - score(a)).slice(0, SECTIONS);
  const top = best.find((section) => section.url === url); // above the first section
  item.append(link(url, meta.title, top && top.excerpt));
  for (const section of best) if (section !== top) item.append(link(section.url, section.title, section.excerpt));
  return item;
}

let newest = 0;

/** Show what is found for the text in the box. */
export async function show(composing = false) {
  const mine = ++newest;
  const results = input.value.trim() ? await find(input.value) : [];
  if (mine !== newest) return;
  if (composing && !results.length) return; // a syllable is being typed: what was found before stays
  const { found, none } = dialog.dataset;
  async function append() {
    const next = await Promise.all(results.splice(0, CHAPTERS_AT_ONCE).map((result) => result.data()));
    if (mine !== newest) return;
    more.hidden = !results.length;
    return next.map(chapter);
  }
  const text = results.length ? found + results.length : input.value.trim() ? none : "";
  const items = await append();
  if (!items) return;
  list.replaceChildren(...items);
  list.scrollTop = 0;
  status.textContent = text;
  more.onclick = async () => {
    const items = await append();
    if (!items) return;
    list.append(...items);
    items[0].firstChild.focus();
  };
}

let typing;
input.addEventListener("input", (event) => {
  clearTimeout(typing);
  typing = setTimeout(() => show(event.isComposing), 100);
});
input.addEventListener("compositionend", () => show());

dialog.addEventListener("keydown", async (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const stops = [input, ...list.querySelectorAll("a"), ...(more.hidden ? [] : [more])];
  const here = stops.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && here >= 0) {
    event.preventDefault();
    stops[Math.min(Math.max(here + step, 0), stops.length - 1)].focus();
  } else if (event.key === "Enter" && here === 0) {
    event.preventDefault();
    if (matchMedia("(pointer: coarse)").matches) return input.blur(); // a phone's keyboard covers the list
    clearTimeout(typing);
    await show();
    list.querySelector("a")?.click();
  } else if (event.key.length === 1 && event.key !== " ") input.focus(); // typing goes on in the box
});

list.addEventListener("click", (event) => {
  if (!event.target.closest("a") || event.ctrlKey || event.metaKey || event.shiftKey) return;
  dialog.close();
  const chapters = document.getElementById("__navigation"); // which a phone shows over the page
  chapters.checked = false;
  chapters.dispatchEvent(new Event("change"));
});
