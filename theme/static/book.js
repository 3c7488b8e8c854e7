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

// The search is a dialog. Its program and index are loaded when it is opened for the first time.
const search = document.querySelector("dialog.search");

function openSearch() {
  if (!search.open) search.showModal();
  const input = search.querySelector("input");
  input.focus();
  input.select();
  import("./search.js").then(
    ({ show }) => input.value && !search.querySelector("li") && show(),
    () => (search.querySelector("[role=status]").textContent = search.dataset.failed),
  );
}

if (search) {
  document.querySelector(".search-open").addEventListener("click", openSearch);
  search.addEventListener("click", (event) => event.target === search && search.close()); // beside the dialog
  document.addEventListener("keydown", (event) => {
    const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey;
    const controlK = /^[kㅏ]$/i.test(event.key) && (event.ctrlKey || event.metaKey) && !event.altKey;
    if (!controlK && (!slash || event.target.closest("input, textarea, select, [contenteditable]"))) return;
    event.preventDefault();
    openSearch();
  });
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
    button.textContent = button.dataset.copied;
    setTimeout(() => (button.textContent = label), 2000);
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

// With the keyboard the page is laid out as a whole, too: the focus may go to what has not had its place yet.
document.addEventListener("keydown", function complete(event) {
  if (event.key !== "Tab") return;
  document.removeEventListener("keydown", complete);
  document.documentElement.classList.add("whole");
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

// furo marks the section that is being read in the page's contents, for which the whole page has to be laid out at once. On
// a narrow screen these contents are shut away, so it is spared: furo looks for .toc-scroll when the page is complete.
if (window.matchMedia("(max-width: 82em)").matches) document.querySelector(".toc-scroll")?.classList.remove("toc-scroll");

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
