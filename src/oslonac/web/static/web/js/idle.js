// @ts-check
/**
 * A session that is left alone ends. Two minutes before, a dialog says so and offers to stay. After
 * it ended the page is covered: whoever signs in again in another tab as the same person goes on
 * with what was typed; anybody else has to load the page anew. Half an hour later it is emptied, also
 * where no network tells how the session stands; but never of something typed that was not sent.
 */

import { still } from "./session.js";

const box = document.getElementById("idle");
const WARN_SECONDS = 120;
const LOOK_EVERY_MS = 20_000;
const EMPTY_AFTER_MS = 30 * 60_000;

if (box instanceof HTMLDialogElement && box.dataset.url) {
  const who = box.dataset.who ?? "";
  const warn = /** @type {HTMLElement} */ (box.querySelector("[data-idle-warn]"));
  const over = /** @type {HTMLElement} */ (box.querySelector("[data-idle-over]"));
  const other = /** @type {HTMLElement} */ (box.querySelector("[data-idle-other]"));
  let ends = Date.now() + Number(box.dataset.seconds ?? "0") * 1000;

  /** @param {HTMLElement | null} part */
  const show = (part) => {
    for (const each of [warn, over, other]) each.hidden = each !== part;
    document.body.classList.toggle("covered", part === over || part === other);
    if (part && !box.open) box.showModal();
    if (!part && box.open) box.close();
  };

  const typed = () =>
    [...document.querySelectorAll("main input:not([type=hidden]), main textarea")].some(
      (field) =>
        (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) &&
        (field.value !== field.defaultValue ||
          (field instanceof HTMLInputElement && field.checked !== field.defaultChecked)),
    );

  /** Nothing of the page is left in the browser. */
  const empty = () => {
    for (const each of [...document.body.children]) if (each !== box) each.remove();
    document.title = "Oslonac";
    const next = box.querySelector("[data-idle-over] a");
    if (next instanceof HTMLAnchorElement && navigator.onLine) location.replace(next.href);
  };

  const look = async () => {
    const left = (ends - Date.now()) / 1000;
    if (left * 1000 < -EMPTY_AFTER_MS && !typed()) return empty();
    if (left > WARN_SECONDS && !box.open) return;
    try {
      await still();
    } catch {
      if (left <= 0 && !typed()) show(over); // no network: as far as we know it is over
    }
  };

  window.addEventListener("oslonac:session", (event) => {
    const said = /** @type {CustomEvent} */ (event).detail;
    ends = Date.now() + said.seconds * 1000;
    if (!said.who) show(over);
    else if (said.who !== who) show(other);
    else show(said.seconds > WARN_SECONDS ? null : warn);
  });
  window.addEventListener("oslonac:signed-out", () => void still().catch(() => null));

  box.addEventListener("cancel", (event) => {
    if (warn.hidden) event.preventDefault();
  });
  box.querySelector("[data-idle-stay]")?.addEventListener("click", async () => {
    const said = await still("POST").catch(() => null);
    if (!said) void look();
  });
  for (const happened of ["focus", "pageshow", "online"]) window.addEventListener(happened, () => void look());
  document.addEventListener("visibilitychange", () => void look());
  window.setInterval(() => void look(), LOOK_EVERY_MS);
  void look();
}
