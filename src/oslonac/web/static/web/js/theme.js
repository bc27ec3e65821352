// @ts-check
/** Light, dark or as the device: kept in a cookie, so that the server draws the page right at once. */

const root = document.documentElement;
for (const part of document.querySelectorAll(".needs-js")) part.removeAttribute("hidden");

/** @param {string} choice "", "light" or "dark" */
function apply(choice) {
  if (choice) root.dataset.theme = choice;
  else delete root.dataset.theme;
  const https = location.protocol === "https:";
  const name = https ? "__Host-theme" : "theme"; // as web/context.py reads it
  const age = choice ? 31536000 : 0;
  document.cookie = `${name}=${choice}; path=/; max-age=${age}; samesite=lax${https ? "; secure" : ""}`;
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.getAttribute("data-theme-choice") === choice));
  }
}

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element && event.target.closest("[data-theme-choice]");
  if (button) apply(button.getAttribute("data-theme-choice") ?? "");
});
