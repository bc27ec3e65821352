// @ts-check
/**
 * Quick exit: sign out, blank the page, replace it in the history, open a harmless one. Earlier pages
 * stay in the history (no script can take them out), but they come back from the server, which now
 * shows its sign-in. Shift three times does the same: pressed bare, with no other key or pointer
 * between, since Alt+Shift and Ctrl+Shift change keyboards and Shift with the mouse selects. While
 * somebody types it does so only if what was typed is kept (drafts.js). It can be switched off with
 * the other single keys.
 */

import { keysOn } from "./shortcuts.js";

const WINDOW_MS = 1500;
const KEEPING_MS = 300;
const OTHERS = ["Alt", "AltGraph", "Control", "Meta", "OS"];
/** @type {number[]} */
let presses = [];
let down = false;

function leave() {
  const link = document.querySelector("[data-exit]");
  const target = link instanceof HTMLAnchorElement ? link.href : "about:blank";
  /** @type {Promise<unknown>[]} */
  const waits = [];
  window.dispatchEvent(new CustomEvent("oslonac:leave", { detail: waits }));
  const url = link instanceof HTMLElement ? link.dataset.leave : "";
  const token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"];
  if (url && token) void fetch(url, { method: "POST", keepalive: true, headers: { "X-CSRFToken": token } });
  document.title = "";
  document.body.replaceChildren();
  const late = new Promise((done) => window.setTimeout(done, KEEPING_MS));
  if (!waits.length) location.replace(target);
  else void Promise.race([Promise.allSettled(waits), late]).then(() => location.replace(target));
}

/** Whether something would be lost: a field is being typed in, and nothing keeps it. @param {EventTarget | null} target */
function loses(target) {
  const typing = target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
  return typing && window.dispatchEvent(new CustomEvent("oslonac:kept?", { cancelable: true }));
}

function forget() {
  presses = [];
  down = false;
}

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element) || !event.target.closest("[data-exit]")) return;
  event.preventDefault();
  leave();
});

for (const other of ["pointerdown", "wheel", "blur", "compositionstart"]) {
  window.addEventListener(other, forget, { capture: true, passive: true });
}

document.addEventListener("keydown", (event) => {
  if (event.repeat && event.key === "Shift") return;
  const bare = event.key === "Shift" && !OTHERS.some((each) => event.getModifierState(each));
  if (bare) down = true;
  else forget();
}, true);

document.addEventListener("keyup", (event) => {
  const bare = event.key === "Shift" && down && !OTHERS.some((each) => event.getModifierState(each));
  if (!bare) return forget();
  down = false;
  presses = [...presses, event.timeStamp].filter((at) => event.timeStamp - at < WINDOW_MS);
  if (presses.length < 3) return;
  forget();
  if (keysOn() && !loses(event.target)) leave();
}, true);
