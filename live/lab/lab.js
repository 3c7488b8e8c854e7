// The lab in a page: what a reader changes becomes a state, the state becomes HTML (view.js) and an address (address.js).
import { CallError } from "../core.js";
import { ParseError, format, has, parse } from "../parse.js";
import { MOST, read, write } from "../address.js";
import { parseShape } from "../predict/shapes.js";
import { compute } from "./compute.js";
import {
  BEGIN,
  changeLine,
  codeLine,
  countTold,
  errorBox,
  labAddress,
  limitBox,
  opened,
  question,
  readings,
  results,
  say,
  shapesTold,
  smallState,
} from "./view.js";

const lab = document.getElementById("lab");
const small = lab.dataset.small ? JSON.parse(lab.dataset.small) : null; // inside a chapter
const words = small
  ? await (await fetch(new URL(lab.closest("[data-words]").dataset.words, document.baseURI))).json()
  : JSON.parse(document.getElementById("lab-words").textContent);
const part = Object.fromEntries(
  ["code", "error", "change", "results", "text", "pasted", "paste", "said"].map((name) => [
    name,
    document.getElementById(`lab-${name}`),
  ]),
);

const begin = small ? smallState(small) : BEGIN;
let wanted = begin; // what the controls say, also when it is impossible
let shown = compute(begin); // what is on the page
let fault = null;

const copy = (state) => structuredClone(state);

// ---- Showing ----

