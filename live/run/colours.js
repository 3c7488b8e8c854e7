// Python as the pages colour it: into pieces, each with the class that Pygments gives it there. It has no DOM.

const list = (words) => new Set(words.split(" "));
const WORDS = {
  k: list("as assert async await break class continue def del elif else except finally for global if lambda nonlocal pass raise return try while with yield"),
  kn: list("from import"),
  kc: list("False None True"),
  ow: list("and in is not or"),
  bp: list("self cls NotImplemented Ellipsis"),
  nb: list(
    "abs all any bin bool bytearray bytes callable chr compile complex dict dir divmod enumerate eval filter float format frozenset " +
      "getattr globals hasattr hash hex id input int isinstance issubclass iter len list locals map max min next object oct open ord " +
      "pow print property range repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip",
  ),
};
const EXCEPTION = /^([A-Z]\w*)?(Error|Exception|Exit|Interrupt|Iteration|Warning)$/;

const MAGIC = /^__(?!class|dict|doc|file|module|name)\w+__$/;

const PIECES = new RegExp(
  [
    String.raw`(?<c1>#.*)`,
    String.raw`(?<s2>[rbfu]{0,2}(?:"""[^]*?(?:"""|(?![^]))|'''[^]*?(?:'''|(?![^]))|"(?:\\[^]|[^"\\\n])*"?|'(?:\\[^]|[^'\\\n])*'?))`,
    String.raw`(?<mf>(?:\d|\.\d)[\w.]*(?:(?<=[eE])[-+]\d+)?)`,
    String.raw`(?<=^[ \t]*)(?<nd>@\w+)`,
    String.raw`(?<n>[\p{L}_][\p{L}\p{N}_]*)`,
    String.raw`(?<o>[-+*/%=<>!&|^~@.]+)`,
    String.raw`(?<w>\s+)`,
    String.raw`(?<p>[^])`,
  ].join("|"),
  "gimu",
);
// In an f-string: what stands between { and the end of an expression.
const EXPRESSION = /(?<=(?<!\{)(?:\{\{)*\{)(?!\{)(?:[^{}:![\]]|\[[^\]]*\]|!=)+/g;

/** Cut source into [class, text]. */
export function pieces(source) {
  const found = [];
  let before = ""; // the name or keyword before
  let line = ""; // the word that a line of imports goes on with
  for (const { 0: text, groups, index } of source.matchAll(PIECES)) {
    let [kind] = Object.entries(groups).find(([, part]) => part !== undefined);
    if (text.includes("\n")) line = "";
    if (kind === "s2" && /^[rb]?f/i.test(text)) {
      found.push(...interpolated(text));
      continue;
    }
    if (kind === "n") {
      if (source[index - 1] !== ".") kind = Object.keys(WORDS).find((name) => WORDS[name].has(text)) ?? (EXCEPTION.test(text) ? "ne" : "n");
      if (kind === "kn") line = text === "import" && line === "from" ? "" : text;
      else if (kind !== "k" && line) kind = "nn";
      else if (before === "def") kind = "nf";
      else if (before === "class") kind = "nc";
      else if (MAGIC.test(text)) kind = "fm";
      before = text;
    } else if (text === "." && line) kind = "nn";
    else if (text.trim()) before = "";
    found.push([kind, text]);
  }
  return found;
}

function interpolated(text) {
  const found = [];
  let end = 0;
  for (const { 0: expression, index } of text.matchAll(EXPRESSION)) {
    found.push(["s2", text.slice(end, index)], ...pieces(expression));
    end = index + expression.length;
  }
  return [...found, ["s2", text.slice(end)]];
}
