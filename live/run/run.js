// Run and Edit at the code cells of a page. Nothing of Python is loaded before the first press.
const data = JSON.parse(document.getElementById("run-data").textContent);
const words = data.words;
const ABLE = ["same", "silent", "near", "draws", "other"]; // the outcomes of a cell that runs: builder/python/cells.py
const codes = [...document.querySelectorAll("article div.cell")];

const style = document.createElement("link");
style.rel = "stylesheet";
style.href = new URL(data.style, document.baseURI);
// Without it the buttons would take room, and give it back.
await new Promise((done) => {
  style.onload = style.onerror = done;
  document.head.append(style);
});

/** A sentence with its values filled in. */
const sentence = (name, values = {}) => words[name].replaceAll(/\{(\w+)\}/g, (_, key) => values[key]);

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

const button = (text, press, className = "") => {
  const made = element("button", { type: "button", className, textContent: text });
  made.addEventListener("click", press);
  return made;
};

// Screen readers hear what goes on from one place.
const heard = element("p", { className: "run-heard", role: "status" });
document.querySelector("article").append(heard);

let session; // comes, with the program that has it, at the first press
let busy = null; // the cell that runs

const python = () =>
  (session ??= import("./session.js").then(
    ({ Session }) =>
      new Session(
        { base: new URL(data.base, document.baseURI).href, worker: new URL(data.worker, document.baseURI), bundle: data.bundle },
        (state, values) => busy?.tell(state, values),
      ),
    (error) => {
      session = null;
      throw error;
    },
  ));

class Cell {
  constructor(place, [outcome, exercise]) {
    Object.assign(this, { place, outcome, exercise });
    this.input = place.querySelector(".cell_input");
    this.code = this.input.querySelector("pre");
    this.book = this.code.textContent.replace(/\n$/, "");
    this.tools = element("div", { className: "run-tools" });
    this.input.append(this.tools);
    this.runButton = button(words.run, () => this.run(), "run-run");
    this.runButton.hidden = !this.whole; // until its reader has changed it
    this.editButton = button(words.edit, () => this.edit());
    this.tools.append(this.runButton, this.editButton);
    if (exercise) this.tools.classList.add("run-exercise");
  }

  get recorded() {
    return this.place.querySelector(".cell_output");
  }

  get source() {
    return this.editor ? this.editor.value : this.book;
  }

  get whole() {
    return ABLE.includes(this.outcome);
  }

  /** Where the state and the new output of the cell stand. */
  get panel() {
    if (!this.made) {
      this.state = element("p", { className: "run-state" });
      this.progress = element("progress", { max: 1, hidden: true });
      this.notes = element("div", { className: "run-notes" });
      this.text = element("pre", { hidden: true, tabIndex: -1 });
      this.made = element("div", { className: "run-panel" }, this.state, this.progress, this.text, this.notes);
      const line = this.input.nextElementSibling; // what the page says of the cell beforehand
      (line?.matches(".run-line") ? line : this.input).after(this.made);
    }
    return this.made;
  }

  show(text, spoken = text) {
    this.panel.hidden = false;
    this.state.textContent = text;
    heard.textContent = spoken;
  }

  /** What the session says. */
  tell(state, values) {
    const text = sentence(state, values);
    this.progress.hidden = state !== "loading";
    if (state === "loading") {
      this.progress.value = values.done / values.all;
      this.panel.hidden = false;
      this.state.textContent = text;
      if (!this.told) heard.textContent = text; // once: numbers that run on would drown everything else
      this.told = true;
    } else if (state === "setup" && values.done > 1) this.state.textContent = text;
    else this.show(text);
  }

  // -- the editor --------------------------------------------------------------------------------------------------------

