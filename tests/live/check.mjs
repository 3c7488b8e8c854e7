// Runs the cases of grid.py on live/core.js, or on changed copies of it, and prints what differs as JSON.
// node check.mjs cases.json core.js [mutants.json]
import { readFileSync } from "node:fs";

const [, , casesFile, coreFile, mutantsFile] = process.argv;
const { cases } = JSON.parse(readFileSync(casesFile, "utf8"));
const source = readFileSync(coreFile, "utf8");
const TOLERANCE = 1e-6;

const load = (text) => import(`data:text/javascript;base64,${Buffer.from(text).toString("base64")}`);
const text = (value) => JSON.stringify(value);
const worst = { difference: 0, about: "" };

/** Where two nested arrays or objects differ; numbers to TOLERANCE, relative to values larger than 1. */
function difference(ours, theirs, path, about) {
  if (typeof theirs === "number" && typeof ours === "number") {
    const far = Math.abs(ours - theirs) / Math.max(1, Math.abs(theirs));
    if (far > worst.difference && far <= TOLERANCE) Object.assign(worst, { difference: far, about });
    return far <= TOLERANCE ? null : `${path}: ${ours} instead of ${theirs}`;
  }
  if (theirs === null || ours === null || typeof theirs !== "object" || typeof ours !== "object")
    return ours === theirs ? null : `${path}: ${text(ours)} instead of ${text(theirs)}`;
  if (Array.isArray(theirs) && ours.length !== theirs.length)
    return `${path}: length ${ours.length} instead of ${theirs.length}`;
  for (const key of Object.keys(theirs)) {
    const found = difference(ours[key], theirs[key], `${path}.${key}`, about);
    if (found) return found;
  }
  return null;
}

/** Names, order and shapes exactly, values to TOLERANCE. */
function results(ours, theirs, about) {
  const plain = (list) => text(list.map(({ name, shape }) => [name, shape]));
  if (plain(ours) !== plain(theirs)) return `tensors: ${plain(ours)} instead of ${plain(theirs)}`;
  return difference(ours, theirs, "tensors", about);
}

const row = (array, k) => array && [array[k]];

const CHECKS = {
  call(core, { layer, features, weights, x, mask, initial_state, expected, about, count, ...more }) {
    let found = results(core.callLayer(layer, weights, x, { mask, initial_state }), expected, about);
    if (found || count === undefined) return found;
    const ours = core.countParams(layer, features);
    if (ours !== count) return `count: ${ours} instead of ${count}`;
    found =
      difference(core.weightShapes(layer, features), more.described, "weights") ??
      difference(
        core.outputShapes(layer, [null, null, features]).map(({ shape }) => shape),
        more.symbolic,
        "symbolic shapes",
      );
    if (found) return found;
    // Each row of the batch by itself: rows know nothing of one another.
    for (let k = 0; k < x.length; k++) {
      const state = initial_state && initial_state.map((one) => row(one, k));
      const options = { mask: row(mask, k), initial_state: state };
      const alone = expected.map(({ name, shape, data }) => ({ name, shape: [1, ...shape.slice(1)], data: [data[k]] }));
      found = results(core.callLayer(layer, weights, [x[k]], options), alone, about);
      if (found) return `row ${k} alone, ${found}`;
    }
    return null;
  },

  trace(core, { layer, weights, x, mask, initial_state, directions, about }) {
    const ours = core.trace(layer, weights, x, { mask, initial_state });
    return difference(ours.directions, directions, "trace", about);
  },

  stack(core, { layers, weights, x, mask, shapes, expected, about }) {
    const ours = core.stackShapes(layers, [x.length, x[0].length, x[0][0].length]);
    return (
      difference(ours.map((one) => one.map(({ shape }) => shape)), shapes, "shapes of the stack") ??
      results(core.callStack(layers, weights, x, { mask }), expected, about)
    );
  },

  initial(core, { layer, features, names, weights }) {
    const ours = core.initialWeights(layer, features);
    for (const [k, name] of names.entries()) {
      const theirs = weights[k];
      if (name === "bias") {
        const found = difference(ours[k], theirs, "bias");
        if (found) return found;
        continue;
      }
      const wide = theirs[0].length;
      if (ours[k].length !== theirs.length || ours[k].some((line) => line.length !== wide)) return `${name}: shape`;
      if (name === "kernel") {
        const limit = Math.sqrt(6 / (theirs.length + theirs[0].length));
        const all = (array) => array.flat().map(Math.abs);
        if (Math.max(...all(theirs)) > limit) return "Keras draws its kernel otherwise";
        if (Math.max(...all(ours[k])) > limit || Math.max(...all(ours[k])) < limit / 2) return "kernel: limit";
        continue;
      }
      const products = (rows) => rows.map((a) => rows.map((b) => a.reduce((sum, x, j) => sum + x * b[j], 0)));
      const found = difference(products(ours[k]), products(theirs), "recurrent_kernel times its transpose");
      if (found) return found;
    }
    return null;
  },

  // Change one step of the input after another: what moves has read it.
  reads(core, { layers, weights, x, masks }) {
    const time = x[0].length;
    for (const line of masks) {
      const mask = line && [line];
      const run = (input, state) => core.traceStack(layers, weights, input, { mask, initial_state: state });
      const last = layers.length - 1;
      const units = layers[last].units;
      const count = (layers[last].type === "LSTM" ? 2 : 1) * (layers[last].bidirectional ? 2 : 1);
      const state = (value) => [...new Array(last).fill(null), new Array(count).fill([new Array(units).fill(value)])];
      const ran = run(x, state(0.1));
      const before = ran.at(-1).outputs;
      const started = run(x, state(0.2)).at(-1).outputs;
      const changed = Array.from({ length: time }, (_, step) => {
        const other = [x[0].map((features, k) => (k === step ? features.map((value) => value + 0.5) : features))];
        return run(other, state(0.1)).at(-1).outputs;
      });
      for (const [k, { name, shape, data }] of before.entries()) {
        const positions = shape.length === 3 ? data[0].map((_, at) => at) : [undefined];
        for (const at of positions) {
          const value = (outputs, unit) => (at === undefined ? outputs[k].data[0] : outputs[k].data[0][at])[unit];
          for (let unit = 0; unit < shape.at(-1); unit++) {
            const chains = core.reads(layers, time, name, { at, unit, mask: line });
            const moved = changed.flatMap((outputs, step) =>
              value(outputs, unit) === value(before, unit) ? [] : [step],
            );
            const told = [...new Set(chains.flatMap(({ input }) => input))].sort((a, b) => a - b);
            const where = `${name} at ${at}, unit ${unit}, mask ${text(line)}`;
            if (text(told) !== text(moved)) return `${where}: told ${text(told)}, moved by ${text(moved)}`;
            const begins = value(started, unit) !== value(before, unit);
            if (chains.some((chain) => chain.initial_state) !== begins) return `${where}: initial state`;
            if (last) continue;
            // The order: the trace tells in which order each chain reads.
            for (const chain of chains) {
              const { steps } = ran[0].directions.find(({ direction }) => direction === chain.direction);
              const order = steps.filter(({ read }) => read[0]).map(({ step }) => step);
              if (text(order.slice(0, chain.steps.length)) !== text(chain.steps))
                return `${where}: order ${text(chain.steps)}`;
            }
          }
        }
      }
    }
    return null;
  },

  error: (core, { layer, weights, x, options, keras }) =>
    refusal(core, keras, [layer], ([changed]) => core.callLayer(changed, weights, x, options), NO_SWITCH),

  "stack error": (core, { layers, shape, keras }) =>
    refusal(core, keras, layers, (changed) => core.stackShapes(changed, shape)),
};

