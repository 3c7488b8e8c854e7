// What SimpleRNN, LSTM, GRU and Bidirectional of Keras compute and hand back, as plain functions: no DOM, no words of a
// language, no dependency. tests/live/test_core.py runs this very file against the installed Keras.

/**
 * A layer as one writes it in Keras. What is left out has the default of Keras; keys of other layers do no harm, so one
 * object can keep its switches while its type changes.
 *
 * @typedef {object} Layer
 * @property {"SimpleRNN" | "LSTM" | "GRU"} type
 * @property {number} units
 * @property {boolean} [return_sequences] false
 * @property {boolean} [return_state] false
 * @property {boolean} [go_backwards] false
 * @property {boolean} [use_bias] true
 * @property {?string} [activation] "tanh"; null is None, which is "linear"
 * @property {?string} [recurrent_activation] "sigmoid"; LSTM and GRU
 * @property {boolean} [unit_forget_bias] true; LSTM: only the first weights depend on it
 * @property {boolean} [reset_after] true; GRU
 * @property {boolean} [zero_output_for_mask] false; Bidirectional sets it to return_sequences, as Keras does
 * @property {?{merge_mode?: ?("concat" | "sum" | "ave" | "mul")}} [bidirectional] null: no wrapper. In it merge_mode is
 *   "concat" when left out, and null is None
 * @property {string} [name] name of the layer in messages; what Keras gives the first of its kind when left out
 * @property {string} [inner_name] name of the layer inside Bidirectional
 */

/**
 * @typedef {object} Tensor
 * @property {string} name y, h, c; with Bidirectional y, forward_h, forward_c, backward_h, backward_c, where merge_mode
 *   None has forward_y, backward_y instead of y
 * @property {number[]} shape (batch, units), with a time axis (batch, time, units)
 * @property {Array} data nested arrays of this shape
 */

// Blocks of columns in the weights, in Keras's order, by the letters of the book: g is the candidate.
export const GATES = { SimpleRNN: ["h"], LSTM: ["i", "f", "g", "o"], GRU: ["z", "r", "g"] };
export const STATES = { SimpleRNN: ["h"], LSTM: ["h", "c"], GRU: ["h"] };
export const MERGE_MODES = ["concat", "sum", "ave", "mul", null];
export const DEFAULTS = {
  return_sequences: false,
  return_state: false,
  go_backwards: false,
  use_bias: true,
  activation: "tanh",
  recurrent_activation: "sigmoid",
  unit_forget_bias: true,
  reset_after: true,
  zero_output_for_mask: false,
  bidirectional: null,
};
const CLASS_NAMES = { SimpleRNN: "simple_rnn", LSTM: "lstm", GRU: "gru" };

// ---- Activations: a row of numbers in, a row out ----

