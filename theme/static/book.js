// What this book needs of furo's own program, which it leaves out (theme/extension/assets.py).
const header = document.querySelector(".mobile-header");
addEventListener("scroll", () => header.classList.toggle("scrolled", scrollY > 0), { passive: true });

for (const button of document.querySelectorAll(".theme-toggle"))
  button.addEventListener("click", () => {
    const [system, other] = matchMedia("(prefers-color-scheme: dark)").matches ? ["dark", "light"] : ["light", "dark"];
    const theme = { auto: other, [other]: system }[document.body.dataset.theme] ?? "auto";
    document.body.dataset.theme = theme;
    try {
      localStorage.setItem("theme", theme);
    } catch {
      /* storage is full: the theme is that of this page */
    }
  });

// The language switch leads to the same section in the other edition and remembers the choice for the door page.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-language]");
  if (!link) return;
  try {
    localStorage.setItem("language", link.dataset.language);
  } catch {
    /* storage is off: the link works all the same */
  }
  const sections = Array.from(document.querySelectorAll("article section[id]"));
  const above = (section) => section.getBoundingClientRect().top;
  // What the address names, as long as its heading is in view; else what begins in the upper third or above it.
  const named = sections.find((section) => section.matches(":target") && above(section) >= 0 && above(section) < innerHeight);
  const here = named ?? sections.filter((section) => above(section) <= innerHeight / 3).at(-1);
  link.hash = here && here !== sections[0] ? here.id : "";
});

/** Behind what lies over the page, it stays where it is (book.css): its scroll bar goes, and leaves its place free. */
function keepWidth() {
  const root = document.documentElement;
  if (getComputedStyle(root).overflowY !== "hidden") root.style.setProperty("--scroll-bar", `${innerWidth - root.clientWidth}px`);
}

// The search is a dialog. Its program and index are loaded when it is opened for the first time.
const search = document.querySelector("dialog.search");
let entered = false; // before the program was there

function openSearch() {
  const chapters = document.getElementById("__navigation"); // which a phone shows over the page
  if (chapters.checked) chapters.click();
  keepWidth();
  if (!search.open) search.showModal();
  const input = search.querySelector("input");
  input.focus();
  input.select();
  entered = false;
  import("./search.js").then(
    ({ show, enter }) => (entered ? enter() : input.value && !search.querySelector("li") && show()),
    () => (search.querySelector("[role=status]").textContent = search.dataset.failed),
  );
}

if (search) {
  for (const button of document.querySelectorAll(".search-open, .search-glass")) button.addEventListener("click", openSearch);
  search.addEventListener("click", (event) => event.target === search && search.close()); // beside the dialog
  search.addEventListener("keydown", (event) => (entered = event.key === "Enter" && !event.isComposing && event.target.value > ""));
  document.addEventListener("keydown", (event) => {
    const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey;
    const controlK = /^[kㅏ]$/i.test(event.key) && (event.ctrlKey || event.metaKey) && !event.altKey;
    if (!controlK && (!slash || event.target.closest("input, textarea, select, [contenteditable]"))) return;
    event.preventDefault();
    openSearch();
  });
}

// A live figure: its program (theme/extension/live.py) is loaded when the figure comes near view.
const nearFigure = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      nearFigure.unobserve(target);
      import(new URL(target.dataset.program, document.baseURI)).catch(() => target.classList.add("failed"));
    }
  },
  { rootMargin: "50%" },
);
for (const figure of document.querySelectorAll("[data-program]")) nearFigure.observe(figure);

// Guess first: the program is loaded when the reader turns this on, or had it on in an earlier page.
const guess = document.querySelector(".predict-switch");
if (guess) {
  const program = () => import(new URL(guess.dataset.reveal, document.baseURI));
  guess.addEventListener("click", () => program().then(({ turn }) => turn(guess), () => (guess.hidden = true)));
  try {
    if (localStorage.getItem("predict") === "on") program().then(({ turn }) => turn(guess, true));
  } catch {
    /* storage is off: the switch works for this page */
  }
}

// Code to run, in cells and in solutions, gets a button that copies it without the prompts of a console: when it comes near
// view, so that a long page is not kept busy at its start, or at once when the keyboard moves through the page.
const copyButton = document.getElementById("copy-button");

function addCopyButton(code) {
  if (code.querySelector(".copy")) return;
  const button = copyButton.content.firstElementChild.cloneNode(true);
  const label = button.textContent;
  button.addEventListener("click", async () => {
    const text = code.querySelector("pre").cloneNode(true);
    for (const part of text.querySelectorAll(".gp, .go, .linenos")) part.remove();
    await navigator.clipboard.writeText(text.textContent.replace(/\n$/, ""));
    const say = (text, done) => {
      button.textContent = text;
      button.classList.toggle("done", done);
    };
    say(button.dataset.copied, true);
    setTimeout(say, 2000, label, false);
  });
  code.append(button);
}

