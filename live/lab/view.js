// The lab as HTML: from a state and the words of a language to text. Nothing of the DOM, so that the build of the site
// writes the state that a reader meets first with this very file, under Node.
import { CallError, DEFAULTS, MERGE_MODES, outputShapes, python, reads, tuple } from "../core.js";
import { FIRST, MOST, read, write } from "../address.js";
import { format, has } from "../parse.js";
import { SHOWN, compute } from "./compute.js";
import { judgeCount, judgeShape } from "./predict.js";

/** The state that a reader meets first: it shows the two most asked things, 2u and two rows that hold final states. */
export const BEGIN = {
  ...FIRST,
  layers: [{ type: "LSTM", units: 3, return_sequences: true, bidirectional: { merge_mode: "concat" } }],
};

// Named links. The sentences are in the words; a test has Keras say whether they are true.
export const PRESETS = {
  "many-to-one": "v=1&l=lstm.3",
  tagging: "v=1&l=bi.lstm.3.s",
  stack: "v=1&l=lstm.3.s~lstm.2",
  encoder: "v=1&l=lstm.3.h",
  decoder: "v=1&l=lstm.3.s.h&i=1",
  "five-values": "v=1&l=bi.lstm.3.h",
  masked: "v=1&l=lstm.3.s&b=2&k=1100",
};

/**
 * The lab inside a chapter, in the place of a picture: the state that it begins with.
 *
 * @param {object} small an entry of figures.json. line: an address; free: which controls there are; parts: what stands
 *   below the numbers; weights: those of the chapter (see weightsOf)
 */
export const smallState = (small) => ({ ...read(small.line).state, small });
const isFree = ({ small }, key) => !small || small.free.includes(key);
/** A heading; inside a chapter, which has its own, a line of text. */
const head = ({ small }, level, inside, id = "") =>
  small ? `<p class="lab-h">${inside}</p>` : `<h${level}${id && ` id="${id}"`}>${inside}</h${level}>`;

