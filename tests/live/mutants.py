"""Slips that the proof of ``live/core.js`` has to notice: (what goes wrong, text in the source, what takes its place).

Each text stands in the source exactly once; test_core.py puts in one change at a time.
"""

MUTANTS = [
    # gates and candidates
    ("LSTM: labels of input and forget gate exchanged", 'LSTM: ["i", "f", "g", "o"]', 'LSTM: ["f", "i", "g", "o"]'),
    ("LSTM: labels of candidate and output gate exchanged", 'LSTM: ["i", "f", "g", "o"]', 'LSTM: ["i", "f", "o", "g"]'),
    ("GRU: labels of update and reset gate exchanged", 'GRU: ["z", "r", "g"]', 'GRU: ["r", "z", "g"]'),
    ("GRU: candidate first, as other books order it", 'GRU: ["z", "r", "g"]', 'GRU: ["g", "z", "r"]'),
    (
        "GRU: update gate inverted",
        "kept = multiply(z, h);\n  const written = multiply(z.map((one) => 1 - one), g.value);",
        "kept = multiply(z.map((one) => 1 - one), h);\n  const written = multiply(z, g.value);",
    ),
    ("GRU: reset before for after", "if (full.reset_after) {\n    g.reset", "if (!full.reset_after) {\n    g.reset"),
    (
        "GRU: second bias outside the reset gate",
        "g.reset = multiply(parts.r.value, add(g.hU, g.d));\n    g.z = add(g.xW, g.b, g.reset);",
        "g.reset = multiply(parts.r.value, g.hU);\n    g.z = add(g.xW, g.b, g.reset, g.d);",
    ),
    ("GRU: candidate without reset gate", "g.reset = multiply(parts.r.value, h);", "g.reset = h;"),
    ("GRU: one row of the bias for both", "(two ? bias[which] : bias)", "(two ? bias[0] : bias)"),
    (
        "sigmoid for tanh in the candidate of LSTM",
        "g.value = act(g.z);\n    const kept",
        "g.value = gate(g.z);\n    const kept",
    ),
    ("tanh for sigmoid in the gates", "part.value = gate(part.z)", "part.value = act(part.z)"),
    (
        "LSTM: c handed out without tanh",
        "h: multiply(parts.o.value, squashed), c",
        "h: multiply(parts.o.value, after), c",
    ),
    ("LSTM: tanh(c) kept as c", "c: after, tanh_c: squashed", "c: squashed, tanh_c: squashed"),
    ("LSTM: c in the place of tanh(c)", "c: after, tanh_c: squashed", "c: after, tanh_c: after"),
    (
        "LSTM: input and forget gate exchanged",
        "kept = multiply(parts.f.value, c);\n    const written = multiply(parts.i.value, g.value);",
        "kept = multiply(parts.i.value, c);\n    const written = multiply(parts.f.value, g.value);",
    ),
    (
        "LSTM: peephole, the output gate looks at c",
        "const after = add(kept, written);",
        "const after = add(kept, written);\n    parts.o.value = gate(add(parts.o.z, after));",
    ),
    ("bias forgotten", "part.z = add(part.xW, part.b, part.hU, part.d);", "part.z = add(part.xW, part.hU, part.d);"),
    (
        "state before forgotten",
        "part.z = add(part.xW, part.b, part.hU, part.d);",
        "part.z = add(part.xW, part.b, part.d);",
    ),
    ("weights transposed", "x * matrix[k][j]", "x * (matrix[j] ?? matrix[k])[k]"),
    # time, states, mask
    (
        "off by one in time",
        "const step = backwards ? time - 1 - position : position;",
        "const step = backwards ? time - 1 - position : (position + 1) % time;",
    ),
    ("go_backwards ignored", "backwards: full.go_backwards }]", "backwards: false }]"),
    (
        "the backward layer reads forward",
        'prefix: "backward_", backwards: true',
        'prefix: "backward_", backwards: false',
    ),
    (
        "forward and backward exchanged",
        'prefix: "forward_", backwards: false },\n        { direction: "backward", prefix: "backward_", backwards: true }',
        'prefix: "forward_", backwards: true },\n        { direction: "backward", prefix: "backward_", backwards: false }',
    ),
    (
        "backward half not turned back",
        "full.bidirectional && k === 1 ? [...steps].reverse()",
        "full.bidirectional && k === 2 ? [...steps].reverse()",
    ),
    (
        "go_backwards turned back too",
        "full.bidirectional && k === 1 ? [...steps].reverse()",
        "(full.go_backwards || k === 1) ? [...steps].reverse()",
    ),
    ("state not carried on", "    before = after;\n", "    before = initial;\n"),
    (
        "c not carried on",
        "    before = after;\n",
        "    before = full.type === 'LSTM' ? { ...after, c: initial.c } : after;\n",
    ),
    ("initial state ignored", "let states = initial === null ?", "let states = true ?"),
    ("initial states exchanged", "[name, states[k]])", "[name, states[names.length - 1 - k]])"),
    (
        "initial states of the directions exchanged",
        "return [null, null];\n  const cut = (data) => [data.slice(0, data.length >> 1), data.slice(data.length >> 1)];",
        "return [null, null];\n  const cut = (data) => [data.slice(data.length >> 1), data.slice(0, data.length >> 1)];",
    ),
    (
        "mask ignored",
        "const read = x.map((_, row) => (mask ? mask[row][step] : true));",
        "const read = x.map(() => true);",
    ),
    ("mask inverted", "(mask ? mask[row][step] : true)", "(mask ? !mask[row][step] : true)"),
    ("mask read in the order of reading", "(mask ? mask[row][step] : true)", "(mask ? mask[row][position] : true)"),
    ("mask of the first row for all", "(mask ? mask[row][step] : true)", "(mask ? mask[0][step] : true)"),
    ("state moves on at masked steps", "(yes ? computed : before)[name][row]", "computed[name][row]"),
    ("Bidirectional: no zeros at masked steps", "full.zero_output_for_mask = full.return_sequences;", ""),
    (
        "Bidirectional: zeros also without return_sequences",
        "full.zero_output_for_mask = full.return_sequences;",
        "full.zero_output_for_mask = true;",
    ),
    (
        "zero_output_for_mask ignored",
        "full.zero_output_for_mask ? output[row].map(() => 0) : output[row]",
        "output[row]",
    ),
    (
        "output before the first read step is the initial state",
        "let output = x.map(() => new Array(full.units).fill(0));",
        "let output = initial.h;",
    ),
    # what is handed back
    (
        "h where c belongs",
        "data.push(...STATES[full.type].map((name) => after[name]))",
        "data.push(...STATES[full.type].map(() => after.h))",
    ),
    (
        "c before h",
        'export const STATES = { SimpleRNN: ["h"], LSTM: ["h", "c"]',
        'export const STATES = { SimpleRNN: ["h"], LSTM: ["c", "h"]',
    ),
    (
        "states of backward in the forward place",
        "for (const { after } of ends) data",
        "for (const { after } of [...ends].reverse()) data",
    ),
    ("states before y", "data.push(...STATES[full.type]", "data.unshift(...STATES[full.type]"),
    (
        "states as the cell computed them, mask or not",
        "for (const { after } of ends) data.push(...STATES[full.type].map((name) => after[name]))",
        "for (const { computed } of ends) data.push(...STATES[full.type].map((name) => computed[name]))",
    ),
    (
        "forward joined with forward",
        "const [forward, backward] = results;",
        "const [forward, backward] = [results[0], results[0]];",
    ),
    ("backward joined before forward", "data.push(join(forward, backward));", "data.push(join(backward, forward));"),
    ("merge mul for ave", "ave: (a, b) => add(a, b).map((x) => x / 2)", "ave: multiply"),
    ("merge sum for ave", "ave: (a, b) => add(a, b).map((x) => x / 2)", "ave: (a, b) => add(a, b)"),
    (
        "last step of y for the summary",
        "ends.map(({ output }) => output);",
        "sequences.map((rows) => rows.map((row) => row.at(-1)));",
    ),
    ("one y for merge_mode None", '(mode === null ? ["forward_y", "backward_y"] : ["y"])', '["y"]'),
    (
        "names of the states exchanged",
        "results.push({ name: prefix + state",
        'results.push({ name: (prefix === "forward_" ? "backward_" : "forward_") + state',
    ),
    ("width of concat forgotten", 'mode === "concat" ? 2 * full.units : full.units', "full.units"),
    (
        "time axis dropped from the shape",
        "full.return_sequences ? [batch, time, width] : [batch, width]",
        "[batch, width]",
    ),
    # counting, first weights
    (
        "countParams: recurrent weights without gates",
        "return sum(weightShapes(layer, features).map(({ shape }) =>",
        "return sum(weightShapes(layer, features).map(({ shape: [a, b = 1], name }) => "
        "name === 'recurrent_kernel' ? [a, a] : [a, b]).map((shape) =>",
    ),
    (
        "countParams: bias forgotten",
        "return sum(weightShapes(layer, features).map(",
        "return sum(weightShapes(layer, features).filter(({ name }) => name !== 'bias').map(",
    ),
    (
        "countParams: one direction only",
        "return sum(weightShapes(layer, features).map(",
        "return sum(weightShapes(layer, features).slice(0, 3).map(",
    ),
    ("countParams: one bias for two", "two ? [2, columns] : [columns]", "[columns]"),
    (
        "unit_forget_bias ignored",
        'full.type === "LSTM" && full.unit_forget_bias ? blocks[1]',
        'full.type === "none" ? blocks[1]',
    ),
    ("unit_forget_bias at the input gate", "full.unit_forget_bias ? blocks[1]", "full.unit_forget_bias ? blocks[0]"),
    ("unit_forget_bias always", 'full.type === "LSTM" && full.unit_forget_bias ?', 'full.type === "LSTM" ?'),
    ("recurrent_kernel not orthogonal", "row.map((x, k) => x - along * other[k])", "row"),
    # trace
    (
        "LSTM: c told as what is kept of it",
        "return { parts, kept, written, h: mul",
        "return { parts, kept: c, written, h: mul",
    ),
    (
        "LSTM: candidate told as what is written",
        "return { parts, kept, written, h: mul",
        "return { parts, kept, written: g.value, h: mul",
    ),
    (
        "GRU: h told as what is kept of it",
        "return { parts, kept, written, h: add",
        "return { parts, kept: h, written, h: add",
    ),
    (
        "GRU: candidate told as what is written",
        "return { parts, kept, written, h: add",
        "return { parts, kept, written: g.value, h: add",
    ),
    (
        "trace: products exchanged in what is told",
        "record[name] = rows.map((result) => result[name]);",
        'record[name] = rows.map((result) => result[{ kept: "written", written: "kept" }[name] ?? name]);',
    ),
    (
        "trace: kernels exchanged in what is told",
        "weights: { kernel, recurrent_kernel, bias }",
        "weights: { kernel: recurrent_kernel, recurrent_kernel: kernel, bias }",
    ),
    (
        "trace: last state told as the first",
        "return { direction, initial, steps };",
        "return { direction, initial: before, steps };",
    ),
    (
        "weightShapes: all weights told as forward",
        "return directionsOf(full).flatMap(({ direction }) => {\n    const weights",
        'return directionsOf(full).flatMap(() => {\n    const direction = "forward";\n    const weights',
    ),
    (
        "weightShapes: blocks of the bias told without the second half",
        "shape: two ? [2, columns] : [columns], blocks }",
        "shape: two ? [2, columns] : [columns], blocks: blocks.slice(0, 1) }",
    ),
    (
        "trace: xW and hU exchanged",
        "const part = { xW: times(x, kernel, block), b: row(0, block) ?? null, hU, d",
        "const part = { hU: times(x, kernel, block), b: row(0, block) ?? null, xW: hU, d",
    ),
    (
        "trace: gates exchanged in what is told",
        "[gate, rows.map((result) => result.parts[gate])]",
        '[gate, rows.map((result) => result.parts[{ i: "f", f: "i" }[gate] ?? gate])]',
    ),
    (
        "trace: update and reset gate exchanged in what is told",
        "[gate, rows.map((result) => result.parts[gate])]",
        '[gate, rows.map((result) => result.parts[{ z: "r", r: "z" }[gate] ?? gate])]',
    ),
    (
        "trace: state after told as before",
        "x: inputs, before, parts",
        "x: inputs, before: after, parts",
    ),
    (
        "trace: what was computed told as what was kept",
        "before, parts, computed, after, output",
        "before, parts, computed, after: computed, output",
    ),
    (
        "trace: rows of the bias exchanged",
        "b: row(0, block) ?? null, hU, d: two ? (row(1, block)",
        "b: row(two ? 1 : 0, block) ?? null, hU, d: two ? (row(0, block)",
    ),
    # defaults, activations
    ("default of reset_after", "reset_after: true,", "reset_after: false,"),
    ("default of return_sequences", "return_sequences: false,", "return_sequences: true,"),
    (
        "default of merge_mode",
        '{ merge_mode: "concat", ...full.bidirectional }',
        '{ merge_mode: "sum", ...full.bidirectional }',
    ),
    ("hard_sigmoid of Keras 2", "clip(x + 3, 0, 6) / 6;", "clip(0.2 * x + 0.5, 0, 1);"),
    ("leaky_relu of other libraries", "x > 0 ? x : 0.2 * x", "x > 0 ? x : 0.01 * x"),
    (
        "gelu by its approximation",
        "0.5 * x * (1 + erf(x / Math.SQRT2))",
        "0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))",
    ),
    (
        "sparsemax as it is defined",
        "const tau = (sum(support) - 1) / support.length;",
        "const tau = (support.at(-1) - 1) / support.length;",
    ),
    ("None is tanh", 'full.activation ??= "linear";', 'full.activation ??= "tanh";'),
    # stacks
    (
        "stack: mask not handed on",
        "trace(layer, weights[index], input, { mask,",
        "trace(layer, weights[index], input, { mask: index ? null : mask,",
    ),
    ("stack: names begin anew", "used[name] = (used[name] ?? -1) + 1;", "used[name] = 0;"),
    ("stack: missing return_sequences goes through", "if (index && shape.length !== 3) {", "if (false) {"),
    # what a number has read
    ("reads: backward half read in the order of time", "full.bidirectional ? order.indexOf(at) : at", "at"),
    (
        "reads: y of go_backwards in the order of time",
        "full.bidirectional ? order.indexOf(at) : at",
        "order.indexOf(at)",
    ),
    (
        "reads: mask ignored",
        "const isRead = (step) => (mask ? Boolean(mask[step]) : true);",
        "const isRead = () => true;",
    ),
    (
        "reads: halves of concat exchanged",
        '(direction === "backward") !== unit >= full.units',
        '(direction === "backward") === unit >= full.units',
    ),
    (
        "reads: zeros at masked steps have read",
        "if (!isState && full.zero_output_for_mask && !isRead(order[end])) return null;",
        "",
    ),
    ("reads: nothing read, but the first state told", "if (!isState && !steps.length) return null;", ""),
    (
        "reads: summary told as the step asked for",
        "const last = isState || !full.return_sequences;",
        "const last = isState;",
    ),
    (
        "reads: order of reading turned round",
        "(backwards ? time - 1 - position : position));",
        "(backwards ? position : time - 1 - position));",
    ),
    # messages
    ("message: units of 0 pass", "if (units <= 0) {", "if (units < 0) {"),
    ("message: uneven input passes", "if (level.some(Array.isArray)) {", "if (false) {"),
    ("message: any merge_mode passes", "if (!MERGE_MODES.includes(mode)) {", "if (false) {"),
    ("message: go_backwards inside Bidirectional passes", "if (full.go_backwards) {", "if (false) {"),
    ("message: rank of x not looked at", "if (shape.length === 3) return;", "return;"),
    (
        "message: number of weights not looked at",
        "if (weights.length !== expected.length) {",
        "if (weights.length > expected.length) {",
    ),
    ("message: features not looked at", "if (features !== kernelRows) throw", "if (false) throw"),
    ("message: a GRU looks at all its states", 'states.length > needed && type !== "GRU"', "states.length > needed"),
    ("message: too few states pass", "if (states.length < needed) throw", "if (states.length < 1) throw"),
    ("message: number of steps of the mask", "if (steps < time) {", "if (false) {"),
    (
        "repair: the layer after the joint",
        "at(index - 1, () => {\n        try {",
        "at(index, () => {\n        try {",
    ),
    (
        "repair: a switch that does not help",
        "repair: { return_sequences: true }",
        "repair: { return_sequences: false }",
    ),
    ("repair: what was written", "{ merge_mode: meant }", "{ merge_mode: mode }"),
    (
        "message: units after activation",
        'for (const key of type === "SimpleRNN" ? ["activation"] : ["activation", "recurrent_activation"])',
        'for (const key of type === "SimpleRNN" ? ["activation"] : ["recurrent_activation", "activation"])',
    ),
]
