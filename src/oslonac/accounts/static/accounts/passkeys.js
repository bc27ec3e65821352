// @ts-check
/**
 * Passkeys (WebAuthn Level 2). A button with data-passkey ("create", "get", or "sign-in") asks the
 * browser, puts the answer as JSON into its form's [data-passkey-credential] and sends the form.
 * The options come from a JSON script (data-source) or, for signing in, from data-url.
 */

/** @param {string} text base64url @returns {ArrayBuffer} */
function bytes(text) {
  const padded = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0)).buffer;
}

/** @param {ArrayBuffer} buffer @returns {string} base64url without padding */
function text(buffer) {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** @param {any} listed */
function described(listed) {
  return (listed ?? []).map((/** @type {any} */ each) => ({ ...each, id: bytes(each.id) }));
}

/** @param {any} options @param {boolean} resident */
async function create(options, resident) {
  const given = options.creation_options.publicKey;
  const selection = { ...given.authenticatorSelection };
  if (resident) {
    Object.assign(selection, { residentKey: "required", requireResidentKey: true, userVerification: "required" });
  }
  return navigator.credentials.create({
    publicKey: {
      ...given,
      challenge: bytes(given.challenge),
      user: { ...given.user, id: bytes(given.user.id) },
      excludeCredentials: described(given.excludeCredentials),
      authenticatorSelection: selection,
    },
  });
}

/** @param {any} options */
async function get(options) {
  const given = options.request_options.publicKey;
  return navigator.credentials.get({
    publicKey: { ...given, challenge: bytes(given.challenge), allowCredentials: described(given.allowCredentials) },
  });
}

/** The credential as the server reads it. @param {any} found */
function written(found) {
  /** @type {Record<string, string>} */
  const response = { clientDataJSON: text(found.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (found.response[name]) response[name] = text(found.response[name]);
  }
  return JSON.stringify({
    id: found.id,
    rawId: text(found.rawId),
    type: found.type,
    response,
    clientExtensionResults: found.getClientExtensionResults(),
  });
}

/** @param {HTMLElement} button */
async function options(button) {
  const url = button.dataset.url;
  if (!url) return JSON.parse(document.getElementById(button.dataset.source ?? "")?.textContent ?? "{}");
  const answer = await fetch(url, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
  if (!answer.ok) throw new Error(`passkey options: ${answer.status}`);
  return answer.json();
}

/** @param {HTMLButtonElement} button */
async function press(button) {
  const form = button.form;
  const place = form?.querySelector("[data-passkey-credential]");
  const failed = form?.querySelector("[data-passkey-failed]");
  if (!form || !(place instanceof HTMLInputElement)) return;
  failed?.setAttribute("hidden", "");
  button.disabled = true;
  try {
    const given = await options(button);
    const wish = form.querySelector("[data-passkey-resident]");
    const resident = wish instanceof HTMLInputElement && wish.checked;
    place.value = written(button.dataset.passkey === "create" ? await create(given, resident) : await get(given));
    form.noValidate = true;
    form.submit();
  } catch {
    failed?.removeAttribute("hidden");
    button.disabled = false;
  }
}

for (const button of document.querySelectorAll("button[data-passkey]")) {
  if (!(button instanceof HTMLButtonElement)) continue;
  if (!window.PublicKeyCredential) button.closest(".needs-js")?.remove();
  button.addEventListener("click", () => void press(button));
}
