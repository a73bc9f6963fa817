// Gives the desk's page out where there is no network: as it was when it was seen last, for a day. Only what desk.js put aside is kept.
const KEPT = "desk", DAY = 24 * 3600 * 1000;
const answer = async (request) => {
  const page = request.mode === "navigate", kept = await caches.open(KEPT), copy = await kept.match(request);
  try {
    const fresh = await fetch(request);
    if (!copy || !page) return fresh;
    if (fresh.status >= 500) return copy;
    if (fresh.ok) await kept.put(request, fresh.clone());
    else await caches.delete(KEPT);  // whoever is not signed in any more has no list of names
    return fresh;
  } catch (lost) {
    if (!copy) throw lost;
    if (page && Date.now() - Date.parse(copy.headers.get("date")) > DAY) { await caches.delete(KEPT); throw lost; }
    return copy;
  }
};
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => { if (event.request.method === "GET") event.respondWith(answer(event.request)); });
