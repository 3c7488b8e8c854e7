// Guess first: what slip a guess comes from. A slip is a key of the words, which say it in a sentence.
import { STATES } from "../core.js";
import { format } from "../parse.js";
import { judge } from "../predict/shapes.js";

/**
 * The slip that leads from the shape of a returned tensor to a guessed one.
 *
 * @param {object} result from compute
 * @param {number} index of the tensor
 * @param {number[]} guess
 * @returns {{slip: string, [place: string]: string|number}} as judge of predict/shapes.js
 */
export function judgeShape({ state, full, inputs, outputs }, index, guess) {
  const { name, shape } = outputs[index];
  const last = full.at(-1);
  const width = shape.at(-1);
  const given = guess.at(-1);
  const only = `${shape.slice(0, -1)}` === `${guess.slice(0, -1)}`; // nothing but the last axis is wrong
  if (last.bidirectional && name === "y") {
    const joined = width > last.units;
    if (only && given === 2 * width) return { slip: !joined ? "merged" : last.type === "LSTM" ? "cell_joined" : "doubled" };
    if (joined && shape.length === 3 && `${guess}` === `${[shape[0], width]}`) return { slip: "summary" };
  }
  const others = outputs.filter((_, k) => k !== index);
  return judge(shape, guess, { code: format(state.layers.at(-1)), input: inputs.at(-1), others });
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
