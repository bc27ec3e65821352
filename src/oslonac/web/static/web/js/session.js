// @ts-check
/** What a page knows of its session: whom it was made for, whether they are still signed in, the form token. */

const box = document.getElementById("idle");

/** The attributes of the dialog in web/idle.html; null where nobody is signed in. */
export const about = box?.dataset.url ? box.dataset : null;

function token() {
  const field = document.querySelector("input[name=csrfmiddlewaretoken]");
  const given = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"];
  return field instanceof HTMLInputElement ? field.value : given ?? "";
}

/**
 * Ask the server something small. Throws where no network or no server answers.
 * @param {string} url @param {string} method @param {Record<string, string>} [fields] @param {number} [patience]
 * @returns {Promise<any>} what it said; null when it could not say
 */
export async function ask(url, method, fields, patience = 20_000) {
  const answer = await fetch(url, {
    method,
    headers: { "X-CSRFToken": token() },
    body: fields && new URLSearchParams(fields),
    credentials: "same-origin",
    cache: "no-store",
    signal: AbortSignal.timeout(patience),
  });
  const kind = answer.headers.get("Content-Type") ?? "";
  return answer.ok && !answer.redirected && kind.includes("json") ? answer.json() : null;
}

/**
 * Whether this page's person is signed in still: the answer of /account/still/, told to whoever
 * listens for "oslonac:session".
 * @param {string} [method] POST prolongs the session
 */
export async function still(method = "GET") {
  const said = await ask(about?.url ?? "", method);
  if (said?.who && said.who === about?.who) renew(said.token);
  if (said) window.dispatchEvent(new CustomEvent("oslonac:session", { detail: said }));
  return said;
}

/** A new sign-in has a new form token. @param {string} value */
function renew(value) {
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) {
    if (field instanceof HTMLInputElement) field.value = value;
  }
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": value }));
}
