// @ts-check
/**
 * Keyboard shortcuts. Any element may carry data-key ("/", "n", "g c"); pressing it focuses a field
 * or activates a link or button. "?" lists what this page offers. Single keys can be switched off
 * (WCAG 2.1.4), and never act while somebody types.
 */

const OFF = "oslonac-keys-off";
const SEQUENCE_MS = 1200;
const dialog = document.getElementById("shortcuts");
let pending = "";
let pendingAt = 0;

/** @param {EventTarget | null} target */
function typing(target) {
  return target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** Whether single keys act on this device. */
export function keysOn() {
  return localStorage.getItem(OFF) !== "1";
}

/** @param {Element} element */
function labelOf(element) {
  return element.getAttribute("data-key-label") ?? element.getAttribute("aria-label") ?? element.textContent?.trim() ?? "";
}

function show() {
  if (!(dialog instanceof HTMLDialogElement) || dialog.open) return;
  const list = dialog.querySelector("[data-keys]");
  for (const old of list?.querySelectorAll("[data-from-page]") ?? []) old.remove();
  const seen = new Set();
  for (const element of document.querySelectorAll("[data-key]")) {
    const keys = element.getAttribute("data-key") ?? "";
    if (seen.has(keys)) continue;
    seen.add(keys);
    list?.append(row(keys, labelOf(element)));
  }
  const box = dialog.querySelector("[data-keys-on]");
  if (box instanceof HTMLInputElement) box.checked = keysOn();
  dialog.showModal();
}

/** @param {string} keys @param {string} label */
function row(keys, label) {
  const line = document.createElement("div");
  line.setAttribute("data-from-page", "");
  const term = document.createElement("dt");
  for (const key of keys.split(" ")) {
    const cap = document.createElement("kbd");
    cap.textContent = key;
    term.append(cap, " ");
  }
  const text = document.createElement("dd");
  text.textContent = label;
  line.append(term, text);
  return line;
}

/** @param {Element} element */
function act(element) {
  if (!(element instanceof HTMLElement)) return;
  if (typing(element)) element.focus();
  else element.click();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target) || document.querySelector("dialog[open]") || !keysOn()) return;
  if (event.key === "?") {
    event.preventDefault();
    show();
    return;
  }
  if (event.key.length !== 1) return;
  const chord = pending && event.timeStamp - pendingAt < SEQUENCE_MS ? `${pending} ${event.key}` : event.key;
  const element = document.querySelector(`[data-key="${CSS.escape(chord)}"]`);
  pending = element ? "" : event.key;
  pendingAt = event.timeStamp;
  if (!element) return;
  event.preventDefault();
  act(element);
});

document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest('[data-open="shortcuts"]')) show();
});

dialog?.addEventListener("change", (event) => {
  if (event.target instanceof HTMLInputElement && event.target.matches("[data-keys-on]")) {
    localStorage.setItem(OFF, event.target.checked ? "0" : "1");
  }
});
