// Runs live/parse.js and live/address.js on the texts of test_parse.py and prints what they answer.
// node texts.mjs texts.json folder-of-the-modules
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [, , textsFile, folder] = process.argv;
const load = (name) => import(pathToFileURL(join(folder, name)));
const { ParseError, format, parse } = await load("parse.js");
const { complete } = await load("core.js");
const whole = (state) => ({
  ...state,
  layers: state.layers.map(complete),
  kept: state.kept && state.kept.map(complete),
});
const { read, write } = await load("address.js");
const { texts, limits, left, layers, states, addresses } = JSON.parse(readFileSync(textsFile, "utf8"));

function answer(text) {
  try {
    const { layers: found, ...more } = parse(text);
    return { layers: found, written: found.map(format).join(" | "), ...more };
  } catch (error) {
    if (!(error instanceof ParseError)) return { broken: error.stack };
    const { code, value, argument, keras, from, to, line, column } = error;
    return { refused: code, value, argument, keras, from, to, line, column };
  }
}

const attempt = (act) => {
  try {
    return act();
  } catch (error) {
    return { message: error.message };
  }
};

console.log(
  JSON.stringify({
    texts: texts.map(answer),
    limits: limits.map(answer),
    left: left.map(answer),
    // a layer -> its line -> a layer, each with its defaults filled in
    layers: layers.map((stack) => {
      const text = format(stack.length === 1 ? stack[0] : stack);
      return { text, before: stack.map(complete), after: attempt(() => parse(text).layers.map(complete)) };
    }),
    states: states.map((state) => {
      const address = write(state);
      const again = read(address);
      return {
        address,
        again: again && whole(again.state),
        before: whole(state),
        refused: again.refused,
        twice: write(again.state),
      };
    }),
    addresses: addresses.map((address) =>
      attempt(() => {
        const found = read(address);
        return found && { ...found, written: found.state && found.state.layers.map(format).join(" | ") };
      }),
    ),
  }),
);
