// The desk of a workshop without a network: marks wait on this device and are sent, each once, as soon as there is a line.
// The page is kept on the device too, so that it opens without a network; desk-worker.js gives it out.
const root = document.querySelector("[data-desk]");
if (root) {
  const prefix = `desk:${root.dataset.name}:`;
  const MISTAP = 3000, AGAIN = 15000;
  const part = (name) => root.querySelector(`[data-${name}]`);
  const all = (selector, from = root) => [...from.querySelectorAll(selector)];
  const make = (tag, props, ...children) => { const node = Object.assign(document.createElement(tag), props); node.append(...children); return node; };
  const half = () => Number(part("half").value);
  const halfName = (mark) => all("option", part("half")).find((option) => Number(option.value) === mark.half_day)?.textContent || "another half-day";
  const rowOf = (mark) => root.querySelector(`[data-enrolment="${mark.enrolment}"]`);
  const who = (mark) => mark.name || rowOf(mark)?.querySelector("bdi").textContent || "Somebody who is not on this list";
  const tell = (text) => part("told").prepend(make("li", { textContent: text }));
  const plural = (count, one, many) => (count === 1 ? one : many.replace("#", count));

  // Each mark is kept under a name of its own, so that two tabs never overwrite what the other one keeps.
  const queue = new Map();
  try {
    Object.keys(localStorage).filter((key) => key.startsWith(prefix)).sort()
      .forEach((key) => { const mark = JSON.parse(localStorage.getItem(key)); queue.set(mark.key, mark); });
  } catch { tell("This browser keeps nothing between visits: leave this page open until everything is sent."); }
  const keep = (mark) => {
    queue.set(mark.key, mark);
    try { localStorage.setItem(prefix + mark.key, JSON.stringify(mark)); } catch { tell("This device has no room left. Please send now, or write on paper."); }
  };
  const drop = (mark) => {
    queue.delete(mark.key);
    try { localStorage.removeItem(prefix + mark.key); } catch { /* it was never kept */ }
  };
  const marks = () => [...queue.values()];
  const ready = () => marks().filter((mark) => !mark.refused);

  let sending = false, timer = 0;
  const show = () => {
    const refused = marks().filter((mark) => mark.refused), waiting = ready();
    part("waiting").textContent = (waiting.length ? plural(waiting.length, "1 mark waits on this device.", "# marks wait on this device.") : "No mark waits on this device.") + (refused.length ? ` ${refused.length} refused, see below.` : "");
    part("send").hidden = !waiting.length;
    part("left").replaceChildren(...refused.map(refusal), ...waiting.filter((mark) => mark.name).map((mark) => make("li", { textContent: `${mark.name}, ${halfName(mark)}: not on the list, waits.` })));
    all("[data-enrolment]").forEach((row) => {
      const mine = marks().findLast((mark) => mark.enrolment === Number(row.dataset.enrolment) && mark.half_day === half());
      const state = mine?.state || row.dataset["sent" + half()];
      all("[data-state]", row).forEach((button) => button.setAttribute("aria-pressed", String(state === button.dataset.state)));
      row.querySelector("[data-now]").textContent = mine ? (mine.refused ? "refused" : "waits") : row.dataset["note" + half()] || (state ? "sent" : "");
    });
  };
  const refusal = (mark) => {
    const button = make("button", { type: "button", className: "btn quiet", textContent: "Forget it" });
    button.onclick = () => { drop(mark); show(); };
    return make("li", {}, `${who(mark)}, ${halfName(mark)}${mark.state ? `, ${mark.state}` : ""}: ${mark.refused} `, button);
  };
  const settle = (mark, result) => {
    if (!result) return;
    if (result.what === "refused") { keep({ ...mark, refused: result.words }); return; }
    drop(mark);
    const row = rowOf(mark);
    if (result.what === "conflict") {
      tell(`${who(mark)}, ${halfName(mark)}: marked otherwise already. Somebody decides on the page about attendance.`);
      if (row) row.dataset["note" + mark.half_day] = "to decide";
    } else if (row) {
      row.dataset["sent" + mark.half_day] = mark.state;
      delete row.dataset["note" + mark.half_day];
    } else if (mark.name) tell(`${mark.name}: noted. Somebody says on the page about attendance who it is.`);
  };
  const post = async (batch) => {
    const body = new FormData();
    body.append("csrf_token", root.querySelector('[name="csrf_token"]').value);
    body.append("now", new Date().toISOString());
    body.append("marks", JSON.stringify(batch));
    const answer = await fetch(root.dataset.desk, { method: "POST", body });
    if (answer.ok && !answer.redirected) return answer.json();
    tell(answer.status === 429 || answer.status >= 500 ? "The server asks to wait; the marks stay here." : "Not accepted. Sign in again in another tab, then load this page again: the marks stay here.");
    throw new Error(answer.statusText);
  };
  const send = async () => {
    clearTimeout(timer);
    const batch = ready().slice(0, 500);
    if (sending || !batch.length) return;
    sending = true;
    try {
      const found = await post(batch);
      batch.forEach((mark) => settle(mark, found[mark.key]));
    } catch { timer = setTimeout(send, AGAIN); }
    sending = false;
    show();
  };
  const put = (mark) => {
    const at = new Date().toISOString();
    keep({ key: `${at}-${Math.random().toString(36).slice(2)}`, half_day: half(), at, ...mark });
    show();
    clearTimeout(timer);
    timer = setTimeout(send, MISTAP);  // what is pressed by mistake is put right before it is sent
  };
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-state]");
    if (!button) return;
    const enrolment = Number(button.closest("[data-enrolment]").dataset.enrolment);
    const before = sending ? [] : marks().filter((mark) => mark.enrolment === enrolment && mark.half_day === half());
    before.forEach(drop);
    if (before.some((mark) => mark.state === button.dataset.state && !mark.refused)) show();
    else put({ enrolment, state: button.dataset.state });
  });
  // Badges: a code that is typed, that a hand scanner types, or that the camera sees where the browser can read codes by itself.
  const SAME = 3000, BLINK = 250;
  const said = (text) => { part("said").textContent = text; };
  const badge = (text) => {
    const code = text.toUpperCase().replace(/[^A-Z0-9]/g, "");
    const row = code && all("[data-badge]").find((one) => one.dataset.badge === code);
    if (!row) { said(`Nobody on this list has the badge ${text.trim().slice(0, 40)}. Find them by name.`); return; }
    const name = row.querySelector("bdi").textContent, button = row.querySelector('[data-state="present"]');
    if (button.getAttribute("aria-pressed") === "true") { said(`${name} is present already.`); return; }
    button.click();
    said(`${name} is present.`);
  };
  const read = () => {
    const text = part("code").value;
    part("code").value = "";
    part("code").focus();
    if (text.trim()) badge(text);
  };
  part("read").addEventListener("click", read);
  part("code").addEventListener("keydown", (event) => { if (event.key === "Enter") read(); });
  const camera = part("camera");
  let seeing = null, seen = "", seenAt = 0;
  const stop = () => {
    seeing?.getTracks().forEach((track) => track.stop());
    seeing = camera.srcObject = null;
    camera.hidden = true;
    part("scan").setAttribute("aria-pressed", "false");
  };
  const watch = async (detector, stream) => {
    while (seeing === stream) {
      const found = camera.readyState < HTMLMediaElement.HAVE_CURRENT_DATA ? [] : await detector.detect(camera);
      found.forEach(({ rawValue }) => {
        if (rawValue !== seen || Date.now() - seenAt > SAME) badge(rawValue);
        seen = rawValue;
        seenAt = Date.now();
      });
      await new Promise((done) => setTimeout(done, BLINK));
    }
  };
  const scan = async () => {
    if (seeing) { stop(); return; }
    try {
      const detector = new BarcodeDetector({ formats: ["qr_code"] });
      seeing = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      camera.srcObject = seeing;
      camera.hidden = false;
      part("scan").setAttribute("aria-pressed", "true");
      await camera.play();
      await watch(detector, seeing);
    } catch { stop(); said("The camera can't be used. Type the code, or find them by name."); }
  };
  if ("BarcodeDetector" in window && navigator.mediaDevices) part("scan").hidden = false;
  part("scan").addEventListener("click", scan);
  const note = () => {
    const name = part("walk-in").value.trim();
    part("walk-in").focus();
    if (!name) return;
    part("walk-in").value = "";
    put({ name });
  };
  part("note").addEventListener("click", note);
  part("walk-in").addEventListener("keydown", (event) => { if (event.key === "Enter") note(); });
  part("send").addEventListener("click", send);
  part("half").addEventListener("change", show);
  addEventListener("online", send);

  const keepPage = async () => {
    try {
      if (!navigator.serviceWorker.controller) await navigator.serviceWorker.register(root.dataset.worker);
      await navigator.serviceWorker.ready;
      const kept = await caches.open("desk"), missing = [];
      const parts = all("link[rel=stylesheet], link[rel=icon], script[src]", document).map((node) => node.href || node.src);
      for (const address of [location.href, ...parts]) if (!(await kept.match(address))) missing.push(address);
      await kept.addAll(missing);
      part("kept").textContent = `The list is of ${root.dataset.made}. For a day, this page also opens without a network on this device.`;
    } catch { part("kept").textContent = "This browser can't open this page again without a network: keep it open."; }
  };

  const now = Date.now();
  const current = all("option", part("half")).find((option) => now <= Date.parse(option.dataset.closes));
  if (current) part("half").value = current.value;
  root.hidden = false;
  show();
  send();
  keepPage();
}
