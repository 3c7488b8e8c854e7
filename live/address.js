// The state of the shape lab as the part of an address behind "?", and back. Short keys, defaults left out.
//
//   v=1&l=bi.lstm.3.s.m-sum~gru.2&t=4&f=5&b=2&hide=shape&c=lstm.2
//
// Layers are joined by "~", what belongs to one by ".". Old addresses keep working: a key or letter that was given away
// is never given another meaning, and tests/live/addresses.json holds addresses that were once written.
import { DEFAULTS } from "./core.js";

/**
 * @typedef {object} State
 * @property {import("./core.js").Layer[]} layers at least one
 * @property {number} time steps of the input
 * @property {number} features
 * @property {number} batch
 * @property {?boolean[]} mask one row for all of the batch, or null
 * @property {boolean} started whether an initial state is given
 * @property {string[]} hide what the page does not show: shape, count, names, read, values
 * @property {boolean} predict the reader is asked before something is shown
 * @property {?import("./core.js").Layer[]} kept layers kept to be compared with those of the state, or null
 */

export const VERSION = 1;
export const FIRST = { time: 4, features: 5, batch: 1, mask: null, started: false, hide: [], predict: false, kept: null };
export const HIDEABLE = ["shape", "count", "names", "read", "values"];
/** How many layers, and how long an axis may be, in an address, a pasted line and a field alike. */
export const MOST = { layers: 4, length: 9999 };

const TYPES = { rnn: "SimpleRNN", lstm: "LSTM", gru: "GRU" };
const SWITCHES = {
  s: "return_sequences",
  h: "return_state",
  g: "go_backwards",
  z: "zero_output_for_mask",
  nb: "use_bias",
  nf: "unit_forget_bias",
  rb: "reset_after",
};
const VALUES = { a: "activation", r: "recurrent_activation", m: "merge_mode" };
const NUMBERS = { t: "time", f: "features", b: "batch" };

const keyOf = (table, value) => Object.keys(table).find((key) => table[key] === value);

function writeLayer(layer) {
  const parts = [keyOf(TYPES, layer.type), layer.units];
  if (layer.bidirectional) parts.unshift("bi");
  for (const [letter, key] of Object.entries(SWITCHES)) {
    if (layer[key] !== undefined && layer[key] !== DEFAULTS[key]) parts.push(letter);
  }
  for (const [letter, key] of Object.entries(VALUES)) {
    const [value, usual] =
      key === "merge_mode" ? [layer.bidirectional?.merge_mode, "concat"] : [layer[key], DEFAULTS[key]];
    if (value !== undefined && value !== usual) parts.push(`${letter}-${value === null ? "none" : value}`);
  }
  return parts.join(".");
}

function readLayer(text) {
  const parts = text.split(".");
  const wrapped = parts[0] === "bi";
  if (wrapped) parts.shift();
  const [type, units, ...rest] = parts;
  if (!Object.hasOwn(TYPES, type) || !/^-?\d{1,5}$/.test(units)) return null;
  const layer = { type: TYPES[type], units: Number(units), bidirectional: wrapped ? {} : null };
  if (layer.units > MOST.length) return null;
  for (const part of rest) {
    const [letter, value] = part.split("-");
    if (value === undefined && Object.hasOwn(SWITCHES, letter)) {
      layer[SWITCHES[letter]] = !DEFAULTS[SWITCHES[letter]];
    } else if (value !== undefined && Object.hasOwn(VALUES, letter) && /^[a-z_0-9]*$/i.test(value)) {
      const key = VALUES[letter];
      if (key === "merge_mode" && !wrapped) return null;
      (key === "merge_mode" ? layer.bidirectional : layer)[key] = value === "none" ? null : value;
    } else {
      return null;
    }
  }
  return layer;
}

/**
 * @param {State} state
 * @returns {string} what stands behind "?" in the address
 */
export function write(state) {
  const full = { ...FIRST, ...state };
  const stack = (layers) => layers.map(writeLayer).join("~");
  const parts = [`v=${VERSION}`, `l=${stack(full.layers)}`];
  for (const [key, name] of Object.entries(NUMBERS)) if (full[name] !== FIRST[name]) parts.push(`${key}=${full[name]}`);
  if (full.mask) parts.push(`k=${full.mask.map(Number).join("")}`);
  if (full.started) parts.push("i=1");
  if (full.hide.length) parts.push(`hide=${HIDEABLE.filter((name) => full.hide.includes(name)).join(".")}`);
  if (full.predict) parts.push("predict=1");
  if (full.kept) parts.push(`c=${stack(full.kept)}`);
  return parts.join("&");
}

/**
 * @param {string} address what stands behind "?", or a whole address
 * @returns {{state: ?State, refused: Array<{key: string, value: string}>} | null} null when the address says nothing
 *   about layers; refused are the parts that say nothing sensible: they have their usual value in the state, which
 *   itself is null without sensible layers
 */
export function read(address) {
  const query = address.includes("?") ? address.slice(address.indexOf("?") + 1) : address;
  const given = new URLSearchParams(query.replace(/#.*$/, ""));
  if (!given.has("l")) return null;
  const refused = [];
  const refuse = (key) => refused.push({ key, value: given.get(key) });
  const state = { ...FIRST, hide: [] };

  if (given.has("v") && !(Number(given.get("v")) >= 1 && Number(given.get("v")) <= VERSION)) refuse("v");
  const stack = (key) => {
    const layers = given.get(key).split("~").map(readLayer);
    if (!layers.includes(null) && layers.length <= MOST.layers) return layers;
    refuse(key);
    return null;
  };
  state.layers = stack("l");
  if (!state.layers) return { state: null, refused };
  if (given.has("c")) state.kept = stack("c");
  for (const [key, name] of Object.entries(NUMBERS)) {
    if (!given.has(key)) continue;
    const number = /^\d{1,5}$/.test(given.get(key)) ? Number(given.get(key)) : 0;
    if (number >= 1 && number <= MOST.length) state[name] = number;
    else refuse(key);
  }
  if (given.has("k")) {
    const mask = given.get("k");
    if (/^[01]+$/.test(mask) && mask.length === state.time) state.mask = [...mask].map((one) => one === "1");
    else refuse("k");
  }
  for (const [key, name] of Object.entries({ i: "started", predict: "predict" })) {
    if (!given.has(key)) continue;
    if (/^[01]$/.test(given.get(key))) state[name] = given.get(key) === "1";
    else refuse(key);
  }
  if (given.has("hide")) {
    const names = given.get("hide").split(".");
    state.hide = HIDEABLE.filter((name) => names.includes(name));
    if (state.hide.length < names.length) refuse("hide");
  }
  return { state, refused };
}