/** Put HTML in a place, and the focus back to where it was. */
function fill(place, html) {
  const focused = place.contains(document.activeElement) ? document.activeElement.id : "";
  place.innerHTML = html;
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

/** The controls: while a number is being typed, its field stays as it is. */
function fillCode() {
  const typing = part.code.contains(document.activeElement) && document.activeElement.type === "number";
  if (!typing) return fill(part.code, codeLine(wanted, words, fault));
  const field = document.activeElement;
  const { id, value } = field;
  part.code.innerHTML = codeLine(wanted, words, fault);
  const fresh = document.getElementById(id);
  fresh.replaceWith(field);
  field.value = value;
  for (const name of ["aria-invalid", "aria-describedby"]) {
    if (fresh.hasAttribute(name)) field.setAttribute(name, fresh.getAttribute(name));
    else field.removeAttribute(name);
  }
  return field.focus({ preventScroll: true });
}

const CELL = "[data-t], tbody .bars";

/** One stop for Tab in each table of numbers; the arrow keys move inside it. */
function makeGrids() {
  for (const table of part.results.querySelectorAll(".lab-values:not(.input)")) {
    table.setAttribute("role", "grid");
    const cells = table.querySelectorAll(CELL);
    for (const cell of cells) {
      cell.setAttribute("role", "gridcell");
      cell.tabIndex = -1;
    }
    if (cells[0]) cells[0].tabIndex = 0;
  }
  reachScrolled();
}

/** What scrolls inside itself can be reached, and then scrolled, with the keyboard. */
function reachScrolled() {
  for (const box of part.results.querySelectorAll(".lab-scroll")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}
addEventListener("resize", reachScrolled);

/** Say why something is not possible, mark it in the line, and keep what was there. */
function refuse(error, html) {
  fault = error;
  fillCode();
  part.error.hidden = false;
  part.error.innerHTML = html;
  part.results.classList.add("stays");
}

/**
 * Show a state when it is possible, else say why it is not and keep what was there.
 *
 * @param {?string} reason key of what was changed, for the sentence that says what it does
 * @param {"replace" | "push" | "keep"} history what happens to the address
 */
function show(state, { reason = null, history = "replace", say: told = null } = {}) {
  wanted = state;
  let result;
  try {
    result = compute(state);
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    refuse(error, errorBox(error, words));
    return;
  }
  fault = null;
  part.error.hidden = true;
  part.error.replaceChildren();
  part.results.classList.remove("stays");
  fillCode();
  if (!small) document.getElementById("lab-predict").checked = state.predict;
  if (!small) hidePresets(state, !state.predict);
  part.change.innerHTML = told ?? (state.predict ? say(words.predict.ask) : changeLine(shown, result, words, reason));
  shown = result;
  fill(part.results, (state.predict ? question : results)(result, words));
  makeGrids();
  if (small) document.getElementById("lab-open").href = labAddress(state); // the address of a chapter stays its own
  if (!small && history !== "keep") {
    const address = `${location.pathname}?${write(state)}${location.hash}`;
    if (history === "push") window.history.pushState(null, "", address);
    else window.history.replaceState(null, "", address);
  }
  followAddress(small ? `?${write(state)}` : location.search);
}

/** The named links tell answers: they wait until there is nothing to be found out. */
function hidePresets({ hide }, answered) {
  lab.querySelector(".lab-presets").hidden = hide.length > 0 || !answered;
}

/** The switch to the other language leads to the same state, also after Back, and from a chapter. */
function followAddress(search) {
  for (const link of document.querySelectorAll("a[data-language]")) {
    const target = new URL(link.href);
    target.search = search;
    link.href = target;
  }
}

// ---- Changing ----

/** A control of the line was changed. */
function change({ dataset: { layer: index, key }, type, value }) {
  const state = copy(wanted);
  let reason = key;
  if (type === "number") {
    const length = /^-?\d{1,9}$/.test(value) ? Number(value) : NaN;
    // that a layer has no 0 units, Keras says itself
    if (!(length <= MOST.length) || (index === "x" && length < 1)) {
      return refuse({ layer: index === "x" ? index : Number(index), argument: key }, limitBox(words));
    }
    (index === "x" ? state : state.layers[index])[key] = length;
    if (key === "time" && state.mask) state.mask = Array.from({ length }, (_, k) => state.mask[k] ?? true);
  } else {
    reason = `${key}=${value}`;
    const layer = state.layers[index];
    if (key === "started") state.started = value === "true";
    else if (key === "type") {
      layer.type = value;
      for (const own of ["unit_forget_bias", "reset_after", "recurrent_activation"]) if (!has(value, own)) delete layer[own];
    } else if (key === "bidirectional") layer.bidirectional = value === "true" ? { merge_mode: "concat" } : null;
    else if (key === "merge_mode") layer.bidirectional.merge_mode = value === "none" ? null : value;
    else layer[key] = value === "true";
  }
  show(state, { reason });
}

const acts = {
  switch({ key }) {
    const state = copy(shown.state);
    state.layers.at(-1)[key] = true;
    show(state, { reason: `${key}=true` });
  },
  both({ sequences, state: states }) {
    const state = copy(shown.state);
    const last = state.layers.at(-1);
    const next = { return_sequences: sequences === "true", return_state: states === "true" };
    const changed = Object.keys(next).filter((key) => Boolean(last[key]) !== next[key]);
    Object.assign(last, next);
    show(state, { reason: changed.length === 1 ? `${changed[0]}=${next[changed[0]]}` : null });
  },
  show({ key }) {
    const hide = shown.state.hide.filter((name) => name !== key);
    show({ ...copy(shown.state), hide, predict: false }, { say: say(words.hidden.shown) });
    part.change.tabIndex = -1; // the button, which had the focus, is gone
    part.change.focus();
  },
  keep() {
    show({ ...copy(shown.state), kept: copy(shown.state.layers) }, { say: say(words.compare.done) });
  },
  drop() {
    show({ ...copy(shown.state), kept: null });
    document.getElementById("lab-keep").focus(); // the button that had the focus is gone
  },
  add() {
    const state = copy(wanted);
    const last = state.layers.at(-1);
    last.return_sequences = true; // else the new layer would have nothing to read
    last.return_state = false;
    if (last.bidirectional?.merge_mode === null) last.bidirectional.merge_mode = "concat";
    state.layers.push({ type: last.type, units: 2, bidirectional: null });
    show(state, { reason: "add" });
  },
  remove({ layer }) {
    const state = copy(wanted);
    state.layers.splice(Number(layer), 1);
    show(state, { reason: "remove" });
  },
  repair() {
    const state = copy(wanted);
    const layer = state.layers[fault.layer];
    const { merge_mode, ...rest } = fault.repair;
    Object.assign(layer, rest);
    if (merge_mode !== undefined) layer.bidirectional.merge_mode = merge_mode;
    const [key] = Object.keys(fault.repair);
    const index = fault.layer;
    show(state);
    document.getElementById(`lab-${index}-${key}`)?.focus();
  },
  async copy(_, button) {
    const label = words.copy.do;
    try {
      await navigator.clipboard.writeText(document.getElementById("lab-written").textContent);
      button.textContent = words.copy.done;
    } catch {
      button.textContent = words.copy.failed;
    }
    setTimeout(() => (button.textContent = label), 2500);
  },
  paste() {
    let found;
    try {
      found = parse(part.text.value);
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      const most = MOST[error.code === "many-layers" ? "layers" : "length"];
      const values = { value: error.value, argument: error.argument, most };
      const place = error.code === "empty" ? "" : ` ${say(words.paste.where, error)}`;
      const keras = error.keras ? ` ${say(words.paste.keras, { keras: error.keras })}` : "";
      part.pasted.innerHTML = `<p class="refused">${say(words.paste.codes[error.code], values)}${place}${keras}</p>`;
      return;
    }
    const state = { ...copy(wanted), layers: found.layers, mask: null, started: false };
    for (const [key, length] of Object.entries(found.input)) if (length) state[key] = length;
    const told = [say(words.paste.done, { line: `\`${found.layers.map(format).join(", ")}\`` })];
    for (const [kind, sentence] of Object.entries(words.paste.left)) {
      const names = [...new Set(found.ignored.filter((one) => one.kind === kind).map(({ value }) => `\`${value}\``))];
      if (names.length) told.push(say(sentence, { names: names.join(", ") }));
    }
    part.pasted.innerHTML = `<p>${told.join(" ")}</p>`;
    show(state, { history: "push" });
  },
};

lab.addEventListener("change", (event) => {
  const { target } = event;
  if (target.id === "lab-predict") {
    show({ ...copy(shown.state), predict: target.checked });
    document.getElementById("lab-guess-count")?.focus();
  } else if (target.dataset.mask !== undefined) {
    const state = copy(shown.state);
    const mask = Array.from({ length: state.time }, (_, k) => state.mask?.[k] ?? true);
    mask[target.dataset.mask] = target.checked;
    state.mask = mask.every(Boolean) ? null : mask;
    show(state, { reason: "mask" });
  } else if (target.dataset.key && target.tagName === "SELECT") change(target);
  else if (target.type === "number" && (target.value === "" || !target.hasAttribute("aria-invalid"))) {
    target.value = target.dataset.layer === "x" ? wanted[target.dataset.key] : wanted.layers[target.dataset.layer].units;
  }
});
lab.addEventListener("input", ({ target }) => {
  if (target.type === "number" && target.value !== "") change(target);
});
// A guess: the number of tensors first, then the shape of each; then the results are shown, with what is said of it.
lab.addEventListener("submit", (event) => {
  event.preventDefault();
  const fields = [...event.target.querySelectorAll("input")];
  const count = fields[0].id === "lab-guess-count";
  const guesses = fields.map(({ value }) => (count ? countTold(shown, value, words) : parseShape(value)));
  const unread = guesses.indexOf(null);
  if (unread >= 0) {
    document.getElementById("lab-judged").innerHTML = say(words.predict[count ? "unread_count" : "unread"]);
    fields[unread].focus();
  } else if (count) {
    part.results.innerHTML = question(shown, words, guesses[0]);
    document.getElementById("lab-guess-0").focus();
  } else {
    part.change.innerHTML = shapesTold(shown, guesses, words);
    part.results.innerHTML = results(shown, words);
    hidePresets(shown.state, true);
    makeGrids();
    part.change.tabIndex = -1; // the form, which had the focus, is gone
    part.change.focus();
  }
});
lab.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (button) acts[button.dataset.act](button.dataset, button);
  const preset = event.target.closest("[data-preset]");
  if (preset && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    show(read(preset.href).state, { history: "push" });
    lab.scrollIntoView({ block: "start" });
  }
});

