// What the programs of this folder share: the words of the page's language, the style, what a browser remembers.
const place = document.getElementById("predict").dataset;
const at = (address) => new URL(address, document.baseURI);

const sheet = document.createElement("link");
sheet.rel = "stylesheet";
sheet.href = at(place.style);
// Without it what the programs put in would jump into its form.
await new Promise((done) => {
  sheet.onload = sheet.onerror = done;
  document.head.append(sheet);
});

/** Every sentence; `{name}` is filled in by `say`. */
export const words = await (await fetch(at(place.words))).json();

/** A sentence with its places filled in; text between ` becomes code. */
export function say(sentence, values = {}) {
  const filled = sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  return filled.split("`").map((text, k) => (k % 2 ? make("code", text) : text));
}

/** An element with what stands in it. */
export function make(tag, inside = [], attributes = {}) {
  const element = document.createElement(tag);
  element.append(...[inside].flat());
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** A button with a sentence on it. */
export function button(sentence, press, attributes = {}) {
  const element = make("button", say(sentence), { type: "button", ...attributes });
  element.addEventListener("click", press);
  return element;
}

/** The place in which a screen reader hears what is said. */
export const status = () => make("p", [], { role: "status", class: "said" });

/** What is remembered under a name; null when that is nothing, or storage is off. */
export function recall(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Remember a text under a name, or forget it (null); false when storage is off or full. */
export function remember(name, text) {
  try {
    if (text === null) localStorage.removeItem(name);
    else localStorage.setItem(name, text);
    return true;
  } catch {
    return false;
  }
}

/** What was answered right, by the names of the exercises; nothing when that cannot be read. */
export function readAnswers() {
  try {
    const known = Object.entries(JSON.parse(recall("answers")) ?? {});
    return Object.fromEntries(known.filter(([, text]) => typeof text === "string"));
  } catch {
    return {};
  }
}
