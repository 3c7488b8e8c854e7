// Exercises that are answered in the page: the hint is that of the notebook. What was right is remembered and has a tick.
import { make, readAnswers, remember, say, words } from "./page.js";
import { hintFor, readValue } from "./values.js";

for (const place of document.querySelectorAll(".answer")) {
  const exercise = JSON.parse(place.dataset.exercise);
  const [fields, said] = place.children;
  const field = place.querySelector("input");
  const card = place.parentElement;
  const tick = make("span", "✓", { class: "tick", role: "img", "aria-label": words.answers.answered });
  const judge = (text) => {
    const value = readValue(text);
    return value === undefined ? "" : hintFor(exercise, value); // null: right
  };
  const check = () => {
    const hint = judge(field.value);
    const told = hint ? make("span", words.answers.wrong.replace("{hint}", () => hint), exercise.lang ? { lang: exercise.lang } : {}) : say(words.answers[hint === null ? "right" : "unread"]);
    said.replaceChildren(...[told].flat());
    field.setAttribute("aria-invalid", hint === "");
    if (hint === null) {
      card.append(tick);
      remember("answers", JSON.stringify({ ...readAnswers(), [place.dataset.id]: field.value }));
    }
  };
  place.querySelector("button").addEventListener("click", check);
  field.addEventListener("keydown", ({ key, isComposing }) => key === "Enter" && !isComposing && check());
  const before = readAnswers()[place.dataset.id];
  if (before && judge(before) === null) {
    field.value ||= before;
    card.append(tick);
  }
  fields.disabled = false;
}
