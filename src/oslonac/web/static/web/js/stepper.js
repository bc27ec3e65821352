// @ts-check
/**
 * One question a screen on a narrow viewport, the whole form on a wide one. Without this module the
 * whole form is shown everywhere. A step is a direct child .field (or [data-step]) of form[data-stepper].
 */

import { differs } from "./fields.js";

const NARROW = window.matchMedia("(max-width: 639px)");

class Stepper {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    /** @type {HTMLElement[]} */
    this.steps = [...form.querySelectorAll(":scope > .field, :scope > [data-step]")].filter((step) => step instanceof HTMLElement);
    this.bar = /** @type {HTMLElement | null} */ (form.querySelector("[data-stepper-bar]"));
    this.foot = /** @type {HTMLElement | null} */ (form.querySelector("[data-stepper-foot]"));
    this.actions = /** @type {HTMLElement | null} */ (form.querySelector(":scope > .actions"));
    this.at = this.begin();
    this.marked = false;
    form.querySelector("[data-step-back]")?.addEventListener("click", () => this.go(-1));
    form.querySelector("[data-step-next]")?.addEventListener("click", () => this.go(1));
    form.addEventListener("keydown", (event) => this.enter(event));
    form.addEventListener("invalid", (event) => this.reveal(event), true);
    NARROW.addEventListener("change", () => this.draw());
    window.addEventListener("popstate", () => this.wentBack());
    this.draw();
  }

  get stepping() {
    return NARROW.matches && this.steps.length > 1;
  }

  /** Where the question is that holds an error; else where somebody types or has typed already. */
  begin() {
    const wrong = this.steps.findIndex((step) => step.matches(".wrong, :has(.wrong)"));
    if (wrong >= 0) return wrong;
    const active = this.steps.findIndex((step) => step.contains(document.activeElement));
    if (active >= 0) return active;
    const begun = this.steps.filter((step) => [...step.querySelectorAll("input, select, textarea")].some(differs)).at(-1);
    return begun ? this.steps.indexOf(begun) : 0;
  }

  /** @param {number} by */
  go(by) {
    if (by > 0 && !this.valid()) return;
    if (by < 0 && this.marked) return history.back(); // comes back to `wentBack`
    if (by > 0) this.mark();
    this.turn(by);
  }

  /** The way back of the browser leads one question back: one place in its history stands for all before. */
  mark() {
    if (!this.marked) history.pushState({ question: true }, "");
    this.marked = true;
  }

  wentBack() {
    if (!this.marked || !this.stepping || this.at === 0) return;
    this.marked = false;
    this.turn(-1);
    if (this.at > 0) this.mark();
  }

  /** @param {number} by */
  turn(by) {
    this.at = Math.min(this.steps.length - 1, Math.max(0, this.at + by));
    this.draw();
    const first = this.steps[this.at].querySelector("input, select, textarea");
    if (first instanceof HTMLElement) first.focus({ preventScroll: true });
    this.form.scrollIntoView({ block: "start" });
  }

  /** Whether the question is answered; what is missing is said beside it, in the language of the page. */
  valid() {
    for (const input of this.steps[this.at].querySelectorAll("input, select, textarea")) {
      if (!(input instanceof HTMLInputElement || input instanceof HTMLSelectElement || input instanceof HTMLTextAreaElement)) continue;
      if (input.checkValidity()) continue;
      this.complain(input);
      return false;
    }
    return true;
  }

  /** @param {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} input */
  complain(input) {
    const field = input.closest(".field") ?? input.parentElement;
    const id = `${input.id || input.name}-missing`;
    if (!document.getElementById(id)) {
      const words = document.createElement("p");
      words.className = "field-error";
      words.id = id;
      words.setAttribute("role", "alert");
      words.textContent = input.validity.valueMissing ? this.bar?.dataset.required ?? "" : input.validationMessage;
      input.before(words);
      const before = input.getAttribute("aria-describedby");
      input.setAttribute("aria-describedby", `${id} ${before ?? ""}`.trim());
      input.setAttribute("aria-invalid", "true");
      field?.classList.add("wrong");
      input.addEventListener("input", () => {
        words.remove();
        field?.classList.remove("wrong");
        input.removeAttribute("aria-invalid");
        if (before) input.setAttribute("aria-describedby", before);
        else input.removeAttribute("aria-describedby");
      }, { once: true });
    }
    input.focus();
  }

  /** A hidden step cannot show its complaint: go there first. @param {Event} event */
  reveal(event) {
    if (!this.stepping || !(event.target instanceof Element)) return;
    const wrong = this.steps.findIndex((step) => step.contains(/** @type {Element} */ (event.target)));
    if (wrong >= 0 && wrong < this.at) {
      this.at = wrong;
      this.draw();
    }
  }

  /** @param {KeyboardEvent} event */
  enter(event) {
    if (event.key !== "Enter" || !this.stepping || !(event.target instanceof HTMLInputElement)) return;
    if (this.at === this.steps.length - 1) return;
    event.preventDefault();
    this.go(1);
  }

  draw() {
    const { stepping } = this;
    const last = this.at === this.steps.length - 1;
    this.form.classList.toggle("stepping", stepping);
    this.steps.forEach((step, index) => { step.hidden = stepping && index !== this.at; });
    if (this.bar) this.bar.hidden = !stepping;
    if (this.foot) this.foot.hidden = !stepping;
    if (this.actions) this.actions.hidden = stepping && !last;
    this.write(last);
  }

  /** @param {boolean} last */
  write(last) {
    const text = this.bar?.querySelector("[data-step-text]");
    const progress = this.bar?.querySelector("progress");
    const words = text?.getAttribute("data-words") ?? "";
    if (text) text.textContent = words.replace("{number}", String(this.at + 1)).replace("{total}", String(this.steps.length));
    if (progress) progress.value = (this.at + 1) / this.steps.length;
    const next = this.foot?.querySelector("[data-step-next]");
    const back = this.foot?.querySelector("[data-step-back]");
    if (next instanceof HTMLElement) next.hidden = last;
    if (back instanceof HTMLElement) back.hidden = this.at === 0;
  }
}

/** @param {ParentNode} root */
function start(root) {
  for (const form of root.querySelectorAll("form[data-stepper]:not([data-ready])")) {
    form.setAttribute("data-ready", "");
    if (form instanceof HTMLFormElement) new Stepper(form);
  }
}
start(document);
document.addEventListener("htmx:load", () => start(document));
