// @ts-check
/** The search box of the header: arrows through what was found, Enter opens it, Escape closes. */

const box = document.querySelector("[data-find]");
const field = box?.querySelector("input[type=search]");
const found = box?.querySelector("[data-find-found]");

/** @returns {HTMLElement[]} */
function options() {
  return Array.from(found?.querySelectorAll("[role=option]") ?? []);
}

/** @param {HTMLElement | undefined} option */
function choose(option) {
  for (const each of options()) each.setAttribute("aria-selected", String(each === option));
  if (option) {
    field?.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else {
    field?.removeAttribute("aria-activedescendant");
  }
}

function chosen() {
  return options().find((each) => each.getAttribute("aria-selected") === "true");
}

function close() {
  if (found) found.replaceChildren();
  field?.setAttribute("aria-expanded", "false");
  choose(undefined);
}

field?.addEventListener("keydown", (event) => {
  if (!(event instanceof KeyboardEvent) || event.isComposing) return;
  const list = options();
  const now = chosen();
  if (event.key === "Escape") {
    if (list.length) {
      event.stopPropagation();
      event.preventDefault(); // the browser would empty the box as well
    }
    close();
  } else if (event.key === "Enter" && now) {
    event.preventDefault();
    now.click();
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && list.length) {
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    const at = now ? list.indexOf(now) + step : step > 0 ? 0 : list.length - 1;
    choose(list[at]);
  }
});

found?.addEventListener("htmx:afterSwap", () => {
  field?.setAttribute("aria-expanded", String(options().length > 0));
  field?.removeAttribute("aria-activedescendant");
});
