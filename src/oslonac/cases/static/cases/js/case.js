// @ts-check
/**
 * The tabs of a case. They are plain links; here the arrows move between them, and an address of
 * before there were tabs ("…/#contacts") leads on to the tab that holds its place.
 */

const NAV = "case-tabs";

/** @param {string} anchor @param {Element} nav @returns {string} the tab that holds a place */
function tabOf(anchor, nav) {
  const places = new Map();
  for (const each of (nav.getAttribute("data-places") ?? "").split(" ")) {
    const [name, tab] = each.split(":");
    places.set(name, tab);
  }
  return places.get(anchor) ?? places.get(anchor.split("-")[0]) ?? "";
}

function leadOn() {
  const nav = document.getElementById(NAV);
  const anchor = decodeURIComponent(location.hash.slice(1));
  if (!nav || !anchor || document.getElementById(anchor)) return;
  const links = [...nav.querySelectorAll("a")];
  const tab = tabOf(anchor, nav);
  const wanted = tab === "now" ? links[0] : links.find((link) => link.pathname.endsWith(`/${tab}/`));
  if (!wanted || wanted.hasAttribute("aria-current")) return;
  location.replace(`${wanted.pathname}#${anchor}`);
}

/** A link to a row that stands in a fold opens the fold. */
function unfold() {
  const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let fold = place?.closest("details"); fold; fold = fold.parentElement?.closest("details")) fold.open = true;
  if (place) place.scrollIntoView();
}

document.addEventListener("keydown", (event) => {
  const here = event.target instanceof HTMLAnchorElement ? event.target : null;
  const nav = here?.closest(`#${NAV}`);
  if (!nav || !here || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const links = [...nav.querySelectorAll("a")];
  const onward = document.documentElement.dir === "rtl" ? -1 : 1;
  const moves = { ArrowRight: onward, ArrowLeft: -onward, Home: -links.length, End: links.length };
  const move = moves[/** @type {keyof typeof moves} */ (event.key)];
  if (move === undefined) return;
  event.preventDefault();
  const place = links.indexOf(here) + move;
  const next = Math.abs(move) === 1 ? (place + links.length) % links.length : Math.min(Math.max(place, 0), links.length - 1);
  links[next].focus();
});

/** On a phone the current tab is brought into sight. */
function show() {
  const current = document.querySelector(`#${NAV} [aria-current]`);
  const nav = document.getElementById(NAV);
  if (!(current instanceof HTMLElement) || !nav || nav.scrollWidth <= nav.clientWidth) return;
  nav.scrollLeft += current.getBoundingClientRect().left - nav.getBoundingClientRect().left - nav.clientWidth / 3;
}

document.addEventListener("htmx:afterSettle", (event) => {
  if (!(event.target instanceof Element) || event.target.id !== "case-tab") return;
  show();
  const head = document.querySelector(".case-head");
  if (head && head.getBoundingClientRect().top <= 60) window.scrollTo({ top: 0 });
});
window.addEventListener("hashchange", () => { leadOn(); unfold(); });
leadOn();
unfold();
show();
