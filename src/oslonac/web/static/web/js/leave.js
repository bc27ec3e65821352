// @ts-check
/** Quick exit: blank the page, replace it in the history, open a harmless one. Shift three times does the same. */

const WINDOW_MS = 1500;
/** @type {number[]} */
let presses = [];

function leave() {
  const link = document.querySelector("[data-exit]");
  const target = link instanceof HTMLAnchorElement ? link.href : "about:blank";
  window.dispatchEvent(new CustomEvent("oslonac:leave"));
  document.title = "";
  document.body.replaceChildren();
  location.replace(target);
}

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element) || !event.target.closest("[data-exit]")) return;
  event.preventDefault();
  leave();
});

document.addEventListener("keyup", (event) => {
  if (event.key !== "Shift") {
    presses = [];
    return;
  }
  presses = [...presses, event.timeStamp].filter((at) => event.timeStamp - at < WINDOW_MS);
  if (presses.length >= 3) leave();
});
