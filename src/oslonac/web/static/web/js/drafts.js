// @ts-check
/**
 * What somebody types into a form of a signed-in page is kept in the encrypted store until the server
 * has said that it is saved: it comes back after a reload, a quick exit, a session that ended, a dead
 * network, to the same person alone. Signing out destroys it, and asks first.
 */

import { changed, read, same, takesText, write } from "./fields.js";
import { about, ask, still } from "./session.js";
import { browser, forget, holdsAny, Store } from "./store.js";

/** @typedef {import("./fields.js").Kept} Kept */
const PAUSE_MS = 300;
const HEARD_MS = 1000;
const SAVED = /(?:^|; )((?:__Host-)?drafts_saved)=([^;]*)/;
/** In the tab's own memory: ids of what this tab has sent last. */
const SENT = "oslonac-sent";
const channel = "BroadcastChannel" in window ? new BroadcastChannel("oslonac") : null;
/** Only at home and in page titles of our own: what is kept names its page. */
const HOME = document.body.dataset.home ?? "/";

/** @type {Store | null} */
let store = null;
/** @type {Promise<Store | null> | null} */
let opening = null;
/** Forms with something typed that the store does not hold yet. @type {Set<HTMLFormElement>} */
const dirty = new Set();
/** @type {WeakMap<HTMLFormElement, number>} */
const timers = new WeakMap();
/** Came back from the server with errors: what stands in it is unsaved, though nobody typed it here. @type {WeakSet<HTMLFormElement>} */
const returned = new WeakSet();

/** @returns {Promise<Store | null>} null where there is no network or the browser cannot keep anything */
function opened() {
  opening ??= (async () => {
    try {
      const said = await ask(about?.draftKey ?? "", "POST", { browser: await browser() });
      store = said ? await Store.open(said.key) : null;
    } catch {
      store = null;
    }
    if (!store) opening = null;
    return store;
  })();
  return opening;
}

/** @param {Element | null} each @returns {each is HTMLFormElement} */
function keeps(each) {
  return each instanceof HTMLFormElement && each.method === "post" && !each.matches("[data-no-draft], [data-sign-out]") &&
    each.closest("main") !== null && takesText(each);
}

/** @param {HTMLFormElement} form */
function nameOf(form) {
  const kind = form.id || form.getAttribute("action") || "";
  const alike = [...document.querySelectorAll("main form")].filter((each) => (each.id || each.getAttribute("action") || "") === kind);
  return `form ${location.pathname}${location.search} ${kind} ${alike.indexOf(form)}`;
}

/** Everything typed here is kept now, or nothing is: the id of the draft. @param {HTMLFormElement} form */
async function keep(form) {
  clearTimeout(timers.get(form));
  const [name, fields] = [nameOf(form), read(form)];
  const empty = !changed(form) && !returned.has(form);
  const value = { fields, path: location.pathname + location.search, title: document.title };
  const into = store ?? await opened();
  if (!into) return "";
  dirty.delete(form);
  try {
    if (empty) await into.remove(name);
    else return await into.put(name, value);
  } catch {
    dirty.add(form);
  }
  return "";
}

/**
 * Before a form is sent: whether what it holds is kept. The form says which drafts it saves: its own,
 * and those of the form that came back as this one, with errors or with a question.
 * @param {HTMLFormElement} form
 */
export async function keepBeforeSending(form) {
  if (!about) return false;
  const id = keeps(form) ? await keep(form) : "";
  const before = cameBack() ? sessionStorage.getItem(SENT) ?? "" : "";
  const ids = [...new Set([id, ...before.split(".")])].filter(Boolean).join(".");
  let field = form.querySelector("input[name=draft]");
  if (!field) {
    field = document.createElement("input");
    field.setAttribute("type", "hidden");
    field.setAttribute("name", "draft");
    form.append(field);
  }
  field.setAttribute("value", ids);
  sessionStorage.setItem(SENT, ids);
  return id !== "";
}

/** @param {string} id @returns {HTMLElement | null} a copy of what a <template> holds */
export function copyOf(id) {
  const template = document.getElementById(id);
  const first = template instanceof HTMLTemplateElement ? template.content.firstElementChild : null;
  return first instanceof HTMLElement ? /** @type {HTMLElement} */ (first.cloneNode(true)) : null;
}

/** @param {number} at */
function moment(at) {
  return new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" }).format(at);
}

/** @param {HTMLFormElement} form @param {{id: string, at: number, value: {fields: Kept[]}}} draft */
function putBack(form, draft) {
  const left = write(form, draft.value.fields);
  const note = copyOf("draft-back");
  if (!note) return;
  const earlier = note.querySelector("[data-earlier]");
  if (earlier instanceof HTMLElement && left.length) {
    earlier.hidden = false;
    earlier.append(...left.map((each) => Object.assign(document.createElement("blockquote"), { textContent: each, dir: "auto" })));
  }
  const when = note.querySelector("[data-when]");
  if (when) when.textContent = moment(draft.at);
  note.querySelector("[data-draft-discard]")?.addEventListener("click", async () => {
    clearTimeout(timers.get(form));
    dirty.delete(form);
    await forget([draft.id]);
    window.dispatchEvent(new CustomEvent("oslonac:discard"));
    location.reload();
  });
  form.before(note);
}