const codes =
  copyButton && navigator.clipboard
    ? document.querySelectorAll("article :is(.cell_input, details, section > [class^='highlight-']) .highlight")
    : [];
const nearView = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) addCopyButton(target);
  },
  { rootMargin: "50%" },
);
for (const code of codes) nearView.observe(code);

document.addEventListener("keydown", function complete(event) {
  if (event.key !== "Tab") return;
  document.removeEventListener("keydown", complete);
  codes.forEach(addCopyButton);
});

// What scrolls inside itself can be reached, and then scrolled, with the keyboard.
const scrolling = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth || target.scrollHeight > target.clientHeight) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
for (const part of document.querySelectorAll("article :is(pre, .table-wrapper, div.math)"))
  scrolling.observe(part);

// The section that is being read is marked in the page's contents, and named where these are shut away. It is the last one
// whose heading stands above a line, a little below the place to which a link brings a heading. The last sections of a page
// cannot come up there: over the last half of a window the line goes down to meet them.
const contents = document.querySelector(".toc-sticky");
const links = Array.from(contents?.querySelectorAll(".toc-tree a") ?? []);
const parts = links.map(({ hash }) => document.getElementById(decodeURIComponent(hash.slice(1))) ?? document.querySelector("article section"));
let jump = null; // where a link has just led: to this section, whatever the line says, until the reader scrolls on
let marking = 0;

const landing = () => parseFloat(getComputedStyle(parts[0]).scrollMarginTop);
const room = () => document.documentElement.scrollHeight - innerHeight - scrollY;

function mark() {
  marking = 0;
  if (jump?.y !== scrollY) jump = null;
  const first = landing() + 8;
  const end = Math.min(innerHeight / 2, room() + scrollY);
  const lowest = Math.max(first, parts.at(-1).getBoundingClientRect().top - room() + 1); // where the last heading will stand
  const line = first + (end > 0 ? Math.max(0, 1 - room() / end) * (lowest - first) : 0);
  const here = jump?.here ?? Math.max(0, parts.findLastIndex((part) => part.getBoundingClientRect().top <= line));
  if (links[here].ariaCurrent) return;
  links.forEach((link, number) => {
    link.parentElement.classList.toggle("scroll-current", number === here);
    if (number === here) link.ariaCurrent = "true";
    else link.removeAttribute("aria-current");
  });
  const above = links[here].offsetTop - contents.clientHeight / 3;
  if (contents.scrollTop > above || contents.scrollTop < above - contents.clientHeight / 3) contents.scrollTop = above;
  const number = document.querySelector(".sidebar-tree .current-page .number")?.textContent ?? "";
  const chapter = `${number} ${links[0].textContent.split(":")[0]}`.trim(); // LSTM: a layer whose gates manage a memory
  for (const place of document.querySelectorAll(".here"))
    place.replaceChildren(...(here ? [`${chapter} · `, ...links[here].cloneNode(true).childNodes] : []));
}

function markSoon() {
  marking ||= requestAnimationFrame(mark);
}

/** A link may have led to a section that stands below the line because the page ends. */
function follow() {
  requestAnimationFrame(() => {
    const here = parts.findIndex((part) => part.matches(":target"));
    const top = parts[here]?.getBoundingClientRect().top;
    if (Math.abs(top - landing()) < 2 || (room() < 2 && top >= 0 && top < innerHeight)) jump = { here, y: scrollY };
    markSoon();
  });
}

if (parts[0]) {
  document.addEventListener("scroll", markSoon, { passive: true });
  new ResizeObserver(markSoon).observe(document.querySelector("article")); // a solution is opened, the window gets wider
  addEventListener("hashchange", follow);
  addEventListener("load", follow);
  document.addEventListener("click", (event) => event.target.closest("a[href*='#']") && follow()); // the same one again
}

// The arrow keys lead to the next chapter and the previous one, where nothing else uses them.
const ways = document.querySelector(".related-pages[data-page]");
document.addEventListener("keydown", (event) => {
  const way = { ArrowRight: "next", ArrowLeft: "prev" }[event.key];
  const other = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing || event.defaultPrevented;
  if (!way || other || document.querySelector("dialog[open], .sidebar-toggle:checked")) return;
  if (event.target.closest("input, textarea, select, [contenteditable], [tabindex], .live, .choice")) return;
  ways?.querySelector(`[rel=${way}]`)?.click();
});

// A chapter that was read to its end gets a tick in the list of chapters, in both editions.
function tick(read) {
  const word = document.getElementById("read-to-the-end")?.content.textContent;
  for (const line of document.querySelectorAll(".sidebar-tree [data-page]"))
    if (read.includes(line.dataset.page)) line.firstElementChild.dataset.read = word;
}

