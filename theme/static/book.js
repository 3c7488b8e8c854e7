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
