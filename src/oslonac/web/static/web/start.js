// @ts-check
/**
 * The scripts of a page come when it stands: on a slow line they would take their time from the styles
 * and the text, and every page works without them. This runs when the page is parsed and styled.
 */
const here = document.currentScript instanceof HTMLScriptElement ? document.currentScript.dataset : {};
let parsed = false;
document.addEventListener("DOMContentLoaded", () => { parsed = true; }, { once: true });

/** @param {string | undefined} src @param {string} type */
function bring(src, type) {
  const script = Object.assign(document.createElement("script"), { src, type, async: false });
  if (src) document.head.append(script);
  return script;
}

bring(here.page, "module");
// htmx begins when the page is parsed; that has been said by the time it is here.
bring(here.htmx, "text/javascript").addEventListener("load", () => {
  if (parsed && document.readyState !== "complete") document.dispatchEvent(new Event("DOMContentLoaded"));
});

window.addEventListener("load", () => {
  // While somebody signs in, what the next page needs comes already.
  for (const href of (here.next ?? "").split(" ").filter(Boolean)) {
    document.head.append(Object.assign(document.createElement("link"), { rel: "prefetch", as: "script", href }));
  }
});
