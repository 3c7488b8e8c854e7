// What the lab shows of a state: the numbers that go in, what comes back, and what was computed and not handed back.
import { GATES, STATES, complete, initialWeights, stackShapes, traceStack, weightShapes } from "../core.js";

// Beyond these lengths the page shows shapes and counts, and no numbers.
export const SHOWN = { units: 12, time: 12, features: 16, batch: 3 };

// The sentence of the book: 4 words, 5 numbers each.
const SENTENCE = [
  [0.1, 4.2, 1.5, 1.1, 2.8],
  [1.0, 3.1, 2.5, 0.7, 1.1],
  [0.3, 2.1, 1.5, 2.1, 0.1],
  [2.2, 1.4, 0.5, 0.9, 1.1],
];

/** Numbers from 0 to before 1 that are the same on every computer (mulberry32). */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const rounded = (value) => Math.round(value * 10) / 10;

/** (batch, time, features): the sentence of the book, and where it ends numbers like its own. */
export function inputOf({ batch, time, features }) {
  return Array.from({ length: batch }, (_, row) =>
    Array.from({ length: time }, (_, step) => {
      const random = seeded(1000 * (row + 1) + step);
      const more = Array.from({ length: features }, () => rounded(random() * 4.2));
      return row ? more : more.map((value, k) => SENTENCE[step]?.[k] ?? value);
    }),
  );
}

/**
 * First weights of a new layer, the same each time, so that only what was changed changes; `given`: those of a chapter,
 * or the one number that its kernels hold.
 */
export function weightsOf(layer, features, index, given = null) {
  if (Array.isArray(given)) return given;
  const first = initialWeights(layer, features, seeded(7 + index));
  const constant = (part) => (Array.isArray(part[0]) ? part.map((row) => row.map(() => given)) : part);
  return given === null ? first : first.map(constant);
}

/** States to begin with, one for each that the layer has. */
export function startOf(layer, batch) {
  const random = seeded(99);
  const count = STATES[layer.type].length * (layer.bidirectional ? 2 : 1);
  const state = () =>
    Array.from({ length: batch }, () => Array.from({ length: layer.units }, () => rounded(random() * 1.8 - 0.9)));
  return Array.from({ length: count }, state);
}

/** What one layer learns, as factors: gates × ((features + units) × units + biases × units), for each direction. */
export function parametersOf(layer, features) {
  const full = complete(layer);
  const gates = GATES[full.type];
  const biases = full.use_bias ? (full.type === "GRU" && full.reset_after ? 2 : 1) : 0;
  const directions = full.bidirectional ? 2 : 1;
  const { units } = full;
  const total = weightShapes(layer, features).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b), 0);
  return { gates, features, units, biases, directions, total };
}

/**
 * Everything that the page shows of a state.
 *
 * @param {import("../address.js").State} state
 * @returns {object} full: the layers with every key; shapes: for each layer what it hands back; inputs: for each the
 *   shape of what it receives; x, start; outputs: of the last layer, all: with both switches on (null when too large)
 * @throws {import("../core.js").CallError}
 */
export function compute(state) {
  const { layers, batch, time, features } = state;
  const shapes = stackShapes(layers, [batch, time, features]);
  const full = layers.map(complete);
  const inputs = [[batch, time, features], ...shapes.slice(0, -1).map(([first]) => first.shape)];
  const small =
    time <= SHOWN.time &&
    features <= SHOWN.features &&
    batch <= SHOWN.batch &&
    full.every(({ units }) => units <= SHOWN.units);
  const result = { state, full, shapes, inputs, small, outputs: shapes.at(-1).map((one) => ({ ...one, data: null })) };
  result.parameters = layers.map((layer, k) => parametersOf(layer, inputs[k].at(-1)));
  if (!small) return { ...result, x: null, start: null, all: null };
  const x = inputOf(state);
  const weights = layers.map((layer, k) => weightsOf(layer, inputs[k].at(-1), k, state.small?.weights));
  const start = state.started ? startOf(full[0], batch) : null;
  const options = { mask: state.mask && [state.mask], initial_state: [start] };
  const run = (stack) => traceStack(stack, weights, x, options).at(-1).outputs;
  const outputs = run(layers);
  // With return_sequences Bidirectional fills masked steps with zeros; what it computed is the same.
  const both = { ...layers.at(-1), return_sequences: true, return_state: true };
  return { ...result, x, start, outputs, all: run([...layers.slice(0, -1), both]) };
}
