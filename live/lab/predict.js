// Guess first: what slip a guess comes from. A slip is a key of the words, which say it in a sentence.
import { STATES } from "../core.js";

/** Slips that lead from the shape of y to a wrong one; each is null where it cannot happen. */
function slips({ full, inputs, state }) {
  const last = full.at(-1);
  const features = inputs.at(-1).at(-1);
  const mode = last.bidirectional ? last.bidirectional.merge_mode : undefined;
  const end = (shape, length) => [...shape.slice(0, -1), length];
  return {
    last_only: (shape) => last.return_sequences && shape.length === 3 && [shape[0], shape[2]],
    all_steps: (shape) => !last.return_sequences && shape.length === 2 && [shape[0], state.time, shape[1]],
    two_directions: (shape) => mode === "concat" && end(shape, last.units),
    merged: (shape) => last.bidirectional && mode !== "concat" && end(shape, 2 * last.units),
    features: (shape) => end(shape, features),
    exchanged: (shape) => shape.length === 3 && [shape[0], shape[2], shape[1]],
    steps_for_units: (shape) => end(shape, state.time),
    batch: (shape) => shape.length > 1 && shape.slice(1),
  };
}

const same = (a, b) => a.length === b.length && a.every((length, k) => length === b[k]);

/**
 * Which slips, at most two, lead to a guessed shape.
 *
 * @param {object} result from compute
 * @param {number[]} guess
 * @returns {?string[]} none: it is right; null: no slip is known that leads there
 */
export function judgeShape(result, guess) {
  const [{ shape }] = result.outputs;
  if (same(shape, guess)) return [];
  const known = Object.entries(slips(result));
  let reached = [[[], shape]];
  for (let depth = 0; depth < 2; depth++) {
    reached = reached.flatMap(([names, from]) =>
      known
        .filter(([name]) => !names.includes(name))
        .map(([name, slip]) => [[...names, name], slip(from)])
        .filter(([, to]) => to && !same(to, from)),
    );
    const found = reached.find(([, to]) => same(to, guess));
    if (found) return found[0];
  }
  return null;
}

/** Which slip leads to a guessed number of tensors: "" when it is right, null when none is known. */
export function judgeCount({ full, outputs }, guess) {
  const last = full.at(-1);
  if (guess === outputs.length) return "";
  const ways = last.bidirectional ? 2 : 1;
  const sequences = last.bidirectional?.merge_mode === null ? 2 : 1;
  if (!last.return_state) return guess > outputs.length ? "states_not_asked" : sequences === 2 ? "two_outputs" : null;
  if (guess === sequences) return "states_forgotten";
  if (sequences === 2 && guess === outputs.length - 1) return "two_outputs";
  if (ways === 2 && guess === sequences + STATES[last.type].length) return "directions_forgotten";
  if (last.type === "LSTM" && guess === sequences + ways) return "c_forgotten";
  if (guess === outputs.length - sequences) return "y_forgotten";
  return null;
}
