// What a reader types as an answer, read as Python writes it, and which hint a wrong one gets. Nothing of the DOM.

const CLOSING = { "(": ")", "[": "]", "{": "}" };
const SIGNS = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
};

/**
 * Read a number, a calculation, a shape, a tuple, a set; brackets and quotation marks around letters may be left out.
 *
 * @param {string} text is never run
 * @returns {number | string | Array | undefined} undefined: it is none
 */
export function readValue(text) {
  // a Korean keyboard may write full-width brackets and commas
  const tokens = text.normalize("NFKC").match(/\d+\.?\d*(?:e[+-]?\d+)?|\.\d+|[a-z]\w*|"[^"]*"|'[^']*'|\S/gi) ?? [];
  const refuse = () => {
    throw new SyntaxError();
  };
  const number = (value) => (Number.isFinite(value) ? value : refuse());

  function first() {
    const token = tokens.shift() ?? "";
    if (token === "-") return -number(first());
    if (/^\.?\d/.test(token)) return number(Number(token));
    if (/^["'a-z]/i.test(token)) return token.replaceAll(/["']/g, "");
    return token in CLOSING ? items(CLOSING[token], token === "(") : refuse();
  }

  /** A chain of operands, with signs of one kind between them. */
  function chain(operand, signs) {
    let left = operand();
    while (signs.includes(tokens[0])) left = number(SIGNS[tokens.shift()](number(left), number(operand())));
    return left;
  }

  const value = () => chain(() => chain(first, "*/"), "+-");

  /** What stands before a closing bracket, or before the end; one value alone is itself. */
  function items(end, alone = true) {
    const found = [];
    let comma = false;
    while (tokens[0] !== end) {
      found.push(value());
      comma = tokens[0] === ",";
      if (comma) tokens.shift();
      else if (tokens[0] !== end) refuse();
      else if (found.length === 1 && alone) return tokens.shift(), found[0];
    }
    tokens.shift();
    return found;
  }

  try {
    return tokens.length ? items() : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a value is the key; a number with decimals may be off by `near`, else by a part in 500. */
function same(key, value, near) {
  if (typeof key === "number") {
    return typeof value === "number" && Math.abs(value - key) <= (near ?? (Number.isInteger(key) ? 0 : key / 500));
  }
  if (!Array.isArray(value)) return false;
  const sorted = (list) => `${[...new Set(list)].sort()}`;
  if (key.set) return sorted(key.set) === sorted(value);
  return key.length === value.length && key.every((one, k) => same(one, value[k], near));
}

/**
 * The hint that an answer gets.
 *
 * @param {{key, hints: [null | "length" | "below" | "above" | number | {is: number}, string][], near?: number}} exercise see theme/extension/answers.py
 * @param {number | string | Array} value from readValue
 * @returns {?string} null: it is right
 */
export function hintFor({ key, hints, near }, value) {
  if (same(key, value, near)) return null;
  const wrong = ([where]) => {
    if (where === null) return true;
    if (where === "length") return value.length !== key.length;
    if (where === "below") return value < key;
    if (where === "above") return value > key;
    if ("is" in Object(where)) return same(where.is, value);
    return where < value.length && !same(key[where], value[where], near);
  };
  return (hints.find(wrong) ?? hints.at(-1))[1];
}