// ---- Reading a number ----

/** Light the words that a number has read, and say them. */
function tell(cell) {
  const hint = document.getElementById("lab-read");
  if (!cell || !hint) return;
  release();
  const { t, at, unit } = cell.dataset;
  const { name, row, sequence } = cell.closest("table").dataset;
  const step = sequence === undefined ? [] : [at];
  const state = t === "ghost" ? opened(shown.state) : shown.state;
  const { sentence, order } = readings({ ...shown, state }, name, step.length ? Number(at) : undefined, Number(unit), words);
  cell.classList.add("told");
  for (const line of lab.querySelectorAll(`[data-row="${row}"] [data-step]`)) {
    const places = order.get(Number(line.dataset.step));
    if (!places) continue;
    line.classList.add("lit");
    line.querySelector("th").dataset.order = places;
  }
  const place = `${shown.state.hide.includes("names") ? "" : name}[${[row, ...step, unit].join(", ")}]`;
  const key = `\`${sequence === undefined ? "return_state" : "return_sequences"}=True\``;
  const switched = t === "ghost" ? ` ${say(words.ghost.button, { key })}.` : "";
  const told = `<strong>${say(words.read.of, { place, value: cell.textContent })}</strong> ${sentence}${switched}`;
  hint.innerHTML = told;
  part.said.innerHTML = told;
}

