// Asks the browser to take pushed messages, and hands its address to the form of the page.
// Without scripts, or in a browser without push, the page says so and offers e-mail.
// @ts-check

const box = document.querySelector("[data-push]");
if (box instanceof HTMLElement) start(box);

/** @param {HTMLElement} box */
function start(box) {
  const form = box.querySelector("form");
  if (!(form instanceof HTMLFormElement)) return;
  const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  show(box, !able ? "unable" : Notification.permission === "denied" ? "denied" : "ready");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    subscribe(box, form).catch(() => show(box, "failed"));
  });
}

/** @param {HTMLElement} box @param {string} state */
function show(box, state) {
  for (const part of box.querySelectorAll("[data-when]")) {
    if (part instanceof HTMLElement) {
      part.hidden = !(part.dataset.when || "").split(" ").includes(state);
    }
  }
}

/** @param {HTMLElement} box @param {HTMLFormElement} form */
async function subscribe(box, form) {
  if ((await Notification.requestPermission()) !== "granted") return show(box, "denied");
  const scope = box.dataset.scope || "/";
  const registration = await navigator.serviceWorker.register(box.dataset.worker || "", { scope });
  await active(registration);
  const key = bytes(box.dataset.key || "");
  const old = await registration.pushManager.getSubscription();
  if (old) await old.unsubscribe();
  const made = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: key,
  });
  const said = made.toJSON();
  put(form, "endpoint", said.endpoint || "");
  put(form, "p256dh", (said.keys && said.keys.p256dh) || "");
  put(form, "auth", (said.keys && said.keys.auth) || "");
  put(form, "label", browser());
  form.submit();
}

/** @param {ServiceWorkerRegistration} registration */
function active(registration) {
  if (registration.active) return Promise.resolve();
  const worker = registration.installing || registration.waiting;
  return new Promise((done) => {
    if (!worker) return done(undefined);
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") done(undefined);
    });
  });
}

/** @param {HTMLFormElement} form @param {string} name @param {string} value */
function put(form, name, value) {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLInputElement) field.value = value;
}

/** base64url to bytes. @param {string} text */
function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** A name by which one knows one's own browser again: "Firefox, Android". */
function browser() {
  const agent = navigator.userAgent;
  const kinds = ["Edg", "OPR", "SamsungBrowser", "Firefox", "Chrome", "Safari"];
  const systems = ["Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"];
  const kind = kinds.find((each) => agent.includes(each)) || "";
  const system = systems.find((each) => agent.includes(each)) || "";
  return [kind.replace("Edg", "Edge").replace("OPR", "Opera"), system].filter(Boolean).join(", ");
}
