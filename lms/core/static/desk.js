// The desk of a workshop without a network: marks wait on this device and are sent, each once, as soon as there is a line.
const root = document.querySelector("[data-desk]");
if (root) {
  const key = "desk:" + root.dataset.name;
  const read = () => { try { return JSON.parse(localStorage.getItem(key)) || []; } catch { return []; } };
  let queue = read(), sending = false, timer = 0;
  const part = (name) => root.querySelector(`[data-${name}]`);
  const half = () => Number(part("half").value);
  const words = (text) => { const item = document.createElement("li"); item.textContent = text; part("told").append(item); };
  const keep = () => {
    try { localStorage.setItem(key, JSON.stringify(queue)); } catch { words("This device has no room left. Please send now, or write on paper."); }
    const refused = queue.filter((mark) => mark.refused).length;
    const waiting = queue.length - refused;
    part("waiting").textContent = (waiting === 1 ? "1 mark waits on this device." : `${waiting} marks wait on this device.`) + (refused ? ` ${refused} refused: see below.` : "");
    root.querySelectorAll("[data-enrolment]").forEach((row) => {
      const mine = queue.find((mark) => mark.enrolment === Number(row.dataset.enrolment) && mark.half_day === half());
      row.querySelectorAll("[data-state]").forEach((button) => button.setAttribute("aria-pressed", String((mine?.state || row.dataset["sent" + half()]) === button.dataset.state)));
    });
  };
  const send = async () => {
    clearTimeout(timer);
    const batch = queue.filter((mark) => !mark.refused);
    if (sending || !batch.length) return;
    sending = true;
    const body = new FormData();
    body.append("csrf_token", root.querySelector('[name="csrf_token"]').value);
    body.append("now", new Date().toISOString());
    body.append("marks", JSON.stringify(batch));
    try {
      const answer = await fetch(root.dataset.desk, { method: "POST", body });
      if (!answer.ok || answer.redirected) {
        words(answer.status === 429 || answer.status >= 500 ? "The server asks to wait; the marks stay here." : "Not accepted. Sign in again in another tab, then load this page again: the marks stay here.");
        throw new Error(answer.statusText);
      }
      const found = await answer.json();
      batch.forEach((mark) => {
        const result = found[mark.key];
        if (!result) return;
        const row = root.querySelector(`[data-enrolment="${mark.enrolment}"]`);
        if (result.what === "refused") { mark.refused = result.words; words(`${mark.name || row?.querySelector("bdi").textContent}: ${result.words}`); return; }
        if (result.what === "conflict") words(`${row?.querySelector("bdi").textContent}: marked otherwise already. Please decide on the page about attendance.`);
        else if (row) row.dataset["sent" + mark.half_day] = mark.state;
        queue = queue.filter((other) => other.key !== mark.key);
      });
    } catch { timer = setTimeout(send, 15000); } finally { sending = false; keep(); }
  };
  const put = (mark) => {
    queue.push({ key: Date.now().toString(36) + "-" + Math.random().toString(36).slice(2), half_day: half(), at: new Date().toISOString(), ...mark });
    keep();
    if (navigator.onLine) send();
  };
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-state]");
    if (!button) return;
    const enrolment = Number(button.closest("[data-enrolment]").dataset.enrolment);
    if (!sending) queue = queue.filter((mark) => mark.enrolment !== enrolment || mark.half_day !== half());
    put({ enrolment, state: button.dataset.state });
  });
  part("note").addEventListener("click", () => {
    const name = part("walk-in").value.trim();
    if (!name) { part("walk-in").focus(); return; }
    part("walk-in").value = "";
    put({ name });
  });
  part("send").addEventListener("click", send);
  part("half").addEventListener("change", keep);
  addEventListener("online", send);
  root.hidden = false;
  keep();
  send();
}
