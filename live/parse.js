// Reads lines of Keras code for the shape lab. They are parsed, never run: what is understood becomes layers as core.js
// describes them, what does not matter here is named as ignored, and everything else is refused by name.
import { ACTIVATIONS, DEFAULTS } from "./core.js";
import { MOST } from "./address.js";

/**
 * Why a text is refused; the sentence for it is the page's own. `value` is the name or text at fault.
 *
 * Codes: empty, no-layer (nothing recurrent in it), unfinished (a bracket or string is left open), syntax, statement,
 * unknown-name, unknown-layer, between (a layer between two recurrent ones changes the shape), wrapper, argument (not
 * one of this core), unrecognized-argument (Keras refuses it too: `keras` holds its words), repeated-argument,
 * positional-argument, many-arguments, missing-argument, value (`value` cannot be read as what `argument` takes),
 * float-units, state-as-input, many-layers and many (more layers, or a longer axis, than MOST of address.js).
 *
 * @property {string} code
 * @property {string} value
 * @property {?string} argument
 * @property {?string} keras
 * @property {number} from place in the text, from here
 * @property {number} to to before here
 * @property {number} line counted from 1
 * @property {number} column counted from 1
 */
export class ParseError extends Error {
  constructor(text, { from = 0, to = from }, code, more = {}) {
    const { value = text.slice(from, to), argument = null, keras = null } = more;
    super(`${code}: ${value}`);
    const above = text.slice(0, from).split("\n");
    const place = { line: above.length, column: above.at(-1).length + 1 };
    Object.assign(this, { name: "ParseError", code, value, argument, keras, from, to, ...place });
  }
}

// ---- Tokens ----

