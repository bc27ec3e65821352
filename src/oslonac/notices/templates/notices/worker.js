// Shows a pushed message and opens Oslonac when it is pressed. It has no "fetch" listener, so it
// never stands between a page and the server, and it keeps nothing on the device.
"use strict";

self.addEventListener("push", (event) => {
  let said = {};
  try {
    said = event.data ? event.data.json() : {};
  } catch {
    said = {};
  }
  const options = { body: said.body || "", tag: "oslonac", renotify: true, lang: said.lang || "" };
  event.waitUntil(self.registration.showNotification(said.title || "Oslonac", options));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open_inbox());
});

async function open_inbox() {
  const inbox = new URL("./", self.registration.scope).href;
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const open = pages.find((page) => new URL(page.url).origin === self.location.origin);
  return open ? open.focus().then((page) => page.navigate(inbox).catch(() => self.clients.openWindow(inbox))) : self.clients.openWindow(inbox);
}
