// @ts-check
/**
 * Two guards. A form is sent once: a second press does nothing until the answer comes. A form with
 * data-guard asks before unsaved changes are left behind. The server stays the judge of both.
 */

const PATIENCE_MS = 15000;
/** @type {WeakSet<HTMLFormElement>} */
const sent = new WeakSet();
/** @type {Set<HTMLFormElement>} */
const changed = new Set();

/** @param {HTMLFormElement} form @param {boolean} waiting */
function mark(form, waiting) {
  for (const button of form.querySelectorAll("button:not([type=button])")) {
    if (waiting) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

/** @param {HTMLFormElement} form */
function free(form) {
  sent.delete(form);
  mark(form, false);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method === "dialog") return;
  if (sent.has(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  changed.delete(form);
  if (form.method !== "post" || event.defaultPrevented) return;
  sent.add(form);
  queueMicrotask(() => mark(form, true));
  window.setTimeout(() => free(form), PATIENCE_MS);
}, true);

/** @param {Event} event */
function release(event) {
  const detail = /** @type {CustomEvent} */ (event).detail;
  const form = detail?.elt instanceof Element ? detail.elt.closest("form") : null;
  if (!form) return;
  free(form);
}
document.addEventListener("htmx:afterRequest", release);

window.addEventListener("pageshow", () => {
  for (const form of document.forms) {
    free(form);
  }
});

document.addEventListener("input", (event) => {
  const form = event.target instanceof Element ? event.target.closest("form[data-guard]") : null;
  if (form instanceof HTMLFormElement) changed.add(form);
});

window.addEventListener("beforeunload", (event) => {
  if ([...changed].some((form) => form.isConnected)) event.preventDefault();
});
window.addEventListener("oslonac:leave", () => changed.clear());

const summary = document.querySelector("[data-summary]");
if (summary instanceof HTMLElement) summary.focus();