/** The status of this page's own answer: 4xx is a form that came back with its errors. */
function cameBack() {
  const [entry] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  return (entry?.responseStatus ?? 0) >= 400 || document.querySelector("main [data-summary]") !== null;
}

/** @param {ParentNode} root */
async function restore(root) {
  const forms = [...root.querySelectorAll("main form")].filter(keeps);
  if (cameBack()) {
    for (const form of forms) returned.add(form);
    return;
  }
  const kept = store ? await store.list() : [];
  for (const form of forms) {
    const id = store ? await store.id(nameOf(form)) : "";
    const draft = kept.find((each) => each.id === id);
    if (!draft) continue;
    if (!changed(form) && same(draft.value.fields, read(form))) await forget([id]);
    else putBack(form, draft);
  }
}

/** At home: what was typed elsewhere and is not saved. */
async function remind() {
  const kept = (await store?.list()) ?? [];
  const note = kept.length && location.pathname === HOME ? copyOf("drafts-waiting") : null;
  const list = note?.querySelector("ul");
  if (!note || !list) return;
  for (const each of kept) {
    const link = document.createElement("a");
    link.href = each.value.path;
    link.textContent = `${each.value.title.split(" · ")[0]} · ${moment(each.at)}`;
    list.append(document.createElement("li"));
    list.lastElementChild?.append(link);
  }
  document.getElementById("main")?.prepend(note);
}

function heedSaved() {
  const found = SAVED.exec(document.cookie);
  if (!found) return Promise.resolve();
  document.cookie = `${found[1]}=; path=/; max-age=0; samesite=strict${location.protocol === "https:" ? "; secure" : ""}`;
  return forget(found[2].split("."));
}

async function begin() {
  await heedSaved();
  if (!about) return;
  const forms = [...document.querySelectorAll("main form")].some(keeps);
  const any = await holdsAny();
  if (!forms && !any) return;
  await opened();
  if (!store && forms) return tellUnkept();
  await restore(document);
  await remind();
  await tellSigningOut();
}

/** A browser that cannot keep anything says so where much is typed. A dead network may still come back. */
function tellUnkept() {
  if (window.isSecureContext && "indexedDB" in window && !navigator.onLine) return;
  const form = document.querySelector("main form[data-guard]");
  const note = copyOf("drafts-not-kept");
  if (form && note && !store) form.before(note);
}

/** The page that asks whether to sign out says what that destroys. */
async function tellSigningOut() {
  const kept = (await store?.list()) ?? [];
  const words = document.querySelector("[data-drafts-destroyed]");
  if (words instanceof HTMLElement) words.hidden = kept.length === 0;
}

/** @param {HTMLFormElement} form */
async function signOut(form) {
  const into = store ?? ((await holdsAny()) ? await opened() : null);
  for (const each of dirty) await keep(each);
  const kept = (await into?.list()) ?? [];
  const asks = form.getAttribute("action") ?? "";
  if (kept.length && location.pathname !== asks) {
    location.assign(asks);
    return;
  }
  await into?.clear();
  store = null;
  dirty.clear();
  window.dispatchEvent(new CustomEvent("oslonac:discard"));
  channel?.postMessage("signed out");
  form.submit();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!about || !(form instanceof HTMLFormElement) || !form.matches("[data-sign-out]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  signOut(form).catch(() => form.submit());
}, true);

/** @param {Event} event */
function typed(event) {
  const form = event.target instanceof Element ? event.target.closest("form") : null;
  if (!about || !event.isTrusted || !keeps(form)) return;
  dirty.add(form);
  clearTimeout(timers.get(form));
  timers.set(form, window.setTimeout(() => void keep(form), PAUSE_MS));
}
document.addEventListener("input", typed);
document.addEventListener("change", typed);

for (const going of ["pagehide", "visibilitychange"]) {
  window.addEventListener(going, () => { for (const form of dirty) void keep(form); }, true);
}
window.addEventListener("oslonac:leave", (event) => {
  const waits = /** @type {CustomEvent<Promise<unknown>[]>} */ (event).detail;
  for (const form of dirty) waits.push(keep(form));
});
window.addEventListener("oslonac:kept?", (event) => {
  const form = document.activeElement?.closest("form") ?? null;
  if (store && dirty.size === 0 && keeps(form)) event.preventDefault();
});
window.addEventListener("oslonac:session", (event) => {
  if (/** @type {CustomEvent} */ (event).detail.who !== about?.who) {
    store = opening = null; // what was typed stays on the page; a new sign-in brings a key
    for (const form of document.forms) if (keeps(form) && changed(form)) dirty.add(form);
  } else if (!store) {
    void opened().then(() => { for (const form of dirty) void keep(form); });
  }
});
window.addEventListener("online", () => {
  if (about && !store) void begin();
  else for (const form of dirty) void keep(form);
});
// Another tab signed out; its request may still be under way.
channel?.addEventListener("message", () => about && window.setTimeout(() => void still().catch(() => null), HEARD_MS));
document.addEventListener("htmx:afterSettle", (event) => {
  if (store && event.target instanceof Element && event.target.querySelector("form")) void restore(document);
});
void begin().catch(() => null);
