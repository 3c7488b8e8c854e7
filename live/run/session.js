// A session: the one Python of a page, its worker, and which cells it has run. It has no DOM.

/** Something that keeps Python from answering; `kind` names the sentence that says so. */
export class Trouble extends Error {
  constructor(kind, error = "") {
    super(error || kind);
    this.kind = kind;
    this.error = error;
  }
}

export class Session {
  /**
   * @param {{base: string, bundle: object, worker: string}} data where the bundle and the worker are
   * @param {(state: string, values: object) => void} say is told what is going on
   */
  constructor(data, say) {
    this.data = data;
    this.say = say;
    this.done = new Set(); // the numbers of the cells that have run
  }

  /** Start the worker, unless it is there. */
  start() {
    this.ready ??= new Promise((resolve, reject) => {
      if (location.protocol === "file:") return reject(new Trouble("file"));
      if (!("DecompressionStream" in window && "WebAssembly" in window)) return reject(new Trouble("old"));
      this.fail = reject;
      try {
        this.worker = new Worker(this.data.worker, { type: "module" });
      } catch {
        return this.end(new Trouble("old")); // some browsers without modules in workers say so here
      }
      const worker = this.worker;
      let begun = false; // the program of the worker has been loaded
      worker.onerror = async (event) => {
        event.preventDefault();
        const trouble = begun ? new Trouble("crashed", event.message) : await this.unloaded();
        if (worker === this.worker) this.end(trouble); // else the reader has stopped it meanwhile
      };
      worker.onmessage = ({ data }) => {
        begun = true;
        if (data.loading) this.say("loading", { done: megabytes(data.loading), all: megabytes(this.data.bundle.bytes) });
        else if (data.state === "ready") resolve();
        else if (data.state) this.say(data.state);
        else if (data.failed) this.end(new Trouble(data.failed, data.error));
        else if (data.text) this.print?.(data.text);
        else if (data.outcome) this.answer(data.outcome);
      };
      this.worker.postMessage({ base: this.data.base, bundle: this.data.bundle });
    });
    return this.ready;
  }

  /** Why the program of the worker could not be loaded; the browser does not say it. */
  async unloaded() {
    try {
      const answer = await fetch(this.data.worker, { cache: "no-store" });
      return answer.ok ? new Trouble("old") : new Trouble("server", `${answer.status} worker.js`);
    } catch {
      return new Trouble("network");
    }
  }

  /** End the worker; whoever waits for it is told why. */
  end(trouble) {
    this.worker?.terminate();
    this.worker = this.ready = null;
    this.done.clear();
    this.fail?.(trouble);
    this.refuse?.(trouble);
    this.fail = this.refuse = null;
  }

  stop() {
    this.end(new Trouble("stopped"));
  }

  /** Run code; `print` gets what it prints, piece by piece. */
  execute(source, print) {
    return new Promise((resolve, reject) => {
      this.refuse = reject;
      this.print = print;
      this.answer = resolve;
      this.worker.postMessage({ source, quiet: !print });
    });
  }

  /**
   * Run a cell, and before it those above that have not run.
   * @param {number} number of the cell
   * @param {{source: string, outcome: string}[]} cells all of them, as they stand now
   * @returns what came of it, and in `above` the error of a cell above that should have run
   */
  async run(number, cells, print) {
    await this.start();
    const waiting = cells.slice(0, number).map((cell, place) => [place, cell]);
    const before = waiting.filter(([place, cell]) => !this.done.has(place) && !cell.exercise);
    let above = "";
    for (const [count, [place, cell]] of before.entries()) {
      this.say("setup", { done: count + 1, all: before.length });
      const { error } = await this.execute(cell.source);
      this.done.add(place);
      if (error && cell.whole) above ||= error;
    }
    this.say("running");
    const outcome = await this.execute(cells[number].source, print);
    this.done.add(number);
    return { ...outcome, above };
  }
}

const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
