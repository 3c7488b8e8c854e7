// The page of review cards: one card at a time, from those that stand in the page.
import { ask } from "../predict/choices.js";
import { button, make, recall, remember, say, status } from "../predict/page.js";
import { answered, csv, dayOf, offered, readProgress } from "./cards.js";

const REMEMBERED = "review";
const words = JSON.parse(document.getElementById("review-words").textContent);
const page = document.getElementById("review");
const [all] = page.getElementsByClassName("cards");
const cards = Array.from(all.children, (element) => ({ id: element.dataset.id, chapter: element.dataset.id.split(".")[0], element }));
const today = dayOf(new Date());
let progress = readProgress(recall(REMEMBERED));
let queue = offered(cards, progress, today);

const count = make("p", [], { class: "count" });
const place = make("div", [], { class: "card" });
const note = status();
const next = button(words.next, () => {
  show();
  place.querySelector("button, summary")?.focus();
});

function keep(id, right) {
  progress[id] = answered(progress[id], right, today);
  const kept = remember(REMEMBERED, JSON.stringify(progress));
  const days = progress[id][1] - today;
  note.replaceChildren(...say(!kept ? words.unsaved : days === 1 ? words.tomorrow : words.again, { days }));
  queue = queue.filter((card) => card.id !== id);
  tell();
}

function tell() {
  const seen = Object.keys(progress).length;
  count.replaceChildren(...say(words.count, { left: queue.length, seen, all: cards.length }));
}

function show() {
  note.replaceChildren();
  next.hidden = true;
  const [card] = queue;
  if (!card) {
    place.replaceChildren(make("p", say(words.done)));
    return;
  }
  const copy = card.element.cloneNode(true);
  place.replaceChildren(copy);
  const known = () => (next.hidden = false);
  if (copy.matches(".choice")) {
    let first = true;
    ask(copy, (right) => {
      if (first) keep(card.id, right);
      first = false;
      known();
    });
    return;
  }
  const [fold] = copy.getElementsByTagName("details");
  const grade = (right) => () => {
    keep(card.id, right);
    grades.remove();
    known();
    next.focus();
  };
  const grades = make("p", [button(words.knew, grade(true)), " ", button(words.not_yet, grade(false))]);
  fold.append(grades);
}

/** The text of a part, with each formula as the notebook writes it. */
function plain(part) {
  const copy = part.cloneNode(true);
  for (const formula of copy.querySelectorAll(".katex")) formula.replaceWith(`$${formula.querySelector("annotation").textContent.trim()}$`);
  return copy.textContent.replaceAll(/[\u2060\u200b]/g, "").replaceAll(/\s+/g, " ").trim();
}

function row({ chapter, element }) {
  const [front] = element.children;
  if (!element.matches(".choice")) return [plain(front), plain(element.querySelector("details > p")), chapter];
  const [choices, answers] = [...element.querySelectorAll("ol")].map((list) => [...list.children].map(plain));
  const right = element.dataset.key - 1;
  return [[plain(front), ...choices.map((text, k) => `${k + 1}. ${text}`)].join("\n"), `${right + 1}. ${answers[right]}`, chapter];
}

function save() {
  const address = URL.createObjectURL(new Blob(["\ufeff", csv(cards.map(row))], { type: "text/csv" }));
  make("a", [], { href: address, download: words.file }).click();
  URL.revokeObjectURL(address);
}

function forget() {
  progress = {};
  const gone = [REMEMBERED, "answers"].every((name) => remember(name, null));
  queue = offered(cards, progress, today);
  show();
  tell();
  note.replaceChildren(...say(gone ? words.forgotten : words.unsaved));
}

all.before(count, place, note, next, make("p", [button(words.export, save), " ", button(words.forget, forget)]));
all.hidden = true;
tell();
show();
