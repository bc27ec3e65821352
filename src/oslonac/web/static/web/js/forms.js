// @ts-check
/**
 * Two guards of long forms (data-guard): unsaved changes are not left behind without a question, and
 * Enter in a field moves on instead of sending what is half told. Without this script Enter does
 * nothing there: the first submit of such a form is a disabled one.
 */

/** @type {Set<HTMLFormElement>} */
const changed = new Set();

document.addEventListener("input", (event) => {
  const form = event.target instanceof Element ? event.target.closest("form[data-guard]") : null;
  if (form instanceof HTMLFormElement) changed.add(form);
});

window.addEventListener("beforeunload", (event) => {
  if ([...changed].some((form) => form.isConnected)) event.preventDefault();
});
window.addEventListener("oslonac:sent", (event) => changed.delete(/** @type {CustomEvent} */ (event).detail));
for (const given of ["oslonac:leave", "oslonac:discard"]) window.addEventListener(given, () => changed.clear());

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key !== "Enter" || event.isComposing || event.defaultPrevented) return;
  if ((event.ctrlKey || event.metaKey) && field instanceof Element) return saveFrom(field, event);
  if (!(field instanceof HTMLInputElement) || /^(submit|button|image|reset|file)$/.test(field.type)) return;
  if (!field.form?.matches("[data-guard], [data-stepper]")) return;
  event.preventDefault();
  const onward = [...field.form.elements].filter((each) => each instanceof HTMLElement && each.tabIndex >= 0 && each.checkVisibility());
  const next = onward.slice(onward.indexOf(field) + 1).find((each) => !(each instanceof HTMLInputElement && each.type === "radio" && each.name === field.name));
  if (next instanceof HTMLElement) next.focus();
});

/** Control and Enter press the main button of a long form. @param {Element} field @param {KeyboardEvent} event */
function saveFrom(field, event) {
  const form = field.closest("form[data-guard]");
  const button = [...form?.querySelectorAll("button.main:not([type=button])") ?? []].at(-1);
  if (!(form instanceof HTMLFormElement) || !(button instanceof HTMLButtonElement) || !button.checkVisibility()) return;
  event.preventDefault();
  form.requestSubmit(button);
}

const summary = document.querySelector("[data-summary]");
if (summary instanceof HTMLElement) summary.focus();
