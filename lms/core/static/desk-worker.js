// Gives the desk's page out where there is no network: as it was kept by desk.js, for a day.
const KEPT = "desk", DAY = 24 * 3600 * 1000;
const answer = async (request) => {
  const page = request.mode === "navigate";
  const copy = await caches.match(request);
  try {
    const fresh = await fetch(request);
    if (!copy || !page || fresh.ok) return fresh;
    if (fresh.status >= 500) return copy;
    await caches.delete(KEPT);  // whoever is not signed in any more has no list of names
    return fresh;
  } catch (lost) {
    if (!copy || !request.destination) throw lost;  // a script that asks for the page wants to know that there is no network
    if (page && Date.now() - Date.parse(copy.headers.get("date")) > DAY) { await caches.delete(KEPT); throw lost; }
    return copy;
  }
};
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => { if (event.request.method === "GET") event.respondWith(answer(event.request)); });
