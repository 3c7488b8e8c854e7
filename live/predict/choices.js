// Choice questions: the choices of the list become buttons, and each is answered by its own sentence.
import { make, say, status, words } from "./page.js";

/**
 * Let a question be answered.
 *
 * @param {HTMLElement} question holds the question, the list of choices, the collapsed list of answers
 * @param {function(boolean): void} [told] is called with whether the choice was right, at each choice
 */
export function ask(question, told = () => {}) {
  const [choices] = question.querySelectorAll(":scope > ol");
  const [fold] = question.querySelectorAll(":scope > details:not(.check)");
  const answers = fold.querySelectorAll(":scope > ol > li");
  const right = Number(question.dataset.key) - 1;
  const said = status();
  choices.setAttribute("role", "list");
  choices.classList.add("choices");
  const buttons = Array.from(choices.children, (item, number) => {
    const text = item.querySelector(":scope > p") ?? item;
    const button = make("button", [...text.childNodes], { type: "button", "aria-pressed": "false" });
    text.append(button);
    button.addEventListener("click", () => {
      for (const one of buttons) one.setAttribute("aria-pressed", one === button);
      button.classList.add(number === right ? "right" : "wrong");
      const sentence = answers[number].cloneNode(true);
      const parts = (sentence.querySelector(":scope > p") ?? sentence).childNodes;
      said.replaceChildren(...(number === right ? [] : [make("strong", say(words.choices.wrong)), " "]), ...parts);
      told(number === right);
    });
    return button;
  });
  choices.after(said);
}

for (const question of document.querySelectorAll(".choice[data-program]")) ask(question);
