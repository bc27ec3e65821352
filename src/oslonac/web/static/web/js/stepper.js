// @ts-check
/**
 * One question a screen on a narrow viewport, the whole form on a wide one. Without this module the
 * whole form is shown everywhere. A step is a direct child .field (or [data-step]) of form[data-stepper].
 */

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
    form.querySelector("[data-step-back]")?.addEventListener("click", () => this.go(-1));
    form.querySelector("[data-step-next]")?.addEventListener("click", () => this.go(1));
    form.addEventListener("keydown", (event) => this.enter(event));
    form.addEventListener("invalid", (event) => this.reveal(event), true);
    NARROW.addEventListener("change", () => this.draw());
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
    return active >= 0 ? active : 0;
  }

  /** @param {number} by */
  go(by) {
    if (by > 0 && !this.valid()) return;
    this.at = Math.min(this.steps.length - 1, Math.max(0, this.at + by));
    this.draw();
    const first = this.steps[this.at].querySelector("input, select, textarea");
    if (first instanceof HTMLElement) first.focus({ preventScroll: true });
    this.form.scrollIntoView({ block: "start" });
  }

  valid() {
    for (const input of this.steps[this.at].querySelectorAll("input, select, textarea")) {
      if (input instanceof HTMLInputElement || input instanceof HTMLSelectElement || input instanceof HTMLTextAreaElement) {
        if (!input.reportValidity()) return false;
      }
    }
    return true;
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
