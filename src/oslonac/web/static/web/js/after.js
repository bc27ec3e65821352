// @ts-check
/** What was just said is heard: live regions speak of changes, so what came with the page is put in anew. */

const toasts = document.getElementById("toasts");
const said = [...(toasts?.children ?? [])];
if (toasts && said.length) {
  toasts.replaceChildren();
  window.setTimeout(() => toasts.append(...said), 150);
}
