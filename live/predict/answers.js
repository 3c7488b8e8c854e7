// Exercises that are answered in the page: the hint is that of the notebook, in the language of its code.
import { make, say, words } from "./page.js";
import { hintFor, readValue } from "./values.js";

for (const place of document.querySelectorAll(".answer")) {
  const exercise = JSON.parse(place.dataset.exercise);
  const [fields, said] = place.children;
  const field = place.querySelector("input");
  const check = () => {
    const value = readValue(field.value);
    const hint = value === undefined ? "" : hintFor(exercise, value);
    const told = hint ? make("span", hint, { lang: "en" }) : say(words.answers[hint === null ? "right" : "unread"]);
    said.replaceChildren(...[told].flat());
    field.setAttribute("aria-invalid", hint === "");
  };
  place.querySelector("button").addEventListener("click", check);
  field.addEventListener("keydown", ({ key, isComposing }) => key === "Enter" && !isComposing && check());
  fields.disabled = false;
}
