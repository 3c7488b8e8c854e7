// Predict, then reveal: while the switch of a page is on, a cell that prints shapes hands them out for a guess.
// The key is the recorded output; nothing else knows the answer, but for the cell itself when the reader runs it (live/run/).
import { button, make, remember, say, status, words } from "./page.js";
import { judge, parseShape, readShapes, tuple } from "./shapes.js";

const cells = [...document.querySelectorAll("article .cell:not(.tag_exercise, .tag_choice)")];
const text = (cell, part) => Array.from(cell.querySelectorAll(part), (each) => each.textContent).join("\n");
const input = text(document, "article .cell_input").match(/= \((\d+), (\d+), (\d+)\)/)?.slice(1).map(Number) ?? [];
const asked = new Map(); // cell -> its form
let on = false;

/** The output of a cell is shown, and with it what the guesses were. */
function reveal(cell, judged = []) {
  const form = asked.get(cell);
  const output = cell.querySelector(".cell_output");
  output.classList.remove("asked-for");
  output.hidden = false; // changed code, when the reader has run some, printed in its place
  form.classList.add("answered");
  form.querySelector("fieldset").disabled = true;
  form.querySelector("[role=status]").replaceChildren(...judged);
}

const fieldsOf = (form) => [...form.querySelectorAll("input")];

function compare(cell, shapes) {
  const form = asked.get(cell);
  const fields = fieldsOf(form);
  const guesses = fields.map((field) => parseShape(field.value));
  const unread = guesses.indexOf(null);
  if (unread >= 0) {
    form.querySelector("[role=status]").replaceChildren(...say(words.reveal.unread));
    fields[unread].focus();
    return;
  }
  const code = text(cell, ".cell_input");
  reveal(
    cell,
    shapes.map(({ name, shape }, k) => {
      const others = shapes.filter((other) => other.name !== name);
      const { slip, ...places } = judge(shape, guesses[k], { code, input, others });
      const gap = slip === "right" ? tuple(shape) : `${tuple(guesses[k])} → ${tuple(shape)}`;
      return make("span", [make("strong", [make("code", name), ` ${gap} `]), ...say(words.slips[slip], places)], { class: slip === "right" ? "right" : "wrong" });
    }),
  );
}

function hide(cell) {
  const output = cell.querySelector(".cell_output");
  const shapes = output && !output.hidden ? readShapes(output.textContent, text(cell, ".cell_input")) : []; // hidden: the reader has run the cell
  if (!shapes.length) return;
  const fields = shapes.map(({ name }) => {
    const field = make("input", [], { autocomplete: "off", autocapitalize: "off", spellcheck: "false", size: 11 });
    return make("label", [make("code", name), " ", field]);
  });
  const show = button(words.reveal.show, () => reveal(cell));
  const inside = [make("legend", say(words.reveal.ask)), ...fields, make("button", say(words.reveal.compare)), show];
  const form = make("form", [make("fieldset", inside), status()], { class: "ask" });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    compare(cell, shapes);
  });
  cell.addEventListener("answered", () => {
    if (asked.get(cell) !== form || form.matches(".answered")) return;
    if (fieldsOf(form).every((field) => parseShape(field.value))) compare(cell, shapes);
    else reveal(cell);
  });
  output.before(form);
  output.classList.add("asked-for");
  asked.set(cell, form);
}

/** Turn guessing on or off, and remember which. */
export function turn(pressed, to = !on) {
  on = to;
  pressed.setAttribute("aria-pressed", on);
  if (on) cells.forEach(hide);
  else {
    for (const form of asked.values()) form.remove();
    for (const output of document.querySelectorAll(".asked-for")) output.classList.remove("asked-for");
    asked.clear();
  }
  remember("predict", on ? "on" : null); // book.js asks for it
}
