// Shapes that a cell prints, shapes that a reader guesses, and the slip that leads from the one to the other.
// Nothing of the DOM, and no words of a language: a slip is a key of the words.

const SHAPE = /\((?:\d+,|\d+(?:, \d+)+)\)/g;
const SIGN = /^(?:->|[-+=])$/; // between shapes of which the last comes of the others
const SHAPES_ONLY = /^([ \t]*)print\((.+?)\.shape(?:, end=.*)?\)$/gm; // a line of code that prints nothing but shapes

const numbers = (text) => text.match(/\d+/g).map(Number);

/** What stands for a shape in its name, as Python writes it. */
export const tuple = (shape) => `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;

/**
 * The shapes that an output prints in lines that hold nothing else, such as `y  shape (1, 4, 3)`, `h (1, 3)  c (1, 3)` or
 * `(2, 4, 5) -> (2, 3)`. Where a line has no names, the code that prints it tells them, and that these are shapes.
 *
 * @param {string} text
 * @param {string} [code]
 * @returns {{name: string, shape: number[]}[]} each name once
 */
export function readShapes(text, code = "") {
  const rows = []; // of {shapes, names}
  for (const line of text.split("\n")) {
    const shapes = line.match(SHAPE) ?? [];
    const between = line.split(SHAPE).map((words) => words.trim());
    if (!shapes.length || between.pop() || between.some((words) => /[()[\]]/.test(words))) continue;
    const [first, ...others] = between;
    if (others.length && others.every((words) => SIGN.test(words))) {
      const name = line.slice(0, line.lastIndexOf("(")).trim().replace(/\s+/g, " ");
      if (name.length <= 40) rows.push({ shapes: shapes.slice(-1), names: [name] });
    } else if (first) {
      const names = between.map((words) => words.replace(/^->\s|(?:^|\s+)shape$|:$/g, "").replace(/\s+/g, " "));
      if (names.every((name) => name.length <= 30 && !name.endsWith("="))) rows.push({ shapes, names });
    } else if (others.every((words) => !words)) rows.push({ shapes });
  }
  const bare = rows.filter(({ names }) => !names);
  const printed = Array.from(code.matchAll(SHAPES_ONLY), ([, indent, names]) => ({ indent, names: names.split(".shape, ") }));
  const loop = printed.length === 1 && printed[0].indent && bare.length > 1;
  if (loop || bare.length === printed.length)
    bare.forEach((row, turn) => {
      row.names = loop ? printed[0].names.map((name) => `${name} ${turn + 1}`) : printed[turn].names;
    });
  const found = new Map();
  for (const { shapes, names = [] } of rows)
    if (names.length === shapes.length) names.forEach((name, k) => name && !found.has(name) && found.set(name, numbers(shapes[k])));
  return Array.from(found, ([name, shape]) => ({ name, shape }));
}

/** A shape as a reader types it, `(1, 4, 3)`, `1 4 3` or `1,4,3`; null when it is none. */
export function parseShape(text) {
  return /^\s*[([]?\s*\d+(?:\s*[,x×\s]\s*\d+)*\s*,?\s*[)\]]?\s*$/.test(text) ? numbers(text) : null;
}

const same = (a, b) => a.length === b.length && a.every((length, k) => length === b[k]);

/**
 * The slip that leads from a shape to a guess.
 *
 * @param {number[]} shape what was recorded
 * @param {number[]} guess
 * @param {{code: string, input: number[], others: {name: string, shape: number[]}[]}} around the code of the cell, the shape
 *   of the chapter's input, the shapes that the cell prints beside this one
 * @returns {{slip: string, [place: string]: string|number}} "right", or a key of the words with what fills their places
 */
export function judge(shape, guess, { code, input, others }) {
  const last = shape.at(-1);
  const rest = shape.slice(0, -1);
  const given = guess.at(-1);
  const only = same(rest, guess.slice(0, -1)); // nothing but the last axis is wrong
  const both = /\bBidirectional\b/.test(code);
  const [, steps, features] = input;

  if (same(shape, guess)) return { slip: "right" };
  if (shape.length > 1 && same(shape.slice(1), guess)) return { slip: "batch", first: shape[0] };
  if (shape.length === 3 && same([shape[0], last], guess)) return { slip: "last_only", steps: shape[1] };
  if (shape.length === 2 && guess.length === 3 && guess[0] === shape[0] && given === last) return { slip: "all_steps" };
  if (only && both && 2 * given === last) return { slip: "two_directions", units: given };
  if (only && given === 2 * last) return { slip: both ? "one_direction" : /\bLSTM\b/.test(code) ? "cell_joined" : "doubled" };
  if (only && last === 4 * given) return { slip: "blocks", count: 4, units: given };
  if (only && last === 3 * given) return { slip: "blocks", count: 3, units: given };
  const other = others.find((one) => same(one.shape, guess));
  if (other) return { slip: "other", name: other.name };
  if (shape.length === 3 && same([shape[0], last, shape[1]], guess)) return { slip: "exchanged" };
  if (only && given === features) return { slip: "features", features };
  if (only && given === steps) return { slip: "steps", steps };
  if (shape.length !== guess.length) return { slip: "axes", given: guess.length, right: shape.length };
  const axis = shape.findIndex((length, k) => length !== guess[k]);
  return { slip: "axis", axis: axis + 1, given: guess[axis], right: shape[axis] };
}
