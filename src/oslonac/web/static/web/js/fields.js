// @ts-check
/** What stands in the fields of a form, read and put back. Secrets, files and form tokens are left out. */

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */
/** @typedef {{key: string, value: string | string[], on?: boolean, hidden?: boolean}} Kept */

const NEVER = new Set(["password", "file", "submit", "button", "image", "reset"]);
const NAMES = new Set(["csrfmiddlewaretoken", "draft"]);

/** @param {Element} each @returns {each is Field} */
function counts(each) {
  if (!(each instanceof HTMLInputElement || each instanceof HTMLSelectElement || each instanceof HTMLTextAreaElement)) return false;
  return Boolean(each.name) && !NEVER.has(each.type) && !NAMES.has(each.name) && !each.closest("[data-no-draft]") &&
    !/one-time-code|password/.test(each.autocomplete);
}

/** @param {HTMLFormElement} form @returns {[string, Field][]} each field with the key under which it is found again */
function fields(form) {
  /** @type {Map<string, number>} */
  const seen = new Map();
  return [...form.elements].filter(counts).map((each) => {
    const name = chosen(each) ? `${each.name}=${each.value}` : each.name;
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return [`${name}#${before}`, each];
  });
}

/** @param {Field} field @returns {field is HTMLInputElement} */
function chosen(field) {
  return field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio");
}

/** Whether a person types or chooses anything here. @param {HTMLFormElement} form */
export function takesText(form) {
  return fields(form).some(([, each]) => each.type !== "hidden");
}

/** Whether a field holds other than the server put there. @param {Element} field */
export function differs(field) {
  if (!counts(field) || field.type === "hidden") return false;
  if (chosen(field)) return field.checked !== field.defaultChecked;
  if (!(field instanceof HTMLSelectElement)) return field.value !== field.defaultValue;
  if (field.multiple) return [...field.options].some((each) => each.selected !== each.defaultSelected);
  const first = [...field.options].find((each) => each.defaultSelected) ?? field.options[0];
  return first !== undefined && field.value !== first.value;
}

/** @param {HTMLFormElement} form */
export function changed(form) {
  return fields(form).some(([, each]) => differs(each));
}

/** @param {HTMLFormElement} form @returns {Kept[]} */
export function read(form) {
  return fields(form).map(([key, each]) => {
    if (chosen(each)) return { key, value: each.value, on: each.checked };
    if (each instanceof HTMLSelectElement && each.multiple) return { key, value: [...each.selectedOptions].map((one) => one.value) };
    return { key, value: each.value, hidden: each.type === "hidden" };
  });
}

/** Whether what a person typed is the same in both. @param {Kept[]} one @param {Kept[]} other */
export function same(one, other) {
  const typed = (/** @type {Kept[]} */ all) => JSON.stringify(all.filter((each) => !each.hidden));
  return typed(one) === typed(other);
}

/**
 * Put what was kept back: also hidden fields, so that what was sent already is not stored twice (the
 * key of the request) and what changed meanwhile is noticed (the revision). A field in which somebody
 * has begun to type stays as it is.
 * @param {HTMLFormElement} form @param {Kept[]} kept @returns {string[]} what was kept of such fields
 */
export function write(form, kept) {
  const values = new Map(kept.map((each) => [each.key, each]));
  const left = [];
  for (const [key, field] of fields(form)) {
    const was = values.get(key);
    if (!was) continue;
    if (!differs(field)) put(field, was);
    else if (!chosen(field) && field.value !== was.value) left.push([was.value].flat().join(", "));
  }
  return left.filter(Boolean);
}

/** @param {Field} field @param {Kept} was */
function put(field, was) {
  if (chosen(field)) field.checked = Boolean(was.on);
  else if (field instanceof HTMLSelectElement) {
    const wanted = [was.value].flat();
    const known = [...field.options].some((each) => wanted.includes(each.value));
    if (field.multiple) for (const each of field.options) each.selected = wanted.includes(each.value);
    else if (known) field.value = wanted[0];
  } else field.value = String(was.value);
  if (differs(field)) show(field);
}

/** A fold that holds what came back is opened; what htmx shows beside a field is asked for. @param {Field} field */
function show(field) {
  for (let fold = field.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null) fold.open = true;
  if (field.closest("[hx-get], [hx-post]")) field.dispatchEvent(new Event("input", { bubbles: true }));
}
