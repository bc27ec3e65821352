// @ts-check
/** Progress of htmx requests: a line at once, a sentence after four seconds, a sentence on failure. */

const box = document.getElementById("busy");
const text = box?.querySelector(".busy-text");
const SLOW_MS = 4000;
const FAILED_MS = 8000;
let running = 0;
let timer = 0;

/** @param {string} words */
function say(words) {
  if (text) text.textContent = words;
}

document.addEventListener("htmx:beforeRequest", () => {
  if (!box) return;
  running += 1;
  box.hidden = false;
  box.classList.remove("failed");
  say("");
  clearTimeout(timer);
  timer = window.setTimeout(() => say(box.dataset.slow ?? ""), SLOW_MS);
});

document.addEventListener("htmx:afterRequest", () => {
  running = Math.max(0, running - 1);
  if (!box || running || box.classList.contains("failed")) return;
  clearTimeout(timer);
  box.hidden = true;
  say("");
});

for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(failure, () => {
    if (!box) return;
    clearTimeout(timer);
    box.hidden = false;
    box.classList.add("failed");
    say(box.dataset.failed ?? "");
    timer = window.setTimeout(() => {
      box.hidden = true;
      box.classList.remove("failed");
    }, FAILED_MS);
  });
}
