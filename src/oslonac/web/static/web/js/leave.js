// @ts-check
/**
 * Quick exit: sign out, blank the page, replace it in the history, open a harmless one. Earlier pages
 * stay in the history (no script can take them out), but they come back from the server, which now
 * shows its sign-in. Shift three times does the same.
 */

const WINDOW_MS = 1500;
/** @type {number[]} */
let presses = [];

function leave() {
  const link = document.querySelector("[data-exit]");
  const target = link instanceof HTMLAnchorElement ? link.href : "about:blank";
  window.dispatchEvent(new CustomEvent("oslonac:leave"));
  const url = link instanceof HTMLElement ? link.dataset.leave : "";
  const token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"];
  if (url && token) void fetch(url, { method: "POST", keepalive: true, headers: { "X-CSRFToken": token } });
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