const each = (f) => (row) => row.map(f);
const sigmoid = (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const clip = (x, low, high) => Math.min(Math.max(x, low), high);
const hardSigmoid = (x) => clip(x + 3, 0, 6) / 6;
const elu = each((x) => (x > 0 ? x : Math.expm1(x)));
const silu = each((x) => x * sigmoid(x));
const hardSilu = each((x) => x * hardSigmoid(x));
const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

/** The error function as a series of positive terms: no cancellation, and beyond 6 it is 1 in double precision. */
function erf(x) {
  const a = Math.abs(x);
  if (a > 6) return Math.sign(x);
  let term = a;
  let sum = a;
  for (let n = 1; term > sum * 1e-17; n++) sum += term *= (2 * a * a) / (2 * n + 1);
  return (Math.sign(x) * 2 * Math.exp(-a * a) * sum) / Math.sqrt(Math.PI);
}

const sum = (row) => row.reduce((total, x) => total + x, 0);
const logSumExp = (row) => {
  const top = Math.max(...row);
  return top + Math.log(sum(row.map((x) => Math.exp(x - top))));
};

/** As Keras 3.15 has it: it adds up all the running totals instead of taking the last, so rows need not add up to 1. */
function sparsemax(row) {
  const sorted = [...row].sort((a, b) => b - a);
  const totals = sorted.map((_, k) => sum(sorted.slice(0, k + 1)));
  const support = totals.filter((total, k) => sorted[k] - (total - 1) / (k + 1) > 0);
  const tau = (sum(support) - 1) / support.length;
  return row.map((x) => Math.max(x - tau, 0));
}

/** Every activation that Keras takes by its name and can apply in a cell. */
export const ACTIVATIONS = {
  linear: (row) => row,
  tanh: each(Math.tanh),
  sigmoid: each(sigmoid),
  relu: each((x) => Math.max(x, 0)),
  relu6: each((x) => clip(x, 0, 6)),
  leaky_relu: each((x) => (x > 0 ? x : 0.2 * x)),
  elu,
  celu: elu,
  selu: each((x) => SELU_SCALE * (x > 0 ? x : SELU_ALPHA * Math.expm1(x))),
  gelu: each((x) => 0.5 * x * (1 + erf(x / Math.SQRT2))),
  silu,
  swish: silu,
  mish: each((x) => x * Math.tanh(softplus(x))),
  hard_sigmoid: each(hardSigmoid),
  hard_silu: hardSilu,
  hard_swish: hardSilu,
  hard_tanh: each((x) => clip(x, -1, 1)),
  hard_shrink: each((x) => (Math.abs(x) > 0.5 ? x : 0)),
  soft_shrink: each((x) => Math.sign(x) * Math.max(Math.abs(x) - 0.5, 0)),
  tanh_shrink: each((x) => x - Math.tanh(x)),
  softplus: each(softplus),
  softsign: each((x) => x / (Math.abs(x) + 1)),
  squareplus: each((x) => (x + Math.sqrt(x * x + 4)) / 2),
  sparse_plus: each((x) => (x <= -1 ? 0 : x < 1 ? (x + 1) ** 2 / 4 : x)),
  sparse_sigmoid: each((x) => clip((x + 1) / 2, 0, 1)),
  log_sigmoid: each((x) => -softplus(-x)),
  exponential: each(Math.exp),
  softmax: (row) => row.map((x) => Math.exp(x - logSumExp(row))),
  log_softmax: (row) => row.map((x) => x - logSumExp(row)),
  sparsemax,
};
// Keras knows these by name too, but in a cell each of them fails.
const FAILING = ["glu", "threshold"];

// ---- Messages of Keras ----

/**
 * What Keras says to an impossible call. `message` is its whole text, without what depends on the machine (colours and
 * `{{function_node …}}`); `short` is the sentence in it that says what is wrong.
 *
 * @property {string} type ValueError, TypeError, IndexError, InvalidArgumentError, OutOfRangeError
 * @property {string} argument what is at fault: type, units, activation, recurrent_activation, merge_mode,
 *   go_backwards, weights, x, mask, initial_state; in a stack return_sequences, return_state
 * @property {?object} repair smallest change that helps, such as {merge_mode: "ave"}
 * @property {number} layer in a stack the index of the layer whose switch is at fault
 * @property {boolean} keras false: Keras has no such message, it computes what this core does not cover
 */
export class CallError extends Error {
  constructor(type, argument, message, { short = message, repair = null, keras = true } = {}) {
    super(message);
    Object.assign(this, { name: "CallError", type, argument, short, repair, keras, layer: 0 });
  }
}

const beyond = (argument, message) => new CallError("Unsupported", argument, message, { keras: false });
/** A value, and a shape, as Python writes them. */
export const python = (value) =>
  value === null || value === undefined ? "None" : value === true ? "True" : value === false ? "False" : `${value}`;
export const tuple = (shape) => `(${shape.map(python).join(", ")}${shape.length === 1 ? "," : ""})`;
const list = (shape) => `[${shape.join(",")}]`;
const tensor = (shape, dtype = "float32") => `tf.Tensor(shape=${tuple(shape)}, dtype=${dtype})`;
const float = (value) => (Number.isInteger(value) ? value.toFixed(1) : `${value}`);

/** An error that Keras met inside the call of a layer or cell: it says where, and with what it was called. */
function during(owner, type, argument, short, received, repair = null) {
  const lines = Object.entries(received).map(([name, value]) => `  • ${name}=${value}`);
  const message = `Exception encountered when calling ${owner}.call().\n\n${short}\n\n`;
  const all = [`Arguments received by ${owner}.call():`, ...lines].join("\n");
  return new CallError(type, argument, message + all, { short, repair });
}

/** The one of the names that is most like what was written: in other case, with the same beginning, else none. */
function nearest(written, names) {
  const plain = (name) => `${name}`.toLowerCase().replace(/[^a-z0-9]/g, "");
  const shared = (name) => [...plain(name)].findIndex((letter, k) => letter !== plain(written)[k]);
  const length = (name) => (shared(name) < 0 ? plain(name).length : shared(name));
  const best = [...names].sort((a, b) => length(b) - length(a) || a.length - b.length)[0];
  return length(best) >= 2 ? best : null;
}

// ---- Layers ----

/**
 * The layer with every key, checked as its constructor in Keras checks it.
 *
 * @param {Layer} layer
 * @returns {Layer}
 * @throws {CallError}
 */
export function complete(layer) {
  const { type } = layer;
  if (!Object.hasOwn(GATES, type)) throw beyond("type", `${python(type)} is none of ${Object.keys(GATES).join(", ")}.`);
  const full = { ...DEFAULTS, ...Object.fromEntries(Object.entries(layer).filter(([, value]) => value !== undefined)) };
  full.activation ??= "linear";
  full.recurrent_activation ??= "linear";
  if (full.bidirectional) full.bidirectional = { merge_mode: "concat", ...full.bidirectional };
  full.inner_name ??= CLASS_NAMES[type];
  full.name ??= full.bidirectional ? "bidirectional" : full.inner_name;

  const { units } = full;
  if (units === undefined) {
    const message = `${type}.__init__() missing 1 required positional argument: 'units'`;
    throw new CallError("TypeError", "units", message, { repair: { units: 1 } });
  }
  if (typeof units !== "number" && typeof units !== "boolean") {
    const kinds = { string: "str", object: Array.isArray(units) ? "list" : "dict" };
    const kind = units === null ? "NoneType" : kinds[typeof units];
    const message = `'<=' not supported between instances of '${kind}' and 'int'`;
    throw new CallError("TypeError", "units", message, { repair: { units: Math.ceil(Number(units)) || 1 } });
  }
  if (units <= 0) {
    const got = Number.isInteger(units) || typeof units === "boolean" ? python(units) : float(units);
    const message = `Received an invalid value for argument \`units\`, expected a positive integer, got ${got}.`;
    throw new CallError("ValueError", "units", message, { repair: { units: Math.max(1, Math.round(-units)) } });
  }
  full.units = Number(units);
  for (const key of type === "SimpleRNN" ? ["activation"] : ["activation", "recurrent_activation"]) {
    const name = full[key];
    if (Object.hasOwn(ACTIVATIONS, name) || FAILING.includes(name)) continue;
    const meant = nearest(name, Object.keys(ACTIVATIONS));
    throw new CallError("ValueError", key, `Could not interpret activation function identifier: ${python(name)}`, {
      repair: { [key]: meant ?? DEFAULTS[key] },
    });
  }
  // LSTM has its states in a list, whose numbers Keras only looks at when it makes the weights.
  if (!Number.isInteger(full.units) && type !== "LSTM") {
    const message = "state_size must be an integer, or a list/tuple of integers (one for each state tensor).";
    throw new CallError("ValueError", "units", message, { repair: { units: Math.ceil(full.units) } });
  }
  if (full.bidirectional) {
    const { merge_mode: mode } = full.bidirectional;
    if (!MERGE_MODES.includes(mode)) {
      const modes = '{"sum", "mul", "ave", "concat", None}';
      const message = `Invalid merge mode. Received: ${python(mode)}. Merge mode should be one of ${modes}`;
      const meant = /^none$/i.test(mode) ? null : (nearest(mode, MERGE_MODES.filter(Boolean)) ?? "concat");
      throw new CallError("ValueError", "merge_mode", message, { repair: { merge_mode: meant } });
    }
    if (full.go_backwards) {
      const message =
        "Forward layer and backward layer should have different `go_backwards` value. Received: " +
        "forward_layer.go_backwards True, backward_layer.go_backwards=True";
      throw new CallError("ValueError", "go_backwards", message, { repair: { go_backwards: false } });
    }
    full.zero_output_for_mask = full.return_sequences;
  }
  return full;
}

const directionsOf = (full) =>
  full.bidirectional
    ? [
        { direction: "forward", prefix: "forward_", backwards: false },
        { direction: "backward", prefix: "backward_", backwards: true },
      ]
    : [{ direction: full.go_backwards ? "backward" : "forward", prefix: "", backwards: full.go_backwards }];

/**
 * Names and shapes of what the layer hands back, in Keras's order, without computing it.
 *
 * @param {Layer} layer
 * @param {Array<?number>} inputShape (batch, time, features); null for an axis whose length is not known
 * @returns {Array<{name: string, shape: Array<?number>}>}
 * @throws {CallError}
 */
export function outputShapes(layer, inputShape) {
  const full = complete(layer);
  checkRank(full, inputShape);
  const [batch, time, features] = inputShape;
  weightShapes(full, features);
  const mode = full.bidirectional ? full.bidirectional.merge_mode : undefined;
  const width = mode === "concat" ? 2 * full.units : full.units;
  const shape = full.return_sequences ? [batch, time, width] : [batch, width];
  const results = (mode === null ? ["forward_y", "backward_y"] : ["y"]).map((name) => ({ name, shape: [...shape] }));
  if (full.return_state)
    for (const { prefix } of directionsOf(full))
      for (const state of STATES[full.type]) results.push({ name: prefix + state, shape: [batch, full.units] });
  return results;
}

/**
 * The weights in the order of `layer.get_weights()`, and which of their columns belong to which gate.
 *
 * @param {Layer} layer
 * @param {number} features
 * @typedef {{gate: string, from: number, to: number}} Block columns from `from` to before `to`
 * @returns {Array<{name: string, direction: string, shape: number[], blocks: Block[]}>} name is kernel
 *   (features, k·units), recurrent_kernel (units, k·units) or bias (k·units,), with reset_after (2, 3·units)
 */
export function weightShapes(layer, features) {
  const full = complete(layer);
  const { units } = full;
  const gates = GATES[full.type];
  const columns = gates.length * units;
  if (!Number.isInteger(units)) {
    const width = float(columns);
    const found = `Found invalid dimension '${width}' of type '<class 'float'>'. `;
    const message = `Cannot convert '(${features}, ${width})' to a shape. ${found}`;
    throw new CallError("ValueError", "units", message, { repair: { units: Math.ceil(units) } });
  }
  const blocks = gates.map((gate, k) => ({ gate, from: k * units, to: (k + 1) * units }));
  const two = full.type === "GRU" && full.reset_after;
  return directionsOf(full).flatMap(({ direction }) => {
    const weights = [
      { name: "kernel", direction, shape: [features, columns], blocks },
      { name: "recurrent_kernel", direction, shape: [units, columns], blocks },
    ];
    if (full.use_bias) weights.push({ name: "bias", direction, shape: two ? [2, columns] : [columns], blocks });
    return weights;
  });
}

/** How many numbers the layer learns: `layer.count_params()`. */
export function countParams(layer, features) {
  return sum(weightShapes(layer, features).map(({ shape }) => shape.reduce((product, length) => product * length, 1)));
}

/**
 * Weights of a new layer, drawn as Keras draws them: kernel glorot_uniform, recurrent_kernel orthogonal, bias zeros,
 * and ones for the forget gate of an LSTM with unit_forget_bias.
 *
 * @param {Layer} layer
 * @param {number} features
 * @param {() => number} [random] numbers from 0 to before 1
 * @returns {Array} nested arrays in the order of `get_weights()`
 */
export function initialWeights(layer, features, random = Math.random) {
  const full = complete(layer);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return weightShapes(full, features).map(({ name, shape, blocks }) => {
    const [rows, columns] = shape;
    if (name === "kernel") {
      const limit = Math.sqrt(6 / (rows + columns));
      return Array.from({ length: rows }, () => Array.from({ length: columns }, () => (2 * random() - 1) * limit));
    }
    if (name === "recurrent_kernel") {
      const basis = [];
      while (basis.length < rows) {
        let row = Array.from({ length: columns }, normal);
        for (const other of [...basis, ...basis]) {
          // twice, for what rounding has left
          const along = sum(row.map((x, k) => x * other[k]));
          row = row.map((x, k) => x - along * other[k]);
        }
        const length = Math.sqrt(sum(row.map((x) => x * x)));
        basis.push(row.map((x) => x / length));
      }
      return basis;
    }
    const forget = full.type === "LSTM" && full.unit_forget_bias ? blocks[1] : { from: 0, to: 0 };
    const bias = (length) => Array.from({ length }, (_, k) => (k >= forget.from && k < forget.to ? 1 : 0));
    return shape.length === 2 ? Array.from({ length: rows }, () => bias(columns)) : bias(rows);
  });
}

// ---- Checks of a call, in the order in which Keras meets them ----

/** Shape of nested arrays; the message for uneven ones is NumPy's. */
function shapeOf(nested, argument) {
  const shape = [];
  let level = [nested];
  while (level.length && level.every(Array.isArray)) {
    const lengths = level.map((part) => part.length);
    if (lengths.some((length) => length !== lengths[0])) break;
    shape.push(lengths[0]);
    level = level.flat();
  }
  if (level.some(Array.isArray)) {
    const depth = `The requested array has an inhomogeneous shape after ${shape.length} dimensions. `;
    const detected = `The detected shape was ${tuple(shape)} + inhomogeneous part.`;
    const message = `setting an array element with a sequence. ${depth}${detected}`;
    throw new CallError("ValueError", argument, message);
  }
  return shape;
}

function checkRank(full, shape) {
  if (shape.length === 3) return;
  const found = `expected ndim=3, found ndim=${shape.length}. Full shape received: ${tuple(shape)}`;
  const message = `Input 0 with name 'None' of layer '${full.name}' is incompatible with the layer: ${found}`;
  throw new CallError("ValueError", "x", message, { short: found });
}

function checkWeights(full, weights) {
  const expected = weightShapes(full, Array.isArray(weights[0]) ? weights[0].length : 0);
  if (weights.length !== expected.length) {
    const where = `You called \`set_weights(weights)\` on layer '${full.name}'`;
    const given = `with a weight list of length ${weights.length}`;
    const message = `${where} ${given}, but the layer was expecting ${expected.length} weights.`;
    throw new CallError("ValueError", "weights", message);
  }
  expected.forEach(({ shape }, k) => {
    const given = shapeOf(weights[k], "weights");
    if (tuple(given) === tuple(shape)) return;
    const provided = `is not compatible with provided weight shape ${tuple(given)}.`;
    const message = `Layer ${full.name} weight shape ${tuple(shape)} ${provided}`;
    throw new CallError("ValueError", "weights", message);
  });
}

/** A list of states, or one tensor, which Keras takes for the only state: {shape, data} each. */
function readStates(initial) {
  if (initial === null || initial === undefined) return null;
  const isState = (part) => Array.isArray(part) && Array.isArray(part[0]);
  const state = (data) => ({ shape: shapeOf(data, "initial_state"), data });
  return initial.length && !initial.every(isState) ? state(initial) : initial.map(state);
}

/** Bidirectional cuts a list in the middle, and a tensor too, along its batch. */
function halves(states) {
  if (!states) return [null, null];
  const cut = (data) => [data.slice(0, data.length >> 1), data.slice(data.length >> 1)];
  if (Array.isArray(states)) return cut(states);
  return cut(states.data).map((data) => ({ shape: [data.length, states.shape[1]], data }));
}

/** Whether two axes go together, where one of length 1 is repeated. */
const fits = (a, b) => a === b || a === 1 || b === 1;

/**
 * Raise what Keras would raise when one direction is called; else hand back the states and the mask, as many as rows.
 *
 * @returns {{states: number[][][], mask: ?boolean[][]}}
 */
function checkCall(full, { prefix }, kernelRows, xShape, initial, mask) {
  const { type, units } = full;
  const [batch, time, features] = xShape;
  const wrapped = Boolean(full.bidirectional);
  const training = wrapped ? "None" : "False";
  const maskShape = mask && shapeOf(mask, "mask");
  const written = (given) => {
    if (given === null) return "None";
    if (!Array.isArray(given)) return tensor(given.shape);
    return `[${given.map(({ shape }) => `'${tensor(shape)}'`).join(", ")}]`;
  };
  const fail = (error, argument, short) =>
    during(type, error, argument, short, {
      sequences: tensor(xShape),
      initial_state: written(initial),
      mask: maskShape ? tensor(maskShape, "bool") : "None",
      training,
    });

  if (time === 0) {
    const path = wrapped ? `${full.name}/${prefix}${full.inner_name}` : full.name;
    const short = `slice index 0 of dimension 1 out of bounds. [Op:StridedSlice] name: ${path}/strided_slice/`;
    throw fail("InvalidArgumentError", "x", short);
  }
  const needed = STATES[type].length;
  const zero = { shape: [batch, units], data: Array.from({ length: batch }, () => new Array(units).fill(0)) };
  let states = initial === null ? new Array(needed).fill(zero) : Array.isArray(initial) ? initial : [initial];
  if (states.length < needed) throw fail("IndexError", "initial_state", "list index out of range");
  const surplus = states.length > needed && type !== "GRU"; // GRU takes the first and never looks at the others
  if (type === "GRU") states = states.slice(0, 1);
  if (states.some(({ shape }) => shape.length !== 2))
    throw beyond("initial_state", "A state has two axes, (batch, units).");
  if (mask && maskShape.length < 2) throw fail("IndexError", "mask", "list assignment index out of range");

  checkCell(full, kernelRows, [batch, features], states.map(({ shape }) => shape), training);

  if (surplus && !mask) {
    const short = `Too few leaves for PyTreeSpec; expected: ${states.length}, got: ${needed}.`;
    throw fail("ValueError", "initial_state", short);
  }
  if (mask) {
    const [rows, steps, wide = 1] = maskShape;
    const expand = (a, b) => b === 1 && a > 1;
    if (steps > time) {
      throw fail("ValueError", "mask", `Cannot unstack ${steps} tensors into a TensorArray of static size ${time} `);
    }
    if (maskShape.length > 3 || expand(rows, batch) || (wide > 1 && fits(wide, units)))
      throw beyond("mask", "A mask has two axes, (batch, time).");
    if (!fits(rows, batch) || wide > 1) {
      const both = `then ${list([batch, units])}, and else ${list([batch, units])} must be broadcastable`;
      throw fail("InvalidArgumentError", "mask", `condition ${list([rows, wide])}, ${both} [Op:SelectV2] name: `);
    }
    if (surplus) throw fail("ValueError", "initial_state", "The two structures don't have the same nested structure.");
    if (steps < time) {
      throw fail("OutOfRangeError", "mask", `Tried to read from index ${steps} but array size is: ${steps} `);
    }
  }
  const spread = (data) => Array.from({ length: batch }, (_, row) => data[data.length === 1 ? 0 : row]);
  return {
    states: states.map(({ data }) =>
      spread(data).map((row) => (row.length < units ? new Array(units).fill(row[0]) : row)),
    ),
    mask: mask && spread(mask).map((row) => row.map((one) => Boolean(Array.isArray(one) ? one[0] : one))),
  };
}

/** The first step of a cell, looked at for its shapes only. */
function checkCell(full, kernelRows, xShape, shapes, training) {
  const { type, units } = full;
  const [batch, features] = xShape;
  const columns = GATES[type].length * units;
  const given = (states) => states.map((shape) => `'${tensor(shape)}'`).join(", ") + (states.length === 1 ? "," : "");
  const fail = (argument, short, error = "InvalidArgumentError", states = shapes) => {
    const received = { states: `(${given(states)})`, training };
    const input = { [type === "SimpleRNN" ? "sequence" : "inputs"]: tensor(xShape) };
    const repair = argument in DEFAULTS ? { [argument]: DEFAULTS[argument] } : null;
    return during(`${type}Cell`, error, argument, short, { ...input, ...received }, repair);
  };
  const product = (a, b) => `Matrix size-incompatible: In[0]: ${list(a)}, In[1]: ${list(b)} [Op:MatMul] name: `;
  const unequal = (a, b, op) => `Incompatible shapes: ${list(a)} vs. ${list(b)} [Op:${op}] name: `;

  if (features !== kernelRows) throw fail("x", product(xShape, [kernelRows, columns]));
  const [h, c = [batch, units]] = shapes;
  if (h[1] !== units) {
    const wide = type === "GRU" && !full.reset_after ? 2 * units : columns;
    throw fail("initial_state", product(h, [units, wide]));
  }
  if (!fits(batch, h[0])) {
    const wide = type === "LSTM" ? columns : units;
    throw fail("initial_state", unequal([batch, wide], [h[0], wide], "AddV2"));
  }
  if (!fits(batch, c[0]) || !fits(units, c[1])) throw fail("initial_state", unequal([batch, units], c, "Mul"));
  if (Math.max(h[0], c[0]) > batch || c[1] > units)
    throw beyond("initial_state", "The states have more rows or units than the input and the layer.");

  for (const key of type === "SimpleRNN" ? ["activation"] : ["recurrent_activation", "activation"]) {
    if (full[key] === "threshold") {
      const missing = "threshold() missing 2 required positional arguments: 'threshold' and 'default_value'";
      throw fail(key, missing, "TypeError");
    }
    if (full[key] !== "glu") continue;
    if (units % 2) {
      const short = `axis size must be divisible by 2. Received: x.shape=${tuple([batch, units])} with axis=-1`;
      throw fail(key, short, "ValueError");
    }
    const [whole, half] = [
      [batch, units],
      [batch, units / 2],
    ];
    if (units === 2) throw beyond(key, "glu hands back half as many units as the layer has.");
    if (type === "SimpleRNN") throw fail(key, product(half, [units, units]), "InvalidArgumentError", [half]);
    throw fail(key, key === "activation" ? unequal(whole, half, "Mul") : unequal(half, whole, "Mul"));
  }
}

// ---- Computing ----

const times = (row, matrix, { from, to }) => {
  const result = new Array(to - from).fill(0);
  row.forEach((x, k) => {
    for (let j = from; j < to; j++) result[j - from] += x * matrix[k][j];
  });
  return result;
};
const add = (...rows) => rows[0].map((_, k) => sum(rows.map((row) => (row ? row[k] : 0))));
const multiply = (a, b) => a.map((x, k) => x * b[k]);

/**
 * One gate or candidate of one row at one step: value = activation(z), z = xW + b + hU (+ d).
 *
 * @typedef {object} Part
 * @property {number[]} xW what the input adds
 * @property {?number[]} b bias, with reset_after its first row
 * @property {number[]} hU what the state before adds. Candidate of a GRU: with reset_after h U, before r is applied;
 *   without it (r * h) U
 * @property {?number[]} d second row of the bias, only with reset_after
 * @property {number[]} [reset] candidate of a GRU: with reset_after r * (hU + d), which goes into z; without it r * h
 * @property {number[]} z before the activation
 * @property {number[]} value after it
 */

/** What a cell computes from one row x and its states: {parts by gate, kept, written, h, c, tanh_c}. */
function stepCell(full, [kernel, recurrent, bias], blocks, x, { h, c }) {
  const act = ACTIVATIONS[full.activation];
  const gate = ACTIVATIONS[full.recurrent_activation];
  const two = full.type === "GRU" && full.reset_after;
  const row = (which, { from, to }) => bias && (two ? bias[which] : bias).slice(from, to);
  const parts = {};
  for (const block of blocks) {
    const hU = times(h, recurrent, block);
    const part = { xW: times(x, kernel, block), b: row(0, block) ?? null, hU, d: two ? (row(1, block) ?? null) : null };
    part.z = add(part.xW, part.b, part.hU, part.d);
    parts[block.gate] = part;
  }
  if (full.type === "SimpleRNN") {
    parts.h.value = act(parts.h.z);
    return { parts, h: parts.h.value };
  }
  for (const [name, part] of Object.entries(parts)) if (name !== "g") part.value = gate(part.z);
  const { g } = parts;
  if (full.type === "LSTM") {
    g.value = act(g.z);
    const kept = multiply(parts.f.value, c);
    const written = multiply(parts.i.value, g.value);
    const after = add(kept, written);
    const squashed = act(after);
    return { parts, kept, written, h: multiply(parts.o.value, squashed), c: after, tanh_c: squashed };
  }
  if (full.reset_after) {
    g.reset = multiply(parts.r.value, add(g.hU, g.d));
    g.z = add(g.xW, g.b, g.reset);
  } else {
    g.reset = multiply(parts.r.value, h);
    g.hU = times(g.reset, recurrent, blocks[2]);
    g.z = add(g.xW, g.b, g.hU);
  }
  g.value = act(g.z);
  const z = parts.z.value;
  const kept = multiply(z, h);
  const written = multiply(z.map((one) => 1 - one), g.value);
  return { parts, kept, written, h: add(kept, written) };
}

/**
 * One step of one direction. Everything but `step`, `position` and `read` is nested (batch, …).
 *
 * @typedef {object} Step
 * @property {number} step which step of the input is read, counted from 0
 * @property {number} position as the how many-th, counted from 0
 * @property {boolean[]} read for each row of the batch: false where the mask has the step skipped
 * @property {number[][]} x (batch, features)
 * @property {{h: number[][], c?: number[][]}} before states before the step, (batch, units)
 * @property {Object<string, Part[]>} parts by gate, for each row of the batch; Keras computes them at masked steps too
 * @property {number[][]} [kept] what stays of the state before, LSTM: f * c, GRU: z * h
 * @property {number[][]} [written] what is added to it, LSTM: i * g, GRU: (1 - z) * g
 * @property {number[][]} [tanh_c] LSTM: activation(c) of what was computed
 * @property {{h: number[][], c?: number[][]}} computed states as the cell computes them
 * @property {{h: number[][], c?: number[][]}} after states after the step: `computed` where read, else `before`
 * @property {number[][]} output what y has at this position: h where read, else the output of the step before (zeros
 *   when there is none, also with an initial state), or zeros with zero_output_for_mask
 */

/**
 * Compute the layer and keep everything on the way.
 *
 * @param {Layer} layer
 * @param {Array} weights nested arrays of `layer.get_weights()`, in its order
 * @param {number[][][]} x (batch, time, features)
 * @param {object} [options]
 * @param {?boolean[][]} [options.mask] (batch, time) or (1, time): false skips a step
 * @param {?Array} [options.initial_state] list of states (batch, units) in Keras's order: [h] or [h, c], Bidirectional
 *   forward before backward; one state alone may stand without its list
 * @returns {{outputs: Tensor[], directions: Array<{direction: "forward" | "backward", weights: Object<string, Array>,
 *   initial: {h: number[][], c?: number[][]}, steps: Step[]}>}} steps in the order in which they are read; outputs as
 *   from callLayer
 * @throws {CallError}
 */
export function trace(layer, weights, x, { mask = null, initial_state = null } = {}) {
  const full = complete(layer);
  checkWeights(full, weights);
  const xShape = shapeOf(x, "x");
  const shapes = outputShapes(full, xShape);
  const described = weightShapes(full, weights[0].length);
  const given = readStates(initial_state);
  const states = full.bidirectional ? halves(given) : [given];
  const directions = directionsOf(full).map((way, k) => {
    const own = weights.slice((k * weights.length) / states.length, ((k + 1) * weights.length) / states.length);
    const checked = checkCall(full, way, own[0].length, xShape, states[k], mask);
    return { ...runDirection(full, way, own, described[0].blocks, x, checked), own };
  });
  const data = assemble(full, directions);
  return {
    outputs: shapes.map((result, k) => ({ ...result, data: data[k] })),
    directions: directions.map(({ own: [kernel, recurrent_kernel, bias = null], ...run }) => ({
      ...run,
      weights: { kernel, recurrent_kernel, bias },
    })),
  };
}

function runDirection(full, { direction, backwards }, weights, blocks, x, { states, mask }) {
  const names = STATES[full.type];
  const initial = Object.fromEntries(names.map((name, k) => [name, states[k]]));
  const time = x[0].length;
  const steps = [];
  let before = initial;
  let output = x.map(() => new Array(full.units).fill(0));
  for (let position = 0; position < time; position++) {
    const step = backwards ? time - 1 - position : position;
    const read = x.map((_, row) => (mask ? mask[row][step] : true));
    const rows = x.map((sequence, row) =>
      stepCell(full, weights, blocks, sequence[step], { h: before.h[row], c: before.c?.[row] }),
    );
    const computed = Object.fromEntries(names.map((name) => [name, rows.map((result) => result[name])]));
    const after = Object.fromEntries(
      names.map((name) => [name, read.map((yes, row) => (yes ? computed : before)[name][row])]),
    );
    output = read.map((yes, row) =>
      yes ? computed.h[row] : full.zero_output_for_mask ? output[row].map(() => 0) : output[row],
    );
    const parts = Object.fromEntries(blocks.map(({ gate }) => [gate, rows.map((result) => result.parts[gate])]));
    const inputs = x.map((sequence) => sequence[step]);
    const record = { step, position, read, x: inputs, before, parts, computed, after, output };
    for (const name of ["kept", "written", "tanh_c"]) if (rows[0]?.[name]) record[name] = rows.map((result) => result[name]);
    steps.push(record);
    before = after;
  }
  return { direction, initial, steps };
}

const MERGE = {
  concat: (a, b) => [...a, ...b],
  sum: (a, b) => add(a, b),
  ave: (a, b) => add(a, b).map((x) => x / 2),
  mul: multiply,
};

/** The data of the returned tensors, in Keras's order. */
function assemble(full, directions) {
  const sequences = directions.map(({ steps }, k) => {
    // Bidirectional turns the backward half round, so that both halves of a row tell the same step.
    const inTime = full.bidirectional && k === 1 ? [...steps].reverse() : steps;
    return steps[0].output.map((_, row) => inTime.map(({ output }) => output[row]));
  });
  const ends = directions.map(({ steps }) => steps.at(-1));
  const results = full.return_sequences ? sequences : ends.map(({ output }) => output);
  const data = [];
  if (full.bidirectional && full.bidirectional.merge_mode !== null) {
    const merge = MERGE[full.bidirectional.merge_mode];
    const [forward, backward] = results;
    const join = (a, b) => (Array.isArray(a[0]) ? a.map((part, k) => join(part, b[k])) : merge(a, b));
    data.push(join(forward, backward));
  } else {
    data.push(...results);
  }
  if (full.return_state) for (const { after } of ends) data.push(...STATES[full.type].map((name) => after[name]));
  return data;
}

/**
 * What `layer(x, mask=mask, initial_state=initial_state)` hands back, in Keras's order.
 *
 * @param {Layer} layer
 * @param {Array} weights as for trace
 * @param {number[][][]} x (batch, time, features)
 * @param {{mask?: ?boolean[][], initial_state?: ?Array}} [options] as for trace
 * @returns {Tensor[]}
 * @throws {CallError}
 */
export function callLayer(layer, weights, x, options) {
  return trace(layer, weights, x, options).outputs;
}

// ---- Stacks ----

/** The layers with the names that Keras gives them in a new session: lstm, lstm_1, bidirectional. */
export function named(layers) {
  const used = {};
  const next = (name) => {
    used[name] = (used[name] ?? -1) + 1;
    return used[name] ? `${name}_${used[name]}` : name;
  };
  return layers.map((layer) => {
    if (!Object.hasOwn(GATES, layer.type)) return layer;
    const inner_name = layer.inner_name ?? next(CLASS_NAMES[layer.type]);
    return { ...layer, inner_name, name: layer.name ?? (layer.bidirectional ? next("bidirectional") : inner_name) };
  });
}

/**
 * Names and shapes of what each layer of a stack hands back. An error says in `layer` whose switch is at fault.
 *
 * @param {Layer[]} layers
 * @param {Array<?number>} inputShape (batch, time, features)
 * @returns {Array<Array<{name: string, shape: Array<?number>}>>}
 * @throws {CallError}
 */
export function stackShapes(layers, inputShape) {
  const results = [];
  let tensors = [{ shape: inputShape }];
  let count = 0;
  named(layers).forEach((layer, index) => {
    const at = (where, work) => {
      try {
        return work();
      } catch (error) {
        if (error instanceof CallError) error.layer = where;
        throw error;
      }
    };
    const full = at(index, () => complete(layer));
    if (tensors.length > 1) {
      const names = tensors.map((_, k) => `keras_tensor_${count - tensors.length + 1 + k}`);
      const written = tensors.map(({ shape }, k) => {
        const kind = "dtype=float32, sparse=False, ragged=False";
        return `<KerasTensor shape=${tuple(shape)}, ${kind}, name=${names[k]}>`;
      });
      const short = `Layer "${full.name}" expects 1 input(s), but it received ${tensors.length} input tensors.`;
      const before = layers[index - 1];
      const [argument, value] = before.return_state ? ["return_state", false] : ["merge_mode", "concat"];
      const message = `${short} Inputs received: [${written.join(", ")}]`;
      at(index - 1, () => {
        throw new CallError("ValueError", argument, message, { short, repair: { [argument]: value } });
      });
    }
    const [{ shape }] = tensors;
    if (index && shape.length !== 3) {
      at(index - 1, () => {
        try {
          checkRank(full, shape);
        } catch (error) {
          throw Object.assign(error, { argument: "return_sequences", repair: { return_sequences: true } });
        }
      });
    }
    tensors = at(index, () => outputShapes(full, shape));
    count += tensors.length;
    results.push(tensors);
  });
  return results;
}

/**
 * Compute layers one after the other, each with what the one before hands back; the mask goes along.
 *
 * @param {Layer[]} layers
 * @param {Array[]} weights for each layer
 * @param {number[][][]} x (batch, time, features)
 * @param {{mask?: ?boolean[][], initial_state?: Array}} [options] initial_state: for each layer a list of states or
 *   null
 * @returns {Array} for each layer what trace hands back; the last one's `outputs` are those of the stack
 * @throws {CallError}
 */
export function traceStack(layers, weights, x, { mask = null, initial_state = [] } = {}) {
  stackShapes(layers, shapeOf(x, "x"));
  let input = x;
  return named(layers).map((layer, index) => {
    const result = trace(layer, weights[index], input, { mask, initial_state: initial_state[index] ?? null });
    input = result.outputs[0].data;
    return result;
  });
}

/** What a stack hands back: the outputs of its last layer. Arguments as for traceStack. */
export function callStack(layers, weights, x, options) {
  return traceStack(layers, weights, x, options).at(-1).outputs;
}

// ---- What a number has read ----

/**
 * Which steps of the input a returned number depends on, in the order in which they were read.
 *
 * @param {Layer | Layer[]} layer a layer or a stack, of which the last layer's tensor is meant
 * @param {number} time number of steps
 * @param {string} name of the tensor: y, forward_y, h, c, forward_h, …
 * @param {object} [options]
 * @param {number} [options.at] position on the time axis of y, counted from 0; the last one when left out
 * @param {number} [options.unit] position on the last axis; without it both halves of concat are told
 * @param {?boolean[]} [options.mask] one row of the mask
 * @returns {Array<{direction: "forward" | "backward", steps: number[], input: number[], initial_state: boolean}>} one
 *   entry for each chain of cells that enters; `steps` are those of the (last) layer's own input in order of reading,
 *   `input` those of x, in order of time; initial_state: whether the first state enters. A number that has read nothing
 *   (a masked step that holds zeros) has no entry.
 */
export function reads(layer, time, name, options) {
  return readsOf(layer, time, name, options, new Map());
}

/** `known`: by depth and step what layers below have read; without it every layer would double what is asked. */
function readsOf(layer, time, name, { at = time - 1, unit = null, mask = null } = {}, known) {
  const layers = Array.isArray(layer) ? layer : [layer];
  const full = complete(layers.at(-1));
  const isState = /[hc]$/.test(name);
  const last = isState || !full.return_sequences;
  const mode = full.bidirectional?.merge_mode;
  return directionsOf(full)
    .map(({ direction, prefix, backwards }) => {
      if (full.bidirectional && name !== "y" && !name.startsWith(prefix)) return null;
      const half = name === "y" && mode === "concat" && unit !== null;
      if (half && (direction === "backward") !== unit >= full.units) return null;
      const order = Array.from({ length: time }, (_, position) => (backwards ? time - 1 - position : position));
      // y of Bidirectional tells steps in the order of time, that of one layer in the order of reading
      const end = last ? time - 1 : full.bidirectional ? order.indexOf(at) : at;
      const isRead = (step) => (mask ? Boolean(mask[step]) : true);
      if (!isState && full.zero_output_for_mask && !isRead(order[end])) return null;
      const steps = order.slice(0, end + 1).filter(isRead);
      if (!isState && !steps.length) return null; // zeros, not even the first state
      const below = layers.slice(0, -1);
      const from = (step) => {
        const key = below.length * time + step;
        if (!known.has(key)) {
          const chains = readsOf(below, time, "y", { at: step, mask }, known);
          known.set(key, [...new Set(chains.flatMap((chain) => chain.input))]);
        }
        return known.get(key);
      };
      const input = below.length ? steps.flatMap(from) : steps;
      return { direction, steps, input: [...new Set(input)].sort((a, b) => a - b), initial_state: true };
    })
    .filter(Boolean);
}
