// @ts-check
/**
 * A form is sent once, and only where it can arrive: before that the page asks whether its person is
 * signed in still. Without network, without server, without session nothing is sent: the page stays
 * with what was typed, says so, and offers to send again. The server stays the judge of all.
 */

import { copyOf, keepBeforeSending } from "./drafts.js";
import { about, still } from "./session.js";

const PATIENCE_MS = 15000;
/** Asked for and good to go: sent by the next submit. @type {WeakSet<HTMLFormElement>} */
const cleared = new WeakSet();
/** @type {WeakSet<HTMLFormElement>} */
const asking = new WeakSet();
/** @type {WeakSet<HTMLFormElement>} */
const sent = new WeakSet();

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
  asking.delete(form);
  mark(form, false);
}

/** Whether the page asks before it sends this form: those in its main part, of somebody signed in. @param {HTMLFormElement} form */
function asks(form) {
  return about !== null && form.method === "post" && form.closest("main") !== null && !form.matches("[data-sign-out]");
}

/** @param {HTMLFormElement} form @param {HTMLElement | null} button */
async function clear(form, button) {
  asking.add(form);
  mark(form, true);
  form.parentElement?.querySelector(":scope > [data-not-sent]")?.remove();
  const kept = await keepBeforeSending(form).catch(() => false);
  let said = null;
  try {
    said = await still();
  } catch {
    said = null;
  }
  free(form);
  if (said?.who === about?.who) {
    cleared.add(form);
    form.requestSubmit(button);
  } else if (!said) {
    tellNotSent(form, button, kept);
  } // else the dialog of idle.js says that the session is over
}

/** @param {HTMLFormElement} form @param {HTMLElement | null} button @param {boolean} kept */
function tellNotSent(form, button, kept) {
  const note = copyOf("not-sent");
  if (!note) return;
  for (const words of note.querySelectorAll("[data-kept]")) {
    if (words instanceof HTMLElement) words.hidden = words.dataset.kept !== String(kept);
  }
  note.querySelector("[data-send-again]")?.addEventListener("click", () => form.requestSubmit(button));
  form.after(note);
  note.focus();
  note.scrollIntoView({ block: "center" });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method === "dialog") return;
  if (sent.has(form) || asking.has(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  if (asks(form) && !cleared.delete(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    void clear(form, event.submitter);
    return;
  }
  window.dispatchEvent(new CustomEvent("oslonac:sent", { detail: form }));
  if (form.method !== "post" || event.defaultPrevented) return;
  sent.add(form);
  queueMicrotask(() => mark(form, true));
  window.setTimeout(() => free(form), PATIENCE_MS);
}, true);

document.addEventListener("htmx:afterRequest", (event) => {
  const detail = /** @type {CustomEvent} */ (event).detail;
  const form = detail?.elt instanceof Element ? detail.elt.closest("form") : null;
  if (form) free(form);
});

window.addEventListener("pageshow", () => {
  for (const form of document.forms) free(form);
});