  edit() {
    if (!this.editor) {
      const help = element("p", { className: "run-keys", id: `run-keys-${cells.indexOf(this)}`, textContent: words.keys });
      this.editor = element("textarea", {
        className: "run-editor", value: this.book, spellcheck: false, autocapitalize: "off", ariaLabel: words.label,
      });
      this.editor.setAttribute("autocorrect", "off");
      this.editor.setAttribute("aria-describedby", help.id);
      this.editor.translate = false;
      this.editor.addEventListener("input", () => this.changed());
      this.editor.addEventListener("keydown", (event) => this.key(event));
      this.coloured = element("div", { className: "run-colours", ariaHidden: "true" });
      const stack = element("div", { className: "run-code" }, this.editor, this.coloured);
      this.drawer = element("div", { className: "run-edit" }, stack, help);
      this.code.hidden = true;
      this.code.after(this.drawer);
      this.colour();
    }
    this.editButton.hidden = true;
    this.runButton.hidden = busy === this;
    for (let fold = this.input; (fold = fold.closest("details:not([open])")); ) fold.open = true;
    this.editor.focus();
    if (this.exercise && this.source === this.book) {
      const start = this.book.indexOf("...");
      if (start >= 0) this.editor.setSelectionRange(start, start + 3);
    }
  }

  /** The text once more, below which the editor's own is not seen; it also makes room for every line. */
  async colour() {
    this.coloured.textContent = `${this.source}\n`;
    const { pieces } = await import("./colours.js");
    const spans = pieces(this.source).map(([className, textContent]) => element("span", { className, textContent }));
    this.coloured.replaceChildren(...spans, "\n");
  }

  changed() {
    this.colour();
    this.code.textContent = `${this.source}\n`; // what the copy button copies
    if (this.source !== this.book) this.backCode ??= this.addTool(words.back_code, () => this.resetCode());
    else this.resetCode();
  }

  /** Write a change that the text suggests, `name = value`, in place of the line of that name, and show it. */
  change(text) {
    const begin = text.slice(0, text.indexOf(" = ") + 3);
    const find = () => this.source.split("\n").findIndex((line) => line.trim().startsWith(begin));
    if (find() < 0) this.resetCode(); // the reader has taken the line away
    this.edit();
    const lines = this.source.split("\n");
    const number = find();
    const start = lines.slice(0, number).join("\n").length + (number && 1) + lines[number].match(/^ */)[0].length;
    this.editor.setSelectionRange(start, start + lines[number].trimStart().length);
    if (lines[number].trim() !== text) insert(text);
    this.editor.setSelectionRange(start, start + text.length);
    this.place.scrollIntoView({ block: "center" });
    if (!this.whole) this.show(words.copy);
  }

