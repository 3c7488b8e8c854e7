// Writes for the build of the site what the lab shows before its program is there: node render.mjs words.en.json
// As JSON: the text of its page, and by the name of a picture the figure that takes its place in a chapter.
import { readFileSync } from "node:fs";
import { compute } from "./compute.js";
import { BEGIN, figure, page } from "./view.js";

const load = (file) => JSON.parse(readFileSync(file, "utf8"));
const words = load(process.argv[2]);
const figures = Object.entries(load(new URL("figures.json", import.meta.url)));
const made = Object.fromEntries(figures.map(([name, small]) => [name, figure(small, words)]));
process.stdout.write(JSON.stringify({ page: page(compute(BEGIN), words), figures: made }));