function remember(...pages) {
  try {
    const read = [...new Set([...(localStorage.getItem("read")?.split(" ") ?? []), ...pages])];
    if (pages.length) localStorage.setItem("read", read.join(" "));
    tick(read);
  } catch {
    /* storage is off: no ticks */
  }
}

remember();
if (ways)
  new IntersectionObserver(([{ isIntersecting }], observer) => {
    if (!isIntersecting) return;
    observer.disconnect();
    remember(ways.dataset.page);
  }).observe(ways);

// Where a chapter was left, and on the first page the way back there. Each language has its own name for a section.
const waysIn = document.querySelector(".ways-in");
addEventListener("pagehide", () => {
  const link = links.find(({ ariaCurrent }) => ariaCurrent);
  if (!link?.hash || !ways || waysIn) return;
  const place = { page: ways.dataset.page, hash: link.hash, section: link.textContent, language: document.documentElement.lang };
  try {
    localStorage.setItem("place", JSON.stringify(place));
  } catch {
    /* storage is off */
  }
});

function offerToGoOn() {
  const { page, hash, section, language } = JSON.parse(localStorage.getItem("place")) ?? {};
  const line = Array.from(document.querySelectorAll(".sidebar-tree [data-page]")).find(({ dataset }) => dataset.page === page);
  if (!line) return;
  const chapter = [".number", ".name"].map((part) => line.querySelector(part)?.textContent.trim() ?? "").join(" ").trim();
  const where = language === document.documentElement.lang ? `${chapter} · ${section}` : chapter;
  const again = document.createElement("a");
  again.textContent = waysIn.dataset.again.replace("{}", () => where);
  again.href = `${page}.html${hash}`;
  waysIn.append(again);
}

if (waysIn) {
  try {
    offerToGoOn();
  } catch {
    /* storage is off, or holds something else */
  }
}

// What is copied has each formula once, as the notebook writes it, and none of the characters that hold lines together.
document.addEventListener("copy", (event) => {
  const selection = getSelection();
  if (selection.isCollapsed || event.target.closest?.("input, textarea")) return;
  const copied = document.createElement("div");
  for (let number = 0; number < selection.rangeCount; number++) {
    const range = selection.getRangeAt(number).cloneRange();
    const formula = (node) => (node.closest ? node : node.parentElement)?.closest(".katex");
    const [first, last] = [formula(range.startContainer), formula(range.endContainer)];
    if (first) range.setStartBefore(first);
    if (last) range.setEndAfter(last);
    copied.append(range.cloneContents());
  }
  if (!copied.querySelector(".katex") && !/[\u2060\u200b]/.test(copied.textContent)) return;
  for (const formula of copied.querySelectorAll(".katex")) {
    const tex = formula.querySelector("annotation")?.textContent.trim() ?? "";
    formula.replaceWith(formula.parentElement.matches(".katex-display") ? `$$${tex}$$` : `$${tex}$`);
  }
  for (const part of copied.querySelectorAll("button, template, .headerlink")) part.remove();
  const texts = document.createTreeWalker(copied, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data.replaceAll(/[\u2060\u200b]/g, "");
  copied.style.cssText = "position: fixed; opacity: 0; pointer-events: none";
  document.querySelector("article").append(copied); // only what is on the page knows its lines
  event.clipboardData.setData("text/plain", copied.innerText);
  copied.remove();
  event.clipboardData.setData("text/html", copied.innerHTML);
  event.preventDefault();
});

// The drawers of a narrow screen open by labels of check boxes out of sight, which only the mouse can use. Here they become
// buttons; Escape shuts a drawer, and so does a link in it.
for (const toggle of document.querySelectorAll(".sidebar-toggle")) {
  const drawer = document.querySelector(toggle.id === "__toc" ? ".toc-drawer" : ".sidebar-drawer");
  const buttons = Array.from(document.querySelectorAll(`.page label[for=${toggle.id}]`), (label) => {
    const button = document.createElement("button");
    button.className = label.className;
    button.type = "button";
    button.ariaLabel = toggle.ariaLabel;
    button.append(...label.childNodes);
    label.replaceWith(button);
    return button;
  });
  const move = (open) => {
    if (open) keepWidth();
    toggle.checked = open;
    for (const button of buttons) button.ariaExpanded = open;
    if (open) Array.from(drawer.querySelectorAll("a")).find((link) => link.checkVisibility()).focus();
  };
  move(false);
  toggle.addEventListener("change", () => move(toggle.checked)); // by the shade beside the drawer
  for (const button of buttons) button.addEventListener("click", () => move(!toggle.checked));
  drawer.addEventListener("click", (event) => event.target.closest("a") && move(false));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !toggle.checked || search?.open) return;
    move(false);
    buttons.find((button) => button.checkVisibility())?.focus();
  });
}