  key(event) {
    const editor = this.editor;
    if (event.key === "Enter" && (event.shiftKey || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.run();
    } else if (event.key === "Escape") this.leaving = true;
    else if (event.key === "Tab" && !this.leaving && !event.ctrlKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      const begin = editor.value.lastIndexOf("\n", editor.selectionStart - 1) + 1;
      if (!event.shiftKey) insert("    ");
      else if (editor.value.startsWith("    ", begin)) {
        const { selectionStart: from, selectionEnd: to } = editor;
        editor.setRangeText("", begin, begin + 4, "preserve");
        editor.setSelectionRange(Math.max(begin, from - 4), Math.max(begin, to - 4));
        this.changed();
      }
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      const line = editor.value.slice(editor.value.lastIndexOf("\n", editor.selectionStart - 1) + 1, editor.selectionStart);
      insert(`\n${line.match(/^ */)[0]}${/:\s*(#.*)?$/.test(line) ? "    " : ""}`);
    } else if (event.key !== "Shift") this.leaving = false;
  }

  resetCode() {
    this.backCode?.remove();
    this.backCode = null;
    if (this.source === this.book) return;
    this.editor.value = this.book;
    this.changed();
    this.editor.focus();
  }

  addTool(text, press) {
    const made = button(text, press);
    this.tools.append(made);
    return made;
  }

  // -- running -----------------------------------------------------------------------------------------------------------

  async run() {
    if (busy) return busy.stopButton?.focus();
    busy = this;
    this.runButton.hidden = true;
    this.stopButton = button(words.stop, () => this.stop(), "run-stop");
    this.tools.prepend(this.stopButton);
    const focused = document.activeElement === document.body || document.activeElement === this.runButton;
    if (focused) this.stopButton.focus({ preventScroll: true });
    this.panel.classList.remove("run-error");
    this.panel.classList.add("run-busy");
    this.notes.replaceChildren();
    this.text.textContent = "";
    this.told = false;
    this.show(words.starting);
    let text = "";
    const print = (more) => {
      text += more;
      this.text.hidden = false;
      this.text.textContent = text;
    };
    try {
      const one = await python();
      this.finish(await one.run(cells.indexOf(this), cells, print), text);
    } catch (trouble) {
      this.panel.classList.add("run-error");
      this.show(sentence(trouble.kind in words ? trouble.kind : "server", { error: trouble.error ?? trouble.message }));
      if (trouble.kind !== "stopped") this.notes.append(...elsewhere());
    } finally {
      this.progress.hidden = true;
      this.panel.classList.remove("run-busy");
      const back = document.activeElement === this.stopButton;
      this.stopButton.remove();
      this.stopButton = null;
      this.runButton.hidden = false;
      if (back) this.runButton.focus({ preventScroll: true });
      busy = null;
    }
  }

  /** Whatever it is that goes on: while the program of the session is coming, as soon as it is there. */
  stop() {
    python().then((one) => one.stop(), () => {});
  }

  finish({ error, kind, line, above, dropped, draws }, text) {
    const notes = [];
    if (above) notes.push(sentence("above", { error: above.split("\n")[0] }));
    if (dropped) notes.push(sentence("dropped", { count: dropped.toLocaleString(document.documentElement.lang) }));
    if (draws && this.outcome !== "draws") notes.push(words.draws);
    if (["near", "other"].includes(this.outcome) && this.source === this.book) notes.push(words[this.outcome]);
    this.notes.append(...notes.map((note) => element("p", { textContent: note })));
    this.text.hidden = !text;
    this.text.textContent = text.replace(/\n+$/, "");
    if (error) {
      this.panel.classList.add("run-error");
      const name = kind === "error" ? (line ? "error" : "error_whole") : kind;
      this.show(sentence(name, { line, error }));
      if (this.whole && (kind === "training" || kind === "absent")) this.notes.append(...elsewhere());
    } else {
      const said = this.source === this.book ? words.new : `${words.new} · ${words.changed}`;
      this.show(text ? said : words.nothing, text ? `${words.done} ${text.length < 300 ? text : ""}` : words.nothing);
      // whoever asks what the cell prints (live/predict/) has its answer now
      if (this.source === this.book) this.place.dispatchEvent(new Event("answered"));
    }
    // what the page recorded makes room for what it printed now; a figure stays
    if (this.recorded && !draws) this.recorded.hidden = true;
    if (this.recorded) this.backOutput ??= this.addTool(words.back_output, () => this.resetOutput());
  }

  resetOutput() {
    this.made.remove();
    this.made = null;
    this.backOutput.remove();
    this.backOutput = null;
    this.recorded.hidden = false;
    this.runButton.focus({ preventScroll: true });
  }
}

/** Type text into the editor that has the focus, so that the browser can take it back. */
function insert(text) {
  // the only way that leaves Undo whole
  if (document.execCommand("insertText", false, text)) return;
  const editor = document.activeElement;
  editor.setRangeText(text, editor.selectionStart, editor.selectionEnd, "end");
  editor.dispatchEvent(new Event("input"));
}

/** Where the whole chapter runs. */
function elsewhere() {
  const link = (address, text) => element("a", { href: address, textContent: text });
  return [
    ...(data.colab ? [link(data.colab, words.colab)] : []),
    Object.assign(link(data.download, words.download), { download: "" }),
  ];
}

const cells = codes.map((place, number) => new Cell(place, data.cells[number]));

// What the text suggests to change has a button below its paragraph that does it; the text itself names the change as code.
const suggested = [...document.querySelectorAll("article p")]
  .filter((paragraph) => paragraph.firstElementChild?.matches("strong") && paragraph.textContent.startsWith(words.lead))
  .flatMap((paragraph) => [...paragraph.querySelectorAll(":scope > code")]);
const rows = new Map();
for (const [text, number] of data.changes) {
  const paragraph = suggested.splice(0, suggested.findIndex((one) => one.textContent === text) + 1).at(-1).parentElement;
  if (!rows.has(paragraph)) rows.set(paragraph, element("p", { className: "run-changes" }));
  rows.get(paragraph).append(button(sentence("put", { name: text.split(" = ")[0] }), () => cells[number].change(text)));
}
for (const [paragraph, row] of rows) paragraph.after(row);