const TOKENS = [
  ["space", /[ \t\r\f\u00a0]+|\\\r?\n|#[^\n]*/y],
  ["newline", /\n|;/y],
  ["string", /[rRbBuUfF]{0,2}(?:"""[^]*?"""|'''[^]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')/y],
  ["number", /(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y],
  ["name", /[\p{L}_][\p{L}\p{N}_]*/uy],
  ["symbol", /\*\*=|\/\/=|\*\*|\/\/|->|[-+*/%@&|^]=|[=!<>]=|[-+*/%@()[\]{},:.=<>&|^~!?$`]/y],
];
const CLOSING = { "(": ")", "[": "]", "{": "}" };
// What stands before code that was copied out of a console or notebook.
const PROMPT = /^[ \t]*(?:>>>|\.\.\.|In ?\[[ \d*]*\]:)[ \t]?/gm;

function tokenize(text) {
  const plain = text.replace(PROMPT, (prompt) => " ".repeat(prompt.length));
  const tokens = [];
  const open = [];
  let from = 0;
  while (from < plain.length) {
    let found = null;
    for (const [kind, pattern] of TOKENS) {
      pattern.lastIndex = from;
      const match = pattern.exec(plain);
      if (!match) continue;
      found = { kind, text: match[0], from, to: from + match[0].length };
      break;
    }
    if (!found) {
      const string = /["']/.test(plain[from]);
      throw new ParseError(text, { from, to: from + 1 }, string ? "unfinished" : "syntax");
    }
    from = found.to;
    if (found.kind === "symbol") {
      if (found.text in CLOSING) open.push(found);
      else if (Object.values(CLOSING).includes(found.text)) {
        const opened = open.pop();
        if (!opened || CLOSING[opened.text] !== found.text) throw new ParseError(text, found, "syntax");
      }
    }
    // A line goes on while a bracket is open.
    if (found.kind !== "space" && !(found.kind === "newline" && found.text === "\n" && open.length)) tokens.push(found);
  }
  if (open.length) throw new ParseError(text, open.at(-1), "unfinished");
  return tokens;
}

// ---- Expressions: a tree of {kind, from, to, …} ----

const POWER = { "+": 1, "-": 1, "*": 2, "/": 2, "//": 2, "%": 2, "**": 4 };

class Reader {
  constructor(text) {
    this.text = text;
    this.tokens = tokenize(text);
    this.next = 0;
  }

  get token() {
    return this.tokens[this.next] ?? { kind: "end", text: "", from: this.text.length, to: this.text.length };
  }

  is(...texts) {
    return this.token.kind !== "string" && texts.includes(this.token.text);
  }

  take() {
    const { token } = this;
    this.next++;
    return token;
  }

  expect(text) {
    if (!this.is(text)) this.fail();
    return this.take();
  }

  fail(code = "syntax", at = this.token, more = {}) {
    throw new ParseError(this.text, at, code, more);
  }

  get ended() {
    return this.token.kind === "newline" || this.token.kind === "end";
  }

  /** One expression, or a tuple without its brackets. */
  tuple() {
    const first = this.expression();
    if (!this.is(",")) return first;
    const items = [first];
    while (this.is(",")) {
      this.take();
      if (this.ended || this.is("=", ")")) break;
      items.push(this.expression());
    }
    return { kind: "tuple", items, from: first.from, to: items.at(-1).to };
  }

  expression(power = 0) {
    let left = this.unary();
    while (this.token.kind === "symbol" && POWER[this.token.text] > power) {
      const { text } = this.take();
      const right = this.expression(text === "**" ? POWER[text] - 1 : POWER[text]);
      left = { kind: "binary", sign: text, left, right, from: left.from, to: right.to };
    }
    if (this.is("if", "for", "and", "or", "not", "in", "is", "lambda", "<", ">", "==", "!=", "<=", ">="))
      this.fail("statement");
    return left;
  }

  unary() {
    if (this.is("-", "+")) {
      const sign = this.take();
      const value = this.expression(3);
      return { kind: "unary", sign: sign.text, value, from: sign.from, to: value.to };
    }
    return this.trailers(this.atom());
  }

  atom() {
    const token = this.take();
    const { from, to, text } = token;
    if (token.kind === "string") {
      const body = text.replace(/^[a-zA-Z]*("""|'''|"|')([^]*)\1$/, "$2");
      return { kind: "constant", value: body.replace(/\\(.)/g, "$1"), from, to };
    }
    if (token.kind === "number") {
      const value = Number(text.replaceAll("_", ""));
      return { kind: "constant", value, float: /[.eE]/.test(text), from, to };
    }
    if (token.kind === "name") {
      const constants = { True: true, False: false, None: null };
      if (Object.hasOwn(constants, text)) return { kind: "constant", value: constants[text], from, to };
      if (["lambda", "not", "await", "yield"].includes(text)) this.fail("statement", token);
      return { kind: "name", name: text, from, to };
    }
    if (token.kind === "symbol" && (text === "(" || text === "[")) return this.sequence(token);
    if (token.kind === "symbol" && text === "{") return this.braces(token);
    this.next--;
    return this.fail(token.kind === "end" || token.kind === "newline" ? "unfinished" : "syntax", token);
  }

  sequence(open) {
    const close = CLOSING[open.text];
    const items = [];
    let comma = false;
    while (!this.is(close)) {
      if (this.is("*")) this.fail("syntax");
      items.push(this.expression());
      if (!this.is(",")) break;
      comma = true;
      this.take();
    }
    const { to } = this.expect(close);
    if (open.text === "(" && items.length === 1 && !comma) return { ...items[0], from: open.from, to };
    return { kind: open.text === "(" ? "tuple" : "list", items, from: open.from, to };
  }

  /** A dictionary or set, of which only the end is looked for: no argument of this core takes one. */
  braces(open) {
    for (let depth = 1; depth; ) {
      const { text, kind } = this.take();
      if (kind === "symbol") depth += text === "{" ? 1 : text === "}" ? -1 : 0;
    }
    return { kind: "other", from: open.from, to: this.tokens[this.next - 1].to };
  }

  trailers(start) {
    let value = start;
    for (;;) {
      if (this.is(".")) {
        this.take();
        if (this.token.kind !== "name") this.fail();
        const { text, to } = this.take();
        value = { kind: "attribute", of: value, name: text, from: value.from, to };
      } else if (this.is("(")) {
        value = this.call(value);
      } else if (this.is("[")) {
        this.take();
        const index = [];
        while (!this.is("]")) index.push(this.is(":", ",") ? this.take() : this.expression());
        value = { kind: "item", of: value, index, from: value.from, to: this.take().to };
      } else {
        return value;
      }
    }
  }

  call(called) {
    this.expect("(");
    const positional = [];
    const keywords = [];
    while (!this.is(")")) {
      if (this.is("*", "**")) {
        const star = this.take();
        const value = this.expression();
        this.fail("syntax", { from: star.from, to: value.to });
      }
      const { token } = this;
      const following = this.tokens[this.next + 1];
      if (token.kind === "name" && following?.kind === "symbol" && following.text === "=") {
        this.next += 2;
        const value = this.expression();
        if (keywords.some(({ name }) => name === token.text)) this.fail("repeated-argument", token);
        keywords.push({ name: token.text, value, from: token.from, to: value.to });
      } else {
        const value = this.expression();
        if (keywords.length) this.fail("positional-argument", value);
        positional.push(value);
      }
      if (!this.is(",")) break;
      this.take();
    }
    const { to } = this.expect(")");
    return { kind: "call", called, positional, keywords, from: called.from, to };
  }
}

// ---- What the names mean ----

const AFTER_UNITS = {
  SimpleRNN: ["activation", "use_bias"],
  LSTM: ["activation", "recurrent_activation", "use_bias"],
  GRU: ["activation", "recurrent_activation", "use_bias"],
};
const RECURRENT = Object.keys(AFTER_UNITS);
const CELLS = Object.fromEntries(RECURRENT.map((type) => [`${type}Cell`, type]));
// Switches that each type knows; zero_output_for_mask goes to the class that all of them extend.
const OF_THE_LAYER = ["return_sequences", "return_state", "go_backwards", "zero_output_for_mask"];
const KNOWN = {
  SimpleRNN: ["activation", "use_bias"],
  LSTM: ["activation", "recurrent_activation", "use_bias", "unit_forget_bias"],
  GRU: ["activation", "recurrent_activation", "use_bias", "reset_after"],
};
/** Whether a type of layer has an argument of its own. */
export const has = (type, key) => KNOWN[type].includes(key);
const THREE = ["kernel", "recurrent", "bias"];
const OF_EVERY_LAYER = ["name", "dtype", "trainable", "autocast", "activity_regularizer", "input_shape", "input_dim"];
const IGNORED = [
  ...THREE.flatMap((weight) => ["initializer", "regularizer", "constraint"].map((kind) => `${weight}_${kind}`)),
  ...["dropout", "recurrent_dropout", "seed", "stateful", "unroll", "use_cudnn", "implementation"],
  ...OF_EVERY_LAYER,
];
// Layers that leave a sequence's shape as it is may stand anywhere.
const KEEPS = new Set(
  `Dropout SpatialDropout1D GaussianDropout GaussianNoise AlphaDropout BatchNormalization LayerNormalization
  UnitNormalization GroupNormalization RMSNormalization Normalization Activation ReLU LeakyReLU PReLU ELU Softmax
  ActivityRegularization Masking Identity`.split(/\s+/),
);
// Others may stand before the first recurrent layer or after the last one.
const CHANGES = new Set(
  `Dense TimeDistributed Flatten Reshape Permute RepeatVector Conv1D SeparableConv1D DepthwiseConv1D Conv1DTranspose
  MaxPooling1D MaxPool1D AveragePooling1D GlobalMaxPooling1D GlobalMaxPool1D GlobalAveragePooling1D UpSampling1D
  ZeroPadding1D Cropping1D Lambda TextVectorization StringLookup IntegerLookup CategoryEncoding Embedding`.split(/\s+/),
);
const ARRAYS = new Set(
  "zeros ones rand randn random normal uniform standard_normal random_sample random_normal".split(" "),
);
const IGNORED_CALLS = new Set("summary compile fit evaluate predict build print display plot_model save".split(" "));

/**
 * Read lines of Keras code.
 *
 * @param {string} text one layer, a stack of them line by line, a Sequential, model.add(…), or x = LSTM(…)(x)
 * @returns {{layers: import("./core.js").Layer[], input: {batch: ?number, time: ?number, features: ?number},
 *   masked: boolean, targets: string[], ignored: Array<{kind: "argument" | "keeps" | "before" | "behind" |
 *   "branch" | "statement", value: string, layer: ?string, from: number, to: number}>}} layers have the keys that were written; targets are the
 *   names that the last call's results were given; masked: a Masking layer or mask_zero=True stands before them;
 *   keeps: a layer that leaves every shape as it is; before, behind: another one before the first recurrent layer or
 *   behind the last; branch: a recurrent layer whose output the last one does not read
 * @throws {ParseError}
 */
export function parse(text) {
  return new Parser(text).run();
}

class Parser {
  constructor(text) {
    this.text = text;
    this.reader = new Reader(text);
    this.values = Object.create(null); // a variable may be called toString
    this.ignored = [];
    this.made = [];
    this.loose = []; // layers that stand in a line by themselves: a stack
    this.bound = null; // the last layer that was only given a name
    this.result = null;
    this.targets = [];
  }

  fail(code, at, more) {
    this.reader.fail(code, at, more);
  }

  ignore(kind, at, value, layer = null) {
    this.ignored.push({ kind, value, layer, from: at.from, to: at.to });
  }

  run() {
    const { reader } = this;
    if (!reader.tokens.some(({ kind }) => kind !== "newline")) this.fail("empty", { from: 0, to: 0 });
    while (reader.token.kind !== "end") {
      if (reader.token.kind === "newline") reader.take();
      else this.statement();
    }
    const chain = this.result ?? (this.loose.length || !this.bound ? this.loose : [this.bound]);
    const recurrent = chain.filter(({ layer }) => layer);
    if (!recurrent.length) {
      const [other] = chain;
      this.fail("no-layer", other ?? { from: 0, to: this.text.length }, other && { value: other.name });
    }
    const first = chain.indexOf(recurrent[0]);
    const last = chain.indexOf(recurrent.at(-1));
    const input = { batch: null, time: null, features: null };
    let masked = false;
    chain.forEach((part, place) => {
      const before = place <= first;
      if (before && part.input) Object.assign(input, part.input);
      if (part.name === "Embedding" && chain[place - 1]?.only !== undefined) input.time = chain[place - 1].only;
      if (part.layer) return;
      if (part.name === "Masking" || part.masked) masked ||= before;
      if (!before && place < last && !KEEPS.has(part.name)) this.fail("between", part, { value: part.name });
      if (part.name !== "Input") this.ignore(KEEPS.has(part.name) ? "keeps" : before ? "before" : "behind", part, part.name);
    });
    for (const part of this.made) {
      if (part.layer && !chain.includes(part) && !part.inside) this.ignore("branch", part, part.layer.type);
    }
    this.ignored.sort((a, b) => a.from - b.from);
    const layers = recurrent.map(({ layer }) => layer);
    if (recurrent.length > MOST.layers) this.fail("many-layers", recurrent[MOST.layers]);
    for (const part of recurrent) if (part.layer.units > MOST.length) this.fail("many", part, { value: `${part.layer.units}` });
    for (const [key, length] of Object.entries(input)) {
      const fits = Number.isInteger(length) && length >= 1 && length <= MOST.length;
      if (typeof length === "number" && !fits) this.fail("many", chain.findLast((part) => part.input?.[key] === length) ?? recurrent[0], { value: `${length}` });
    }
    return { layers, input, masked, targets: this.targets, ignored: this.ignored };
  }

  statement() {
    const { reader } = this;
    const { token } = reader;
    const skip = () => {
      while (!reader.ended) reader.take();
      this.ignore("statement", { from: token.from, to: reader.tokens[reader.next - 1].to }, token.text);
    };
    if (reader.is("%", "!")) return skip();
    if (reader.is("import", "from")) {
      while (!reader.ended) reader.take();
      return undefined; // what it names is known or refused anyway
    }
    if (reader.is("def")) {
      while (!reader.ended && !(reader.is(":") && reader.tokens[reader.next - 1]?.text === ")")) reader.take();
      return reader.is(":") ? void reader.take() : reader.fail("syntax");
    }
    if (reader.is("for", "while", "if", "elif", "else", "with", "class", "try", "except", "assert", "del", "async"))
      reader.fail("statement");
    if (reader.is("return")) {
      reader.take();
      return reader.ended ? undefined : this.finish([], this.evaluate(reader.tuple()));
    }
    const parts = [reader.tuple()];
    while (reader.is("=")) {
      reader.take();
      parts.push(reader.tuple());
    }
    if (reader.is(":") && parts.length === 1 && parts[0].kind === "name") reader.fail("syntax");
    if (!reader.ended) reader.fail();
    const value = this.evaluate(parts.pop());
    return this.finish(parts, value);
  }

  /** Bind what a line has made to its names, and remember it as what the text is about. */
  finish(targets, value) {
    const isTuple = ({ kind }) => kind === "tuple" || kind === "list";
    const names = targets.flatMap((target) => (isTuple(target) ? target.items : [target]));
    const bind = (target, bound) => {
      if (target.kind === "name") this.values[target.name] = bound;
    };
    for (const target of targets) {
      if (!isTuple(target)) bind(target, value);
      else
        target.items.forEach((item, k) => {
          if (value.kind === "tensor") bind(item, k ? { kind: "state" } : value);
          else bind(item, value.items?.[k] ?? { kind: "unknown" });
        });
    }
    if (value.kind === "tensor" && value.chain.some(({ layer }) => layer)) {
      this.result = value.chain;
      this.targets = names.filter(({ kind }) => kind === "name").map(({ name }) => name);
    } else if (value.kind === "model") {
      this.result = value.chain;
    } else if (!targets.length) {
      // A tuple is what a line of a list looks like, with its comma.
      for (const one of value.items ?? [value]) if (one.kind === "layer") this.loose.push(one.part);
    } else if (value.kind === "layer" && value.part.layer) {
      this.bound = value.part;
    }
  }

  evaluate(tree) {
    switch (tree.kind) {
      case "constant":
        return { ...tree, kind: "constant" };
      case "name":
        return this.values[tree.name] ?? { kind: "unknown", name: tree.name, from: tree.from, to: tree.to };
      case "tuple":
      case "list":
        return { kind: "items", items: tree.items.map((item) => this.evaluate(item)), from: tree.from, to: tree.to };
      case "unary":
      case "binary":
        return this.compute(tree);
      case "call":
        return this.call(tree);
      case "item": {
        const whole = this.evaluate(tree.of);
        const [index] = tree.index;
        if (whole.kind !== "tensor" || tree.index.length > 1 || index?.kind !== "constant") return { kind: "unknown" };
        return index.value === 0 ? whole : { kind: "state" };
      }
      case "attribute":
        return { kind: "unknown", name: tree.name, from: tree.from, to: tree.to };
      default:
        return { kind: "unknown", from: tree.from, to: tree.to };
    }
  }

  compute(tree) {
    const numbers = (tree.kind === "unary" ? [tree.value] : [tree.left, tree.right]).map((part) => this.evaluate(part));
    if (numbers.some(({ kind, value }) => kind !== "constant" || typeof value !== "number")) {
      const unknown = numbers.find(({ kind }) => kind !== "constant");
      return unknown?.kind === "unknown" ? unknown : { kind: "unknown", from: tree.from, to: tree.to };
    }
    const [a, b] = numbers.map(({ value }) => value);
    const results = {
      "+": () => (tree.kind === "unary" ? a : a + b),
      "-": () => (tree.kind === "unary" ? -a : a - b),
      "*": () => a * b,
      "/": () => a / b,
      "//": () => Math.floor(a / b),
      "%": () => a - b * Math.floor(a / b),
      "**": () => a ** b,
    };
    const float = tree.sign === "/" || numbers.some((number) => number.float);
    return { kind: "constant", value: results[tree.sign](), float, from: tree.from, to: tree.to };
  }

  call(tree) {
    const { called } = tree;
    if (called.kind === "call" || (called.kind === "name" && this.values[called.name]?.kind === "layer")) {
      return this.apply(this.evaluate(called), tree);
    }
    if (called.kind !== "name" && called.kind !== "attribute") return { kind: "unknown", from: tree.from, to: tree.to };
    const { name } = called;
    const owner = called.kind === "attribute" && called.of.kind === "name" ? this.values[called.of.name] : null;

    if (called.kind === "attribute" && name === "add") {
      const model = owner?.kind === "model" ? owner : { kind: "model", chain: [] };
      if (called.of.kind !== "name" || tree.positional.length !== 1) this.fail("syntax", tree);
      this.values[called.of.name] = model;
      model.chain.push(this.layerOf(this.evaluate(tree.positional[0]), tree.positional[0]));
      return model;
    }
    if (name === "Sequential") return this.sequential(tree);
    if (name === "Model" || name === "Functional") return this.model(tree);
    if (RECURRENT.includes(name) || name === "RNN") return this.recurrent(name, tree);
    if (Object.hasOwn(CELLS, name)) return this.recurrent(CELLS[name], tree, true);
    if (name === "Bidirectional") return this.bidirectional(tree);
    if (name === "Input" || name === "InputLayer") return this.input(name, tree);
    if (KEEPS.has(name) || CHANGES.has(name)) return this.other(name, tree);
    if (ARRAYS.has(name)) return this.array(tree);
    if (called.kind === "attribute" && /^(?:astype|cast|numpy|copy)$/.test(name)) return this.evaluate(called.of);
    if (IGNORED_CALLS.has(name)) {
      this.ignore("statement", tree, name);
      return { kind: "unknown" };
    }
    // Classes are written with a capital; what else is called may be anything, as long as no layer comes from it.
    if (/^[A-Z]/.test(name)) this.fail("unknown-layer", called, { value: name });
    return { kind: "unknown", name, from: tree.from, to: tree.to };
  }

  layerOf(value, tree) {
    if (value.kind === "layer") return value.part;
    if (value.kind === "tensor" && value.chain.length === 1 && value.chain[0].name === "Input") return value.chain[0];
    if (value.kind === "model") this.fail("wrapper", tree, { value: "Sequential" });
    return this.fail(value.name ? "unknown-name" : "syntax", tree, value.name ? { value: value.name } : {});
  }

  sequential(tree) {
    const list = tree.positional[0] ?? tree.keywords.find(({ name }) => name === "layers")?.value;
    if (!list) return { kind: "model", chain: [] };
    if (list.kind !== "list" && list.kind !== "tuple") this.fail("syntax", list);
    return { kind: "model", chain: list.items.map((item) => this.layerOf(this.evaluate(item), item)) };
  }

  model(tree) {
    const outputs = tree.keywords.find(({ name }) => name === "outputs")?.value ?? tree.positional[1];
    if (!outputs) return { kind: "unknown" };
    const value = this.evaluate(outputs);
    const tensor = (value.items ?? [value]).find(({ kind }) => kind === "tensor");
    return tensor ? { kind: "model", chain: tensor.chain } : { kind: "unknown" };
  }

  /** A layer is called: x = LSTM(3)(x, initial_state=…). */
  apply(layer, tree) {
    if (layer.kind !== "layer") return { kind: "unknown" };
    const isInput = ({ name }) => name === "inputs" || name === "sequences";
    const argument = tree.positional[0] ?? tree.keywords.find(isInput)?.value;
    for (const keyword of tree.keywords) {
      if (!isInput(keyword)) this.ignore("argument", keyword, keyword.name, layer.part.name);
    }
    const input = argument ? this.evaluate(argument) : { kind: "unknown" };
    if (input.kind === "state") this.fail("state-as-input", argument);
    const before = input.kind === "tensor" ? input.chain : [];
    this.loose = this.loose.filter((part) => part !== layer.part);
    return { kind: "tensor", chain: [...before, layer.part] };
  }

  /** The value of an argument as a constant. */
  constant(tree, argument) {
    const value = this.evaluate(tree);
    if (value.kind === "constant") return value;
    const unknown = value.kind === "unknown" && value.name && tree.kind !== "call" && tree.kind !== "attribute";
    if (unknown) this.fail("unknown-name", tree, { value: value.name, argument });
    return this.fail("value", tree, { argument });
  }

  refuseArgument(name, type, tree) {
    const value = this.evaluate(tree.value);
    const written = python(value);
    const keras = written === null ? null : `Unrecognized keyword arguments passed to ${type}: {'${name}': ${written}}`;
    this.fail("unrecognized-argument", tree, { value: name, argument: name, keras });
  }

  recurrent(name, tree, cell = false) {
    const layer = {};
    let type = name;
    const positional = [...tree.positional];
    const keywords = [...tree.keywords];
    if (name === "RNN") {
      const found = keywords.findIndex((keyword) => keyword.name === "cell");
      const inside = positional.shift() ?? keywords.splice(found, 1)[0]?.value;
      if (!inside) this.fail("missing-argument", tree, { value: "cell" });
      const made = this.evaluate(inside);
      if (made.kind !== "cell") this.fail("wrapper", inside);
      Object.assign(layer, made.layer);
      type = layer.type;
      positional.splice(0, 3).forEach((value, k) => keywords.push({ ...value, name: OF_THE_LAYER[k], value }));
      if (positional.length) this.fail("many-arguments", positional[0]);
    } else {
      layer.type = type;
      const order = ["units", ...AFTER_UNITS[type]];
      if (positional.length > order.length) this.fail("many-arguments", positional[order.length]);
      positional.forEach((value, k) => keywords.push({ name: order[k], value, from: value.from, to: value.to }));
    }
    const part = { name: type, layer, from: tree.from, to: tree.to };
    const own = name === "RNN" ? OF_THE_LAYER : cell ? KNOWN[type] : [...KNOWN[type], ...OF_THE_LAYER];
    for (const keyword of keywords) {
      const { name: key, value } = keyword;
      if (key === "units" && name !== "RNN") {
        if ("units" in layer) this.fail("repeated-argument", keyword, { value: key });
        const number = this.constant(value, key);
        if (number.float) this.fail("float-units", value, { argument: key });
        layer.units = number.value;
      } else if (own.includes(key)) {
        if (key in layer && name !== "RNN") this.fail("repeated-argument", keyword, { value: key });
        layer[key] = this.argument(key, value);
      } else if (IGNORED.includes(key)) {
        if (key === "input_shape") part.input = this.shape(value, 2);
        else if (key === "input_dim") part.input = { features: this.length(this.evaluate(value)) };
        else this.ignore("argument", keyword, key, type);
      } else {
        this.refuseArgument(key, type, keyword);
      }
    }
    if (!("units" in layer)) this.fail("missing-argument", tree, { value: "units" });
    if (cell) return { kind: "cell", layer };
    layer.bidirectional = null;
    this.made.push(part);
    return { kind: "layer", part, from: tree.from, to: tree.to };
  }

  argument(key, tree) {
    if (key === "activation" || key === "recurrent_activation") {
      // keras.activations.tanh, tf.nn.tanh: functions that Keras also knows by this name
      const named = tree.kind === "attribute" || (tree.kind === "name" && !(tree.name in this.values));
      if (named && Object.hasOwn(ACTIVATIONS, tree.name)) return tree.name;
      const { value } = this.constant(tree, key);
      if (value !== null && typeof value !== "string") this.fail("value", tree, { argument: key });
      return value;
    }
    const { value } = this.constant(tree, key);
    if (typeof value === "string" || value === null) this.fail("value", tree, { argument: key });
    return Boolean(value);
  }

  bidirectional(tree) {
    const keyword = tree.keywords.find(({ name }) => name === "layer")?.value;
    const inside = tree.positional[0] ?? keyword;
    if (!inside) this.fail("missing-argument", tree, { value: "layer" });
    const made = this.evaluate(inside);
    if (made.kind !== "layer" || !made.part.layer || made.part.layer.bidirectional) {
      const name = made.part?.name ?? made.name;
      this.fail(made.kind === "unknown" && made.name ? "unknown-name" : "wrapper", inside, name ? { value: name } : {});
    }
    const wrapper = {};
    const [, mode, ...more] = tree.positional;
    if (more.length) this.fail("many-arguments", more[0]);
    if (mode) wrapper.merge_mode = this.constant(mode, "merge_mode").value;
    const input = { ...made.part.input };
    for (const argument of tree.keywords) {
      const { name, value } = argument;
      if (name === "layer") continue;
      if (name === "merge_mode") {
        if (mode) this.fail("repeated-argument", argument, { value: name });
        wrapper.merge_mode = this.constant(value, name).value;
      } else if (name === "backward_layer") {
        if (this.evaluate(value).value !== null) this.fail("argument", argument, { value: name });
      } else if (name === "weights" || OF_EVERY_LAYER.includes(name)) {
        if (name === "input_shape") Object.assign(input, this.shape(value, 2));
        else this.ignore("argument", argument, name, "Bidirectional");
      } else {
        this.refuseArgument(name, "Bidirectional", argument);
      }
    }
    made.part.inside = true;
    this.loose = this.loose.filter((part) => part !== made.part);
    const layer = { ...made.part.layer, bidirectional: wrapper };
    const part = { name: "Bidirectional", layer, input, from: tree.from, to: tree.to };
    this.made.push(part);
    return { kind: "layer", part, from: tree.from, to: tree.to };
  }

  /** One length in a shape: a number, or null for None and what is not known. */
  length(value) {
    return value.kind === "constant" && typeof value.value === "number" ? value.value : null;
  }

  shape(tree, rank) {
    const value = this.evaluate(tree);
    const names = ["batch", "time", "features"].slice(3 - rank);
    if (value.kind !== "items" || value.items.length !== rank) return {};
    return Object.fromEntries(value.items.map((item, k) => [names[k], this.length(item)]));
  }

  input(name, tree) {
    const find = (...keys) => tree.keywords.find((keyword) => keys.includes(keyword.name))?.value;
    const batch = find("batch_shape", "batch_input_shape");
    const shape = find("shape", "input_shape") ?? tree.positional[0];
    const size = find("batch_size");
    const input = batch ? this.shape(batch, 3) : shape ? this.shape(shape, 2) : {};
    if (size) input.batch = this.length(this.evaluate(size));
    const part = { name: "Input", input, from: tree.from, to: tree.to };
    const axes = shape && !batch ? this.evaluate(shape).items : null;
    if (axes?.length === 1) part.only = this.length(axes[0]); // words, which an Embedding turns into vectors
    return name === "Input" ? { kind: "tensor", chain: [part] } : { kind: "layer", part };
  }

  other(name, tree) {
    const part = { name, from: tree.from, to: tree.to };
    const find = (key) => tree.keywords.find((keyword) => keyword.name === key)?.value;
    if (name === "Embedding") {
      const width = find("output_dim") ?? tree.positional[1];
      const time = find("input_length");
      part.input = { features: width ? this.length(this.evaluate(width)) : null };
      if (time) part.input.time = this.length(this.evaluate(time));
      const zero = find("mask_zero");
      part.masked = Boolean(zero && this.evaluate(zero).value);
    } else if (CHANGES.has(name)) {
      part.input = { time: null, features: null };
    } else if (find("input_shape")) {
      part.input = this.shape(find("input_shape"), 2);
    }
    if (name === "TimeDistributed") {
      const inner = tree.positional[0] && this.evaluate(tree.positional[0]);
      if (inner?.part?.layer) this.fail("wrapper", tree, { value: name });
    }
    this.made.push(part);
    return { kind: "layer", part, from: tree.from, to: tree.to };
  }

  /** np.zeros((1, 4, 3)) and the like tell the shape of the input. */
  array(tree) {
    const given = tree.keywords.find(({ name }) => name === "shape" || name === "size")?.value;
    const values = (given ? [given] : tree.positional).map((item) => this.evaluate(item));
    const lengths = values.find(({ kind }) => kind === "items")?.items ?? values;
    if (lengths.length !== 3) return { kind: "unknown" };
    const [batch, time, features] = lengths.map((one) => this.length(one));
    const part = { name: "Input", input: { batch, time, features }, from: tree.from, to: tree.to };
    return { kind: "tensor", chain: [part] };
  }
}

/** A value as Python writes it in a message, or null when it is none of the simple ones. */
function python(value) {
  if (value.kind === "items") {
    const items = value.items.map(python);
    return items.includes(null) ? null : `(${items.join(", ")}${items.length === 1 ? "," : ""})`;
  }
  if (value.kind !== "constant") return null;
  const { value: one } = value;
  if (typeof one === "string") return `'${one}'`;
  if (typeof one === "number") return value.float && Number.isInteger(one) ? one.toFixed(1) : `${one}`;
  return one === null ? "None" : one ? "True" : "False";
}

const literal = (value) =>
  python({ kind: "constant", value }).replace(/^'([^]*)'$/, (_, body) => `"${body.replace(/["\\]/g, "\\$&")}"`);

/**
 * The line that a layer is written with, defaults left out; a stack is a Sequential. parse reads it back.
 *
 * @param {import("./core.js").Layer | import("./core.js").Layer[]} layer
 * @returns {string}
 */
export function format(layer) {
  if (Array.isArray(layer)) return `Sequential([\n${layer.map((one) => `    ${format(one)},\n`).join("")}])`;
  const { type, units, bidirectional = null } = layer;
  const keys = [...OF_THE_LAYER.slice(0, 3), ...KNOWN[type], "zero_output_for_mask"];
  const plain = (key) => (/activation$/.test(key) && layer[key] === null ? "linear" : layer[key]);
  const written = keys
    .filter((key) => layer[key] !== undefined && plain(key) !== DEFAULTS[key])
    .map((key) => `${key}=${literal(layer[key])}`);
  const inner = `${type}(${[literal(units), ...written].join(", ")})`;
  if (!bidirectional) return inner;
  const { merge_mode = "concat" } = bidirectional;
  return `Bidirectional(${inner}${merge_mode === "concat" ? "" : `, merge_mode=${literal(merge_mode)}`})`;
}
