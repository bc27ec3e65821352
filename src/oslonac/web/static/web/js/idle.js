// @ts-check
/**
 * A session that is left alone ends. Two minutes before, a dialog says so and offers to stay. After
 * it ended the page is covered, not emptied: whoever signs in again in another tab as the same
 * person goes on with what was typed; anybody else has to load the page anew.
 */

const box = document.getElementById("idle");
const WARN_SECONDS = 120;
const LOOK_EVERY_MS = 20_000;

if (box instanceof HTMLDialogElement && box.dataset.url) {
  const url = box.dataset.url;
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

  /** @param {string} method */
  const ask = async (method) => {
    const token = document.querySelector("input[name=csrfmiddlewaretoken]");
    const headers = { "X-CSRFToken": token instanceof HTMLInputElement ? token.value : "" };
    const answer = await fetch(url, { method, headers, credentials: "same-origin" });
    return answer.ok ? answer.json() : null;
  };

  /** A new sign-in has a new form token. @param {string} token */
  const renew = (token) => {
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) {
      if (field instanceof HTMLInputElement) field.value = token;
    }
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  };

  const look = async () => {
    const left = (ends - Date.now()) / 1000;
    if (left > WARN_SECONDS && !box.open) return;
    let said = null;
    try {
      said = await ask("GET");
    } catch {
      return; // without a network nothing is known; the next look will tell
    }
    if (!said) return;
    ends = Date.now() + said.seconds * 1000;
    if (!said.who) return show(over);
    if (said.who !== who) return show(other);
    renew(said.token);
    show(said.seconds > WARN_SECONDS ? null : warn);
  };

  box.addEventListener("cancel", (event) => {
    if (warn.hidden) event.preventDefault();
  });
  box.querySelector("[data-idle-stay]")?.addEventListener("click", async () => {
    const said = await ask("POST").catch(() => null);
    if (said?.who === who) {
      ends = Date.now() + said.seconds * 1000;
      show(null);
    } else {
      void look();
    }
  });
  for (const happened of ["focus", "pageshow", "online"]) window.addEventListener(happened, () => void look());
  document.addEventListener("visibilitychange", () => void look());
  window.setInterval(() => void look(), LOOK_EVERY_MS);
  void look();
}
