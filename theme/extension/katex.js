// KaTeX for formulas.py: a line of JSON, [formula, whether it stands apart], for each formula; its HTML as the answer.
//
// A formula that KaTeX does not understand has the answer that a browser would show, in red, and what is wrong with it.
const katex = require(process.argv[2]);

function render(formula, displayMode) {
  try {
    return { html: katex.renderToString(formula, { displayMode }) };
  } catch (error) {
    if (!(error instanceof katex.ParseError)) throw error;
    const html = katex.renderToString(formula, { displayMode, throwOnError: false });
    return { html, problem: error.rawMessage };
  }
}

const lines = require("readline").createInterface({ input: process.stdin });
lines.on("line", (line) => console.log(JSON.stringify(render(...JSON.parse(line)))));