// Keras writes tensors with their addresses into this one; the others are compared whole.
const OPENING_ONLY = "The two structures don't have the same nested structure.";
const NO_SWITCH = ["x", "weights", "mask", "initial_state"];

function thrown(core, layers, act) {
  try {
    act(layers);
  } catch (error) {
    if (!(error instanceof core.CallError)) throw error;
    return error;
  }
  return null;
}

/** Whether the core refuses what Keras refuses, in its words, and whether the repair that it offers helps. */
function refusal(core, keras, layers, act, withoutRepair = []) {
  const ours = thrown(core, layers, act);
  if (ours && !ours.keras) return keras ? `beyond the core, but Keras says ${text(keras)}` : null;
  if (!ours || !keras) return ours || keras ? `${text(ours && ours.message)} instead of ${text(keras)}` : null;
  if (!ours.message.includes(ours.short)) return `its short form is not in it: ${text(ours.short)}`;
  const same = ours.message === keras.message || (ours.short === OPENING_ONLY && keras.message.includes(OPENING_ONLY));
  if (!same || ours.type !== keras.type) return `${ours.type} ${text(ours.message)} instead of ${text(keras)}`;

  if (!ours.repair) return withoutRepair.includes(ours.argument) ? null : `no repair: ${text(ours.message)}`;
  const { merge_mode, ...switches } = ours.repair;
  if (merge_mode !== undefined) switches.bidirectional = { merge_mode };
  const repaired = layers.map((layer, k) => (k === ours.layer ? { ...layer, ...switches } : layer));
  const again = thrown(core, repaired, act);
  return again?.message === ours.message ? `repair ${text(ours.repair)} does not help` : null;
}

function check(core, one) {
  try {
    return CHECKS[one.kind](core, one);
  } catch (error) {
    const verb = error instanceof core.CallError ? "refuses" : "breaks";
    return `${verb}: ${error.stack.split("\n").slice(0, 3).join(" ").slice(0, 400)}`;
  }
}

const answer = {};
if (mutantsFile) {
  // A fixed order that mixes the kinds, so that most mutants fall early; what takes most time comes last.
  const turn = ({ kind }, k) => ((k * 7919) % cases.length) + (kind === "reads" ? cases.length : 0);
  const mixed = cases.map((one, k) => [turn(one, k), one]).sort(([a], [b]) => a - b);
  answer.killed = {};
  for (const { name, text: changed } of JSON.parse(readFileSync(mutantsFile, "utf8"))) {
    const core = await load(changed);
    answer.killed[name] = null;
    for (const [, one] of mixed) {
      const found = check(core, one);
      if (!found) continue;
      answer.killed[name] = { kind: one.kind, about: one.about, found };
      break;
    }
  }
} else {
  const core = await load(source);
  answer.failed = cases.flatMap((one) => {
    const found = check(core, one);
    const { layer, layers } = one;
    return found ? [{ kind: one.kind, about: one.about, layer: layer ?? layers, options: one.options, found }] : [];
  });
  answer.worst = worst;
  answer.activations = Object.keys(core.ACTIVATIONS);
}
console.log(text(answer));