/** No number is lit. */
function release() {
  for (const one of lab.querySelectorAll(".lit, .told")) one.classList.remove("lit", "told");
  for (const one of lab.querySelectorAll("[data-order]")) one.removeAttribute("data-order");
  const hint = document.getElementById("lab-read");
  if (hint) hint.innerHTML = say(words.read.hint);
}

const cellOf = (event) => event.target.closest?.("td[data-t]");
const point = (event) => tell(cellOf(event));
lab.addEventListener("pointerover", point);
lab.addEventListener("focusin", point);
// Away from it: the number that has the focus is told again, if one has.
const leave = () => (lab.contains(document.activeElement) && cellOf({ target: document.activeElement }) ? tell(document.activeElement) : release());
lab.addEventListener("pointerout", (event) => event.pointerType === "mouse" && cellOf(event) && leave());
lab.addEventListener("focusout", (event) => cellOf(event) && release());
addEventListener("keydown", ({ key }) => key === "Escape" && release());
lab.addEventListener("click", (event) => cellOf(event)?.focus());
// On a phone the words stand at the bottom of the screen while the lab has the focus: out of sight, it would cover the page.
new IntersectionObserver(([{ isIntersecting }]) => isIntersecting || lab.querySelector(".told")?.blur()).observe(lab);

lab.addEventListener("keydown", (event) => {
  const cell = event.target.closest?.("[role=gridcell]");
  if (!cell) return;
  const rows = [...cell.closest("tbody").rows].map((row) => [...row.querySelectorAll(CELL)]);
  const y = rows.findIndex((row) => row.includes(cell));
  const x = rows[y].indexOf(cell);
  const moves = {
    ArrowLeft: [y, x - 1],
    ArrowRight: [y, x + 1],
    ArrowUp: [y - 1, x],
    ArrowDown: [y + 1, x],
    Home: [y, 0],
    End: [y, rows[y].length - 1],
  };
  const to = moves[event.key];
  const next = to && rows[to[0]]?.[to[1]];
  if (!to) return;
  event.preventDefault();
  if (!next) return;
  cell.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
});

// ---- The address ----

function fromAddress() {
  followAddress(location.search); // also when its line is not possible
  const found = read(location.search);
  const lost = found && !found.state;
  const told = lost
    ? say(words.address.lost)
    : found?.refused.length
      ? say(words.address.refused, { parts: found.refused.map(({ key, value }) => `${key}=${value}`).join(", ") })
      : found?.state.predict
        ? null
        : say(words.change.first); // nobody has changed anything yet
  show(found?.state ?? BEGIN, { history: "keep", say: told });
}

if (small) {
  // What the switch of languages has brought along, as far as this chapter's controls reach; the rest stays.
  const [own] = begin.layers;
  const brought = read(location.search)?.state;
  const [layer, more] = brought?.layers ?? [];
  if (layer && !more && layer.units === own.units && (layer.type === own.type || small.free.includes("type"))) {
    show({ ...begin, layers: [layer], mask: brought.mask?.length === begin.time ? brought.mask : null });
  } else fillCode(); // a browser may have put back what was chosen before the page was loaded again
  makeGrids();
} else {
  addEventListener("popstate", fromAddress);
  if (location.search) fromAddress();
  else makeGrids();
}
lab.classList.add("ready");
