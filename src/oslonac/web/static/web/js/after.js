// @ts-check
/**
 * Where the focus goes when something has just happened, so that it is heard and the next Tab leads on:
 * to what the page says after saving, to the first of the entries that were asked for. Paper shows what
 * folds hide.
 */

const toast = document.querySelector("#toasts > *");
if (toast instanceof HTMLElement && (document.activeElement === null || document.activeElement === document.body)) {
  toast.tabIndex = -1;
  toast.focus({ preventScroll: true });
}

/** How many entries a list had before more were asked for. @type {{id: string, count: number} | null} */
let before = null;
const ENTRIES = "li, tr, article";

document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, target } = /** @type {CustomEvent} */ (event).detail;
  before = elt.matches("[data-more]") && target.id ? { id: target.id, count: target.querySelectorAll(ENTRIES).length } : null;
});
document.addEventListener("htmx:afterSettle", () => {
  const first = before && document.getElementById(before.id)?.querySelectorAll(ENTRIES)[before.count];
  before = null;
  if (!(first instanceof HTMLElement)) return;
  first.tabIndex = -1;
  first.focus();
});

/** Opened for the paper. @type {HTMLDetailsElement[]} */
let folded = [];
window.addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("main details:not([open]):not(.menu):not(.confirm), aside details:not([open]):not(.menu)")]
    .filter((each) => each instanceof HTMLDetailsElement);
  for (const each of folded) each.open = true;
});
window.addEventListener("afterprint", () => {
  for (const each of folded) each.open = false;
});
