// Writes the text of the lab's page for the build of the site: node render.mjs words.en.json
import { readFileSync } from "node:fs";
import { compute } from "./compute.js";
import { BEGIN, page } from "./view.js";

const words = JSON.parse(readFileSync(process.argv[2], "utf8"));
process.stdout.write(page(compute(BEGIN), words));