const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
export const escape = (text) => `${text}`.replace(/[&<>"']/g, (letter) => escapes[letter]);
const quoted = (value) => (typeof value === "string" ? `"${value}"` : python(value));
const range = (length) => Array.from({ length }, (_, k) => k);
const code = (text) => `<code translate="no">${escape(text)}</code>`;

/** A sentence of the words with its places filled in; text between ` becomes code. */
export function say(sentence, values = {}) {
  const filled = sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
  return escape(filled).replace(/`([^`]*)`/g, '<code translate="no">$1</code>');
}

/** The hue of a tensor: that of the cell state, or of the hidden state. */
const hue = (name) => (/c$/.test(name) ? "cell" : "hidden");
const number = (value) => value.toFixed(2).replace(/^-(0\.0+)$/, "$1");

// ---- The line of code ----

function options(values, chosen) {
  return values
    .map(([value, text]) => `<option value="${escape(value)}"${value === chosen ? " selected" : ""}>${escape(text)}</option>`)
    .join("");
}

const id = (index, key) => `lab-${index}-${key}`;

function select(index, key, values, chosen, { label = "", usual = false, fault = false } = {}) {
  const name = label ? ` aria-label="${escape(label)}"` : "";
  const wrong = fault ? ' aria-invalid="true" aria-describedby="lab-error"' : "";
  const classes = usual ? ' class="usual"' : "";
  return `<select id="${id(index, key)}" data-layer="${index}" data-key="${key}"${name}${wrong}${classes}>${options(values, chosen)}</select>`;
}

/** A length, at which the arrow keys count. */
function length(index, key, value, label, fault = false) {
  const wrong = fault ? ' aria-invalid="true" aria-describedby="lab-error"' : "";
  return `<input type="number" inputmode="numeric" id="${id(index, key)}" data-layer="${index}" data-key="${key}" min="1" max="${MOST.length}" step="1" value="${value}" aria-label="${escape(label)}"${wrong}>`;
}

const SWITCHES = ["return_sequences", "return_state", "go_backwards"];
const MORE = ["use_bias", "unit_forget_bias", "reset_after"]; // each type has its own
const ELSE = ["activation", "recurrent_activation", "zero_output_for_mask"];
const TRUTH = [
  ["false", "False"],
  ["true", "True"],
];
/** Whether the reader is to find out something; what may be hidden stands in address.js. */
const hidden = ({ hide }, key) => hide.includes(key);
const part = (inside) => `<span class="part">${inside}</span>`;

function layerLine(state, index, words, fault) {
  const layer = state.layers[index];
  const at = (key) => fault?.layer === index && fault.argument === key;
  const wrapped = Boolean(layer.bidirectional);
  const mode = layer.bidirectional?.merge_mode;
  const wrapper = [
    ["false", words.code.alone],
    ["true", "Bidirectional("],
  ];
  const types = ["SimpleRNN", "LSTM", "GRU"].map((type) => [type, type]);
  const free = (key) => isFree(state, key);
  const type = free("type") ? select(index, "type", types, layer.type, { label: words.code.layer }) : layer.type;
  const units = free("units") ? length(index, "units", layer.units, words.code.units, at("units")) : layer.units;
  const given = [`${type}(${units}`];
  for (const key of [...SWITCHES, ...MORE.filter((one) => has(layer.type, one))].filter(free)) {
    const usual = Boolean(DEFAULTS[key]);
    const value = Boolean(layer[key] ?? usual);
    const chip = select(index, key, TRUTH, `${value}`, { usual: value === usual, fault: at(key) });
    given.push(`<label for="${id(index, key)}">${key}=</label>${chip}`);
  }
  for (const key of ELSE) {
    if (layer[key] === undefined || layer[key] === DEFAULTS[key]) continue;
    given.push(`<span${at(key) ? ' class="fault"' : ""}>${key}=${escape(quoted(layer[key]))}</span>`);
  }
  given[given.length - 1] += ")";
  if (wrapped && !free("merge_mode")) given[given.length - 1] += ")";
  else if (wrapped) {
    const chosen = mode === undefined ? "concat" : mode;
    const known = MERGE_MODES.includes(chosen) ? MERGE_MODES : [...MERGE_MODES, chosen];
    const modes = known.map((one) => [one ?? "none", quoted(one)]);
    const chip = select(index, "merge_mode", modes, chosen ?? "none", { usual: chosen === "concat", fault: at("merge_mode") });
    given.push(`<label for="${id(index, "merge_mode")}">merge_mode=</label>${chip})`);
  }
  const chooser = select(index, "bidirectional", wrapper, `${wrapped}`, { label: words.code.wrapper, usual: !wrapped });
  const parts = [
    free("bidirectional") ? part(chooser) : wrapped ? part("Bidirectional(") : "",
    ...given.map((one, k) => part(k < given.length - 1 ? `${one}, ` : one)),
  ];
  const remove =
    state.layers.length > 1
      ? ` <button type="button" class="plain" data-act="remove" data-layer="${index}" aria-label="${escape(say(words.code.remove, { k: index + 1 }))}">×</button>`
      : "";
  const name = escape(say(words.code.which, { k: index + 1 }));
  return `<div class="lab-line" role="group" aria-label="${name}">${parts.join("")}${remove}</div>`;
}

/** What one writes to get this: a line for each layer; on the left of the last as many names as come back. */
export function written({ state, outputs }) {
  const { layers } = state;
  const nameless = hidden(state, "names") ? /^.* = (?=[^=]*\()/ : /^(?!)/;
  return layers
    .map((layer, k) => {
      const names = k < layers.length - 1 ? "x" : outputs.map(({ name }) => name).join(", ");
      const given = ["x", !k && state.started && "initial_state=states", state.mask && "mask=mask"].filter(Boolean);
      return `${names} = ${format(layer)}(${given.join(", ")})`.replace(nameless, "");
    })
    .join("\n");
}

/** The controls; `fault` is a CallError, whose argument is marked. */
export function codeLine(state, words, fault = null) {
  const { layers, batch, time, features } = state;
  const axis = (key, value, name) => length("x", key, value, words.axes[name], fault?.layer === "x" && fault.argument === key);
  const shape = [axis("batch", batch, "batch"), axis("time", time, "step"), axis("features", features, "feature")].join(", ");
  const started = select("x", "started", [["false", "None"], ["true", words.code.states]], `${state.started}`, { usual: !state.started });
  const lines = layers.map((layer, index) => layerLine(state, index, words, fault)).join("\n");
  if (state.small) return lines;
  const add =
    layers.length < MOST.layers
      ? `<button type="button" class="plain" data-act="add">${escape(words.code.add)}</button>`
      : "";
  return `<div class="lab-line" role="group" aria-label="x"><span class="part"><code class="x" translate="no">x</code>.shape = (${shape})</span> <span class="part"><label for="lab-x-started">initial_state=</label>${started}</span></div>
${lines}
<div class="lab-buttons">${add}</div>`;
}

/** What an impossible choice says: Keras's words, and a button with the smallest repair. */
export function errorBox(error, words) {
  const repair = error.repair
    ? Object.entries(error.repair).map(([key, value]) => `${key}=${quoted(value)}`).join(", ")
    : "";
  const button = repair
    ? `<p><button type="button" data-act="repair">${say(words.error.repair, { repair: `\`${repair}\`` })}</button></p>`
    : "";
  const head = error.keras === false ? words.error.beyond : words.error.keras;
  return `<p><strong>${say(head)}</strong></p><pre tabindex="0" translate="no">${escape(`${error.type}: ${error.short}`)}</pre><p>${say(words.error.stays)}</p>${button}`;
}

/** What a length that the lab does not reach says. */
export const limitBox = (words) => `<p><strong>${say(words.error.length, { most: MOST.length })}</strong></p><p>${say(words.error.stays)}</p>`;

// ---- Numbers ----

/** The state with both switches of the last layer on, so that everything comes back. */
export const opened = (state) => ({
  ...state,
  layers: [...state.layers.slice(0, -1), { ...state.layers.at(-1), return_sequences: true, return_state: true }],
});

/** In which order words were read: a square for each step of x, filled with the order, empty where it was not read. */
function readBar(chain, time, ordered) {
  const squares = range(time).map((step) => {
    const list = ordered ? chain.steps : chain.input;
    const order = list.indexOf(step);
    return order < 0 ? "<i></i>" : `<b>${ordered ? order + 1 : ""}</b>`;
  });
  return `<span class="bar${ordered ? ` ${chain.direction}` : ""}" aria-hidden="true">${squares.join("")}</span>`;
}

/** Whether both directions stand side by side in a tensor. */
const halved = ({ full }, name) => name === "y" && full.at(-1).bidirectional?.merge_mode === "concat";

/** What a number, or a row (`unit` null), has read: the words for it, and for each step of x the order of each direction. */
export function readings(result, name, at, unit, words) {
  const { state } = result;
  const chains = reads(state.layers, state.time, name, { at, unit, mask: state.mask });
  const stacked = state.layers.length > 1;
  const halves = unit === null && halved(result, name); // of a whole row: which of its numbers
  const order = new Map();
  const told = chains.map(({ direction, steps, input }) => {
    const list = stacked ? input : steps;
    list.forEach((step, k) => {
      const place = stacked ? "•" : `${direction === "forward" ? "→" : "←"}${k + 1}`;
      if (!order.get(step)?.includes(place)) order.set(step, `${order.get(step) ?? ""} ${place}`.trim());
    });
    const names = list.map((step) => `x${step + 1}`).join(stacked ? ", " : " → ");
    const half = halves ? `${words.read.halves[direction]}, ` : "";
    return half + say(words.read[stacked ? "through" : direction], { steps: names || "–" });
  });
  return { sentence: [...new Set(told)].join(" ") || escape(words.read.nothing), order };
}

/** Column heads: unit 1, unit 2, …; with concat those of each direction for themselves. */
function heads(result, tensor, words) {
  const width = tensor.shape.at(-1);
  const halves = halved(result, tensor.name);
  const units = halves ? width / 2 : width;
  const way = (direction) => `<th scope="colgroup" colspan="${units}" class="${direction}">${escape(words.direction[direction])}</th>`;
  const read = !hidden(result.state, "read");
  const above = halves
    ? `<tr><td></td>${way("forward")}${way("backward")}${read ? `<td>${escape(words.read.head)}</td>` : ""}</tr>`
    : "";
  const names = range(width).map((k) => `<th scope="col"${halves && k === units ? ' class="half"' : ""}><span class="vh">${escape(words.axes.unit)} </span>${(k % units) + 1}</th>`);
  const { forward, backward } = words.read.halves;
  const bars = halves ? `<span>${escape(forward)}</span> <span>${escape(backward)}</span>` : escape(words.read.head);
  return { above, names: `${names.join("")}${read ? `<th scope="col" class="bars">${bars}</th>` : ""}`, halves, units };
}

/**
 * One tensor, for one row of the batch, as a table with a row for each step, or with the only row.
 *
 * @param {object} given which: index among the outputs, or "ghost"; returned: which numbers get a ring
 */
function values(result, tensor, row, words, { which, returned, ghost = false }) {
  const { state } = result;
  const sequence = tensor.shape.length === 3;
  const lines = sequence ? tensor.data[row] : [tensor.data[row]];
  const { above, names, halves, units } = heads(result, tensor, words);
  const last = result.full.at(-1);
  const turned = sequence && !last.bidirectional && last.go_backwards;
  const layers = ghost ? opened(state).layers : state.layers;
  const ordered = state.layers.length === 1;
  const body = lines.map((line, at) => {
    const chains = reads(layers, state.time, tensor.name, { at: sequence ? at : undefined, mask: state.mask });
    const cells = line.map((value, unit) => {
      const classes = [halves && unit === units && "half", returned(at, unit) && "returned"].filter(Boolean).join(" ");
      const strength = Math.min(1, Math.abs(value)).toFixed(2);
      return `<td data-t="${which}" data-at="${at}" data-unit="${unit}"${classes ? ` class="${classes}"` : ""} style="--v:${strength}">${number(value)}</td>`;
    });
    const step = (turned ? state.time - 1 - at : at) + 1;
    const head = sequence ? (hidden(state, "read") ? at + 1 : `<span>t = </span>${step}`) : "";
    const bars = chains.map((chain) => readBar(chain, state.time, ordered)).join(" ");
    const place = sequence ? at : undefined;
    const { sentence } = readings({ ...result, state: { ...state, layers } }, tensor.name, place, null, words);
    const first = head ? `<th scope="row">${head}</th>` : "<td></td>";
    const told = hidden(state, "read") ? "" : `<td class="bars">${bars}<span class="vh">${sentence}</span></td>`;
    return `<tr>${first}${cells.join("")}${told}</tr>`;
  });
  return `<div class="lab-scroll" tabindex="0"><table class="lab-values ${hue(tensor.name)}${ghost ? " ghost" : ""}" data-name="${tensor.name}" data-row="${row}"${sequence ? " data-sequence" : ""}>${caption(state, row, words)}<thead>${above}<tr><td></td>${names}</tr></thead><tbody>${body.join("")}</tbody></table></div>`;
}

/** Which of the batch a table shows. */
const caption = ({ batch }, row, words) => (batch > 1 ? `<caption>${escape(words.axes.item)} ${row + 1}</caption>` : "");

const allRows = (result, draw) => range(result.state.batch).map(draw).join("");

/** What the lengths of a shape are called: batch 1 · step 4 · unit 6. */
function axisWords(shape, words) {
  const names = shape.length === 3 ? ["batch", "step", "unit"] : ["batch", "unit"];
  return names.map((name, k) => `${words.axes[name]} ${python(shape[k])}`).join(" · ");
}

/** The same, and whose the units are: (3 forward + 3 backward). */
function axes(result, tensor, words) {
  const told = axisWords(tensor.shape, words);
  return halved(result, tensor.name) ? `${told} ${say(words.axes.halves, { u: tensor.shape.at(-1) / 2 })}` : told;
}

/** Which sentence says what a tensor is. */
function meaning(result, { name, shape }, words) {
  const last = result.full.at(-1);
  const rows = shape.length === 3 ? "all" : "last";
  const mode = last.bidirectional ? last.bidirectional.merge_mode : undefined;
  const key =
    name === "y"
      ? mode
        ? `y_${rows}_${mode === "concat" ? "concat" : "merged"}`
        : `y_${rows}${last.go_backwards ? "_back" : ""}`
      : name.endsWith("_y")
        ? `${name}_${rows}`
        : !mode && last.go_backwards && mode !== null
          ? `${name}_back`
          : name;
  const more = mode && mode !== "concat" && name.endsWith("h") ? ` ${say(words.meaning.merged)}` : "";
  return say(words.meaning[key], { u: last.units, t: result.state.time, mode: quoted(mode) }) + more;
}

/** Whether a number of the full y is one of the final states. */
function finals(result, name) {
  const last = result.full.at(-1);
  const { time, mask } = result.state;
  if (mask) return () => false;
  const end = (direction) => (direction === "backward" && last.bidirectional ? 0 : time - 1);
  if (!last.bidirectional) return (at) => at === time - 1;
  if (name !== "y") return (at) => at === end(name.split("_")[0]);
  const mode = last.bidirectional.merge_mode;
  if (mode !== "concat") return () => false;
  return (at, unit) => at === end(unit < last.units ? "forward" : "backward");
}

function card(result, tensor, index, words) {
  const { state } = result;
  const shape = hidden(state, "shape")
    ? `<p class="lab-shape">${say(words.hidden.shape)}</p>`
    : `<p class="lab-shape">${code(tuple(tensor.shape))} <span>${escape(axes(result, tensor, words))}</span></p>`;
  const ringed = tensor.shape.length === 3 && !hidden(state, "read") ? finals(result, tensor.name) : () => false;
  const table =
    tensor.data && !hidden(state, "values")
      ? allRows(result, (row) => values(result, tensor, row, words, { which: index, returned: ringed }))
      : "";
  const rings = table.includes("returned") ? `<p class="note"><span class="ring"></span> ${say(words[result.full.at(-1).bidirectional ? "finals" : "finals_one"])}</p>` : "";
  const title = hidden(state, "names") ? "" : ` ${code(tensor.name)}`;
  const told = hidden(state, "names") || hidden(state, "read") ? "" : `<p>${meaning(result, tensor, words)}</p>`;
  const colour = hidden(state, "names") ? "hidden" : hue(tensor.name);
  return `<li class="lab-card ${colour}">${head(state, 3, `<span class="nr">${index + 1}</span>${title}`)}${shape}${told}${table}${rings}</li>`;
}

/** What was computed and not handed back, with the switch that does. */
function ghosts(result, words) {
  const last = result.full.at(-1);
  const list = [];
  const has = new Set(result.outputs.map(({ name }) => name));
  for (const tensor of result.all ?? []) {
    const sequence = tensor.shape.length === 3;
    const shut = sequence ? !last.return_sequences : !has.has(tensor.name);
    if (!shut) continue;
    const key = sequence ? "return_sequences" : "return_state";
    list.push({ tensor, key });
  }
  const { state } = result;
  if (!list.length || hidden(state, "values")) return "";
  const groups = ["return_sequences", "return_state"].map((key) => {
    const inside = list.filter((ghost) => ghost.key === key);
    if (!inside.length) return "";
    const tables = inside.map(({ tensor }) => {
      const returned = tensor.shape.length === 3 && !hidden(state, "read") ? finals(result, tensor.name) : () => false;
      const name = hidden(state, "names") ? "" : code(tensor.name);
      const shape = hidden(state, "shape") ? "" : `${code(tuple(tensor.shape))} <span>${escape(axes(result, tensor, words))}</span>`;
      return `<div><p class="lab-shape">${name} ${shape}</p>${allRows(result, (row) => values(result, tensor, row, words, { which: "ghost", ghost: true, returned }))}</div>`;
    });
    const rings = tables.some((table) => table.includes("returned")) && !hidden(state, "names") ? `<p class="note"><span class="ring"></span> ${say(words.ghost.ring)}</p>` : "";
    const button = `<button type="button" data-act="switch" data-key="${key}">${say(words.ghost.button, { key: `\`${key}=True\`` })}</button>`;
    return `<div class="lab-ghost"><p>${say(words.ghost[key])} ${button}</p>${tables.join("")}${rings}</div>`;
  });
  return `<section class="lab-ghosts">${head(result.state, 2, escape(words.ghost.title), "lab-ghosts")}${groups.join("")}</section>`;
}

// ---- Input ----

/**
 * The chain of cells between what goes in and what comes back: for each layer a cell for each step, with arrows in the
 * direction of reading; for Bidirectional a row for each direction.
 */
function chains({ state, full, small }, words) {
  if (!small || hidden(state, "read")) return "";
  const steps = range(state.time);
  const row = (direction) => {
    const cells = steps.map((step) => `<b${state.mask && !state.mask[step] ? ' class="skipped"' : ""}>${step + 1}</b>`);
    const [first, last] = direction === "forward" ? [1, state.time] : [state.time, 1];
    return `<p class="lab-chain ${direction}"><span class="vh">${say(words.chain[direction], { first, last })}</span><span aria-hidden="true">${cells.join(direction === "forward" ? "→" : "←")}</span></p>`;
  };
  const layers = full.map((layer) => {
    const rows = layer.bidirectional ? ["forward", "backward"] : [layer.go_backwards ? "backward" : "forward"];
    return `<li>${code(format({ type: layer.type, units: layer.units }))}${rows.map(row).join("")}</li>`;
  });
  return `<div class="lab-chains">${head(state, 3, escape(words.chain.title))}<ol>${layers.join("")}</ol></div>`;
}

function inputGrid(result, words) {
  const { state, x } = result;
  const { time, features, batch } = state;
  const shape = tuple([batch, time, features]);
  const told = `${words.axes.batch} ${batch} · ${words.axes.step} ${time} · ${words.axes.feature} ${features}`;
  const top = `${head(state, 3, code("x"))}<p class="lab-shape">${code(shape)} <span>${escape(told)}</span></p>`;
  if (!x) return `<div class="lab-card input">${top}<p>${say(words.large, SHOWN)}</p></div>`;
  const names = range(features).map((k) => `<th scope="col"><span class="vh">${escape(words.axes.feature)} </span>${k + 1}</th>`);
  const tables = range(batch).map((row) => {
    const lines = range(time).map((step) => {
      const box = row || !isFree(state, "mask")
        ? ""
        : `<td class="mask"><input type="checkbox" id="lab-mask-${step}" data-mask="${step}"${state.mask && !state.mask[step] ? "" : " checked"} aria-label="${say(words.mask.label, { t: step + 1 })}"></td>`;
      const cells = x[row][step].map((value) => `<td style="--v:${Math.min(1, value / 4.2).toFixed(2)}">${value.toFixed(1)}</td>`);
      const skipped = state.mask && !state.mask[step] ? ' class="skipped"' : "";
      return `<tr data-step="${step}"${skipped}><th scope="row">x<sub>${step + 1}</sub></th>${cells.join("")}${box}</tr>`;
    });
    const read = row || !isFree(state, "mask") ? "" : `<th scope="col" class="mask">${escape(words.mask.head)}</th>`;
    return `<div class="lab-scroll" tabindex="0"><table class="lab-values input" data-row="${row}">${caption(state, row, words)}<thead><tr><td></td>${names.join("")}${read}</tr></thead><tbody>${lines.join("")}</tbody></table></div>`;
  });
  const start = result.start
    ? `<p class="note">${say(words.start)} ${result.start.map((one) => code(`[${one[0].map((v) => v.toFixed(1)).join(", ")}]`)).join(" ")}</p>`
    : "";
  const hint = hidden(state, "read") || hidden(state, "values") ? "" : `<p class="lab-read" id="lab-read">${say(words.read.hint)}</p>`;
  return `<div class="lab-card input">${top}<p>${say(words.input)}</p>${tables.join("")}${start}${hint}${chains(result, words)}</div>`;
}

// ---- The two switches, the stack, the count ----

/** Names and shapes in little room: y (1, 4, 6), + 4 states (1, 3). */
function shorter(tensors, state, words) {
  const outputs = tensors.filter(({ name }) => name.endsWith("y"));
  const states = tensors.filter(({ name }) => !name.endsWith("y"));
  const shape = (one) => (hidden(state, "shape") ? "" : ` ${tuple(one.shape)}`);
  const nameless = hidden(state, "names");
  const lines = outputs.map((one, k) => `${nameless ? k + 1 : one.name}${shape(one)}`);
  if (states.length > 2) lines.push(`+ ${nameless ? states.length : say(words.two.states, { n: states.length })}${shape(states[0])}`);
  else if (states.length) lines.push(`+ ${nameless ? states.length : states.map(({ name }) => name).join(", ")}${shape(states[0])}`);
  return lines;
}

function twoByTwo(result, words) {
  const { state } = result;
  const last = state.layers.at(-1);
  const shape = result.inputs.at(-1);
  const cell = (return_sequences, return_state) => {
    const tensors = outputShapes({ ...last, return_sequences, return_state }, shape);
    const here = Boolean(last.return_sequences) === return_sequences && Boolean(last.return_state) === return_state;
    const lines = shorter(tensors, state, words).map((one) => `<span>${escape(one)}</span>`);
    return `<td><button type="button" id="lab-two-${Number(return_sequences)}${Number(return_state)}" data-act="both" data-sequences="${return_sequences}" data-state="${return_state}" aria-pressed="${here}">${lines.join(" ")}</button></td>`;
  };
  const label = (scope, name, value) => `<th scope="${scope}"><code translate="no">${name.replace("_", "_<wbr>")}<wbr>=${python(value)}</code></th>`;
  const row = (value) => `<tr>${label("row", "return_sequences", value)}${cell(value, false)}${cell(value, true)}</tr>`;
  const { batch, step, unit } = words.axes;
  const key = hidden(state, "shape") ? "" : `<p class="note">(${escape([batch, step, unit].join(", "))}) · (${escape([batch, unit].join(", "))})</p>`;
  return `<section>${head(state, 2, escape(words.two.title), "lab-two")}<p>${say(words.two.text)}</p><div class="lab-scroll" tabindex="0"><table class="lab-two"><thead><tr><td></td>${label("col", "return_state", false)}${label("col", "return_state", true)}</tr></thead><tbody>${row(false)}${row(true)}</tbody></table></div>${key}</section>`;
}

function joints(result, words) {
  if (result.shapes.length < 2) return "";
  const { state } = result;
  const told = (tensor) => {
    const name = hidden(state, "names") ? "" : tensor.name;
    if (hidden(state, "shape")) return name && code(name);
    return `${code(`${name} ${tuple(tensor.shape)}`.trim())} <span class="note">${escape(axisWords(tensor.shape, words))}</span>`;
  };
  const steps = result.shapes.map((tensors, k) => `<li>${code(format(state.layers[k]))} ${tensors.map(told).join(" ")}</li>`);
  return `<section><h2 id="lab-stack">${escape(words.stack.title)}</h2><p>${say(words.stack.text)}</p><ol>${steps.join("")}</ol></section>`;
}

/** The weights drawn to scale: a block of columns for each gate; rows: features, units, bias. */
function areas({ gates, features, units, biases }, words) {
  const wide = gates.length * units;
  const high = features + units + biases;
  if (wide > 64 || high > 64) return "";
  const s = Math.max(4, Math.min(14, Math.floor(300 / wide)));
  const gap = 6;
  const rows = [
    [features, "input", words.count.kernel],
    [units, "hidden", words.count.recurrent],
    [biases, "ink", words.count.bias],
  ].filter(([height]) => height);
  let top = 16;
  const boxes = [];
  for (const [height, role] of rows) {
    gates.forEach((_, k) => boxes.push(`<rect class="${role}" x="${k * (units * s + gap)}" y="${top}" width="${units * s}" height="${height * s}"/>`));
    top += height * s + 3;
  }
  const labels = gates.map((gate, k) => `<text x="${k * (units * s + gap) + (units * s) / 2}" y="11">${gate}</text>`);
  const width = gates.length * (units * s + gap) - gap;
  const key = rows.map(([, role, name]) => `<span class="key ${role}"></span>${escape(name)}`).join(" &nbsp; ");
  return `<svg class="lab-areas" width="${width}" height="${top}" viewBox="0 0 ${width} ${top}" role="img" aria-label="${escape(words.count.drawing)}">${labels.join("")}${boxes.join("")}</svg><p class="note">${key}</p>`;
}

function count(result, words) {
  if (hidden(result.state, "count")) return "";
  const all = result.parameters.map((one) => {
    const { gates, features, units, biases, directions, total } = one;
    const bias = biases ? ` + ${biases > 1 ? `${biases} × ` : ""}${units}` : "";
    const inner = `${gates.length > 1 ? `${gates.length} × ` : ""}((${features} + ${units}) × ${units}${bias})`;
    const formula = `${directions > 1 ? "2 × " : ""}${inner} = ${total.toLocaleString("en")}`;
    const terms = say(words.count.terms[gates.length], { f: features, u: units });
    const two = directions > 1 ? ` ${say(words.count.two)}` : "";
    const biasesTold = biases > 1 ? ` ${say(words.count.biases)}` : "";
    return `<p class="lab-formula">${escape(formula)}</p><p>${terms}${two}${biasesTold}</p>${areas(one, words)}`;
  });
  const sum = result.parameters.reduce((total, one) => total + one.total, 0);
  const together = all.length > 1 ? `<p>${say(words.count.sum, { n: sum.toLocaleString("en") })}</p>` : "";
  return `<section><h2 id="lab-count">${escape(words.count.title)}</h2>${all.join("")}${together}<p>${say(words.count.time, { t: result.state.time })}</p></section>`;
}

// ---- Two lines side by side ----

/** What the kept line hands back, and what the line above does, for the same input. */
function comparison({ state }, words) {
  if (!state.kept || hidden(state, "shape") || hidden(state, "names")) return "";
  const told = words.compare;
  const drop = `<button type="button" data-act="drop">${escape(told.drop)}</button>`;
  const top = `<section id="lab-compared"><h2>${escape(told.title)}</h2>`;
  let sides;
  try {
    sides = [state.kept, state.layers].map((layers) => compute({ ...state, layers, kept: null }));
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    return `${top}<p>${say(told.impossible)} ${drop}</p></section>`;
  }
  const row = (name, cells, note) => `<tr><th scope="row">${name}</th>${cells.map((cell) => `<td>${cell}</td>`).join("")}<td>${note}</td></tr>`;
  const names = [...new Set(sides.flatMap(({ outputs }) => outputs.map(({ name }) => name)))];
  const rows = names.map((name) => {
    const tensors = sides.map(({ outputs }) => outputs.find((one) => one.name === name));
    const shapes = tensors.map((one) => (one ? code(tuple(one.shape)) : "–"));
    const shown = tensors[0]?.data && !hidden(state, "values");
    const numbers = tensors.map((one) => `${one?.data?.flat(2).map(number)}`);
    const alike = numbers[0] === numbers[1] ? "same" : "values";
    const kind = tensors.includes(undefined) ? "only" : shapes[0] !== shapes[1] ? "shape" : shown ? alike : "alike";
    return row(code(name), shapes, escape(told[kind]));
  });
  const sums = sides.map(({ parameters }) => parameters.reduce((sum, { total }) => sum + total, 0));
  if (!hidden(state, "count")) rows.push(row(escape(told.count), sums.map((sum) => sum.toLocaleString("en")), sums[0] === sums[1] ? escape(told.alike) : ""));
  const heads = [told.kept, told.now].map((one, k) => `<th scope="col">${escape(one)}<br>${sides[k].state.layers.map(format).map(code).join("<br>")}</th>`);
  return `${top}<p>${say(told.text)} ${drop}</p><div class="lab-scroll" tabindex="0"><table class="lab-compare"><thead><tr><td></td>${heads.join("")}<td></td></tr></thead><tbody>${rows.join("")}</tbody></table></div></section>`;
}

// ---- All ----

/** What the link hides, each with a button that shows it: a reader who has an answer compares. */
function hides({ hide }, words) {
  if (!hide.length) return "";
  const buttons = hide.map((key) => `<button type="button" data-act="show" data-key="${key}">${escape(words.hidden.show[key])}</button>`);
  return `<p class="lab-buttons">${escape(words.hidden.told)} ${buttons.join(" ")}</p>`;
}

/** Everything below the line of code. */
export function results(result, words) {
  const { state } = result;
  const { small } = state;
  const n = result.outputs.length;
  const cards = result.outputs.map((tensor, index) => card(result, tensor, index, words));
  const more = [
    !small || small.parts.includes("two") ? twoByTwo(result, words) : "",
    small ? "" : count(result, words),
  ].join("\n");
  return `<pre class="lab-written" translate="no"><code id="lab-written">${escape(written(result))}</code></pre>
${hides(state, words)}
<div class="lab-flow"><section>${head(state, 2, escape(words.in), "lab-in")}${inputGrid(result, words)}</section>
<section>${head(state, 2, say(n === 1 ? words.out.one : words.out.many, { n }), "lab-out")}<ol class="lab-cards">${cards.join("")}</ol></section></div>
${comparison(result, words)}
${!small || small.parts.includes("ghosts") ? ghosts(result, words) : ""}
${small ? "" : joints(result, words)}
<div class="lab-more">${more}</div>`;
}

/** What a tensor is called where it is asked for: its name, else its place. */
const called = ({ state }, { name }, index) => (hidden(state, "names") ? `${index + 1}` : code(name));

/**
 * In place of the results, until a reader who wants to has said what will come back: first how many tensors, then,
 * told whether that is right (`counted`), the shape of each.
 */
export function question(result, words, counted = "") {
  const field = (key, label, more) =>
    `<p><label for="lab-guess-${key}">${label}</label> <input id="lab-guess-${key}" autocomplete="off" ${more}></p>`;
  const fields = counted
    ? result.outputs.map((tensor, k) => field(k, called(result, tensor, k), 'size="12" spellcheck="false"'))
    : [field("count", escape(words.predict.count), 'size="4" inputmode="numeric"')];
  const ask = counted ? `<p>${counted} ${say(words.predict.shapes)}</p>` : "";
  return `<pre class="lab-written" translate="no"><code id="lab-written">${escape(written(result).replace(/^.* = (?=[^=]*\()/gm, ""))}</code></pre>
<form id="lab-guess" class="lab-card">${ask}${fields.join("")}<p><button>${escape(words.predict.do)}</button></p><div role="status" id="lab-judged"></div></form>`;
}

/** What is said of a guessed number of tensors; null when it cannot be read. */
export function countTold(result, typed, words) {
  if (!/^\s*\d{1,4}\s*$/.test(typed)) return null;
  const { predict } = words;
  const n = result.outputs.length;
  const slip = judgeCount(result, Number(typed));
  return slip === "" ? say(predict.right_count, { n }) : `${say(predict.wrong_count, { guess: Number(typed), n })} ${say(predict.slips[slip ?? "count"])}`;
}

/** What is said of guessed shapes, one for each tensor. */
export function shapesTold(result, guesses, words) {
  const lines = result.outputs.map((tensor, k) => {
    const { slip, ...places } = judgeShape(result, k, guesses[k]);
    const right = slip === "right";
    const gap = code(right ? tuple(tensor.shape) : `${tuple(guesses[k])} → ${tuple(tensor.shape)}`);
    const because = words.predict.slips[slip] ?? words.slips[slip];
    return `<li class="${right ? "right" : "wrong"}">${called(result, tensor, k)} ${gap} ${say(because, places)}</li>`;
  });
  return `<ol>${lines.join("")}</ol>`;
}

function presets(words) {
  return `<section class="lab-presets"><h2 id="lab-presets">${escape(words.presets.title)}</h2><ul>${Object.entries(PRESETS)
    .map(([name, address]) => `<li><a href="?${escape(address)}" data-preset>${escape(words.presets[name].name)}</a> ${say(words.presets[name].text)}</li>`)
    .join("")}</ul></section>`;
}

/** The page's own text, with the state that a reader meets first. */
export function page(result, words) {
  return `<h1>${escape(words.title)}</h1>
<p>${say(words.lead)}</p>
<noscript><p><strong>${say(words.noscript)}</strong></p></noscript>
<div class="lab whole" id="lab">
<div class="lab-code" id="lab-code">${codeLine(result.state, words)}</div>
<div class="lab-error" id="lab-error" role="alert" hidden></div>
<div class="lab-change" id="lab-change" role="status">${say(words.change.first)}</div>
<div class="lab-buttons scripted"><button type="button" id="lab-copy" data-act="copy">${escape(words.copy.do)}</button>
<button type="button" id="lab-keep" data-act="keep">${escape(words.compare.do)}</button>
<label class="lab-toggle"><input type="checkbox" id="lab-predict"> ${escape(words.predict.toggle)}</label>
<details id="lab-paste"><summary>${escape(words.paste.title)}</summary>
<p><label for="lab-text">${say(words.paste.text)}</label></p>
<textarea id="lab-text" rows="3" spellcheck="false" autocapitalize="off" autocomplete="off"></textarea>
<p><button type="button" data-act="paste">${escape(words.paste.do)}</button></p>
<div id="lab-pasted" role="status"></div></details></div>
<div id="lab-results">${results(result, words)}</div>
<p class="vh" id="lab-said" role="status"></p>
${presets(words)}
<p class="note">${say(words.proof)}</p>
</div>`;
}

/** The lab inside a chapter, with the state that it begins with. */
export function figure(small, words) {
  const state = smallState(small);
  return `<div class="lab small" id="lab" data-small="${escape(JSON.stringify(small))}">
<div class="lab-code" id="lab-code">${codeLine(state, words)}</div>
<div class="lab-error" id="lab-error" role="alert" hidden></div>
<div class="lab-change" id="lab-change" role="status">${say(words.change.first)}</div>
<div id="lab-results">${results(compute(state), words)}</div>
<p class="vh" id="lab-said" role="status"></p>
<p class="lab-buttons"><a id="lab-open" href="${labAddress(state)}">${escape(words.small.open)}</a></p>
</div>`;
}

/** The page of the lab with a state that a chapter shows. */
export const labAddress = (state) => `lab.html?${write(state)}`;

/** What changed between two results, in one line. `reason`: key of the switch that was changed. */
export function changeLine(before, after, words, reason = null) {
  if (after.state.hide.length) return say(words.hidden.changed);
  const old = new Map(before.outputs.map(({ name, shape }) => [name, tuple(shape)]));
  const now = new Map(after.outputs.map(({ name, shape }) => [name, tuple(shape)]));
  const list = [];
  for (const [name, shape] of now) {
    if (!old.has(name)) list.push(`${name}: ${say(words.change.added, { shape })}`);
    else if (old.get(name) !== shape) list.push(`${name}: ${old.get(name)} → ${shape}`);
  }
  const gone = [...old.keys()].filter((name) => !now.has(name));
  if (gone.length) list.push(say(words.change.gone, { names: gone.join(", ") }));
  const { because, same } = words.change;
  const why = (after.full.at(-1).bidirectional && because[`${reason}, two`]) ?? because[reason] ?? "";
  return `${list.length ? `${list.join(" · ")}.` : say(same)} ${say(why)}`.trim();
}
