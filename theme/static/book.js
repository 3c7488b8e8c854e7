// The language switch leads to the same section in the other edition and remembers the choice for the door page.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-language]");
  if (!link) return;
  try {
    localStorage.setItem("language", link.dataset.language);
  } catch {
    /* storage is off: the link works all the same */
  }
  let here = "";
  for (const section of document.querySelectorAll("article section[id]")) {
    if (section.getBoundingClientRect().top > window.innerHeight / 3) break;
    here = section.id;
  }
  const top = document.querySelector("article section[id]");
  link.hash = top && here === top.id ? "" : here;
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
