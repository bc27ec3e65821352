// @ts-check
/** Disclosures (details.menu, details.confirm) open without this; here they close like menus and trap nothing. */

const OPEN = "details.menu[open], details.confirm[open]";

/** @param {Element | null} except */
function closeOthers(except) {
  for (const open of document.querySelectorAll(OPEN)) {
    if (open !== except && !open.contains(except)) open.removeAttribute("open");
  }
}

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  const close = event.target.closest("[data-close]");
  if (close) {
    event.preventDefault();
    const box = close.closest("details");
    box?.removeAttribute("open");
    box?.querySelector("summary")?.focus();
    return;
  }
  closeOthers(event.target.closest("details"));
});

document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]")) return; // Escape closes the dialog that lies above
  if (event.key !== "Escape" || !(document.activeElement instanceof Element)) return;
  const box = document.activeElement.closest(OPEN) ?? document.querySelector(OPEN);
  if (!box) return;
  box.removeAttribute("open");
  box.querySelector("summary")?.focus();
});

/** Whoever tabs out of a menu leaves it behind closed. */
document.addEventListener("focusout", (event) => {
  const box = event.target instanceof Element ? event.target.closest("details.menu[open]") : null;
  if (box && event.relatedTarget instanceof Element && !box.contains(event.relatedTarget) && !document.querySelector("dialog[open]")) {
    box.removeAttribute("open");
  }
});
