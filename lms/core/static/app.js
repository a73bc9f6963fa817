// Removes waits; every task works without it. Each part looks for its data attribute and does nothing else.
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const make = (tag, props, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};
const store = {
  get: (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
  set: (key, value) => { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* storage is full or closed */ } },
  keys: () => { try { return Object.keys(localStorage); } catch { return []; } },
  drop: (key) => { try { localStorage.removeItem(key); } catch { /* the same */ } },
};
const live = document.body.appendChild(make("div", { className: "sr" }));
live.setAttribute("role", "status");
const say = (text) => { live.textContent = text; };
const later = (wait, task) => {
  let timer = 0;
  return (...args) => { clearTimeout(timer); timer = setTimeout(task, wait, ...args); };
};

// Answers: form[data-autosave] sends each [data-item] on its own; what can't be sent waits on this device.
const OLD = 30 * 24 * 3600 * 1000;
const fieldsOf = (item) => all("input, select, textarea", item).filter((f) => f.name && !f.disabled);
const pairsOf = (item) => fieldsOf(item)
  .filter((f) => !/^(radio|checkbox)$/.test(f.type) || f.checked)
  .map((f) => [f.name, f.value]);

const putBack = (item, pairs) => {
  const left = pairs.map(([name, value]) => name + "\n" + value);
  const take = (f, value) => { const i = left.indexOf(f.name + "\n" + value); if (i >= 0) left.splice(i, 1); return i >= 0; };
  const open = new Map();
  pairs.forEach(([name, value]) => open.set(name, [...(open.get(name) || []), value]));
  fieldsOf(item).forEach((f) => {
    if (/^(radio|checkbox)$/.test(f.type)) f.checked = take(f, f.value);
    else if (open.get(f.name)?.length) f.value = open.get(f.name).shift();
  });
};

const autosave = (form) => {
  const url = form.dataset.autosave;
  const key = "answers:" + new URL(url, location.href).pathname;
  const shown = form.querySelector("[data-saved]") || document.querySelector("[data-saved]");
  const queue = store.get(key) || {};
  const known = {};
  const pending = () => Object.values(queue);
  let sending = false, failed = 0, timer = 0, banner = null;

  const notice = () => {
    const count = pending().length;
    const refusal = pending().find((entry) => entry.refused)?.refused;
    if (!count || (!failed && navigator.onLine && !refusal)) { banner?.remove(); banner = null; return; }
    if (!banner) {
      const again = () => { pending().forEach((entry) => delete entry.refused); send(); };
      banner = make("div", { className: "notice warn waiting" }, make("div"), make("button", { type: "button", className: "btn line", textContent: "Send now", onclick: again }));
      banner.setAttribute("role", "status");
      form.append(banner);
    }
    const text = `${count} ${count === 1 ? "answer" : "answers"} waiting on this device. ${refusal || "Sent as soon as the connection is back."}`;
    if (banner.firstChild.textContent !== text) banner.firstChild.textContent = text;
  };
  const keep = () => { if (pending().length) store.set(key, queue); else store.drop(key); notice(); };

  const post = async (entry) => {
    const body = new URLSearchParams();
    entry.pairs.forEach(([name, value]) => body.append(name, value));
    all('input[name="csrf_token"], input[data-always]', form).forEach((f) => body.set(f.name, f.value));
    const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" }, keepalive: true });
    const json = (answer.headers.get("content-type") || "").includes("json") ? await answer.json() : {};
    if (answer.ok && json.saved && !answer.redirected) return json.saved;
    if (answer.status < 500 && answer.status !== 429) {
      entry.refused = json.message || (answer.redirected || answer.status === 401 ? "Sign in again in another tab, then send." : "Not accepted: please load the page again.");
    }
    throw new Error(answer.statusText);
  };

  const send = async () => {
    clearTimeout(timer);
    if (sending) return;
    sending = true;
    const ready = () => Object.keys(queue).find((id) => !queue[id].refused);
    for (let id = ready(); id; id = ready()) {
      const entry = queue[id];
      try {
        const saved = await post(entry);
        if (queue[id] === entry) delete queue[id];
        known[id] = String(entry.pairs);
        failed = 0;
        if (shown) shown.textContent = "saved " + saved;
      } catch {
        if (entry.refused) continue;
        failed += 1;
        timer = setTimeout(send, Math.min(2 ** failed, 60) * (750 + Math.random() * 500));
        break;
      } finally { keep(); }
    }
    sending = false;
  };

  const soon = later(600, send);
  const changed = (event) => {
    const item = event.target.closest("[data-item]");
    if (!item || !event.target.name) return;
    const id = item.dataset.item, pairs = pairsOf(item);
    if (!queue[id] && known[id] === String(pairs)) return;
    queue[id] = { at: Date.now(), pairs };
    keep();
    if (event.type === "change") send(); else soon();
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  addEventListener("online", send);
  addEventListener("offline", notice);
  addEventListener("pagehide", send);
  all("[data-item]", form).forEach((item) => {
    const waiting = queue[item.dataset.item];
    if (waiting) putBack(item, waiting.pairs);
  });
  pending().forEach((entry) => delete entry.refused);
  send();
};
store.keys().filter((key) => key.startsWith("answers:")).forEach((key) => {
  if (!Object.values(store.get(key) || {}).some((entry) => Date.now() - entry.at < OLD)) store.drop(key);
});
all("form[data-autosave]").forEach(autosave);

// Time left: [data-countdown] with the server's clock in data-now; hands the form in at zero, or once the line is back.
all("[data-countdown]").forEach((node) => {
  const form = node.dataset.form ? document.getElementById(node.dataset.form) : node.closest("form");
  const text = node.querySelector("span:last-child") || node;
  const offset = Date.parse(node.dataset.now) - Date.now();
  const deadline = Date.parse(node.dataset.countdown);
  const told = new Set();
  const two = (n) => String(n).padStart(2, "0");
  const tick = () => {
    const left = Math.max(0, Math.ceil((deadline - offset - Date.now()) / 1000));
    const minutes = Math.floor(left / 60);
    text.textContent = (minutes >= 60 ? Math.floor(minutes / 60) + ":" + two(minutes % 60) : minutes) + ":" + two(left % 60) + " left";
    [5, 1].forEach((mark) => {
      if (left > 0 && left <= mark * 60 && left > (mark - 1) * 60 && !told.has(mark)) { told.add(mark); say(`${mark} ${mark === 1 ? "minute" : "minutes"} left`); }
    });
    if (left) return;
    clearInterval(clock);
    say("The time is over. Your answers are being handed in.");
    if (!form) return;
    if (navigator.onLine) form.requestSubmit(); else addEventListener("online", () => form.requestSubmit(), { once: true });
  };
  const clock = setInterval(tick, 1000);
  tick();
});

// What this device kept is put back with a word about it and a way to be rid of it.
const backNote = (text, discard) => {
  const drop = make("button", { type: "button", className: "btn quiet", textContent: "Discard it" });
  const note = make("p", { className: "meta" }, text + " ", drop);
  drop.onclick = () => { discard(); note.remove(); };
  note.setAttribute("role", "status");
  return note;
};

// Drafts: textarea[data-draft] is kept while typing and put back when the page shows it empty.
all("[data-draft-done]").forEach((node) => store.drop("draft:" + node.dataset.draftDone));
all("textarea[data-draft]").forEach((area) => {
  const key = "draft:" + area.dataset.draft;
  const kept = store.get(key);
  if (kept && !area.value.trim()) {
    area.value = kept;
    area.after(backNote("Your draft from this device is back.", () => { area.value = ""; store.drop(key); area.focus(); }));
  }
  area.addEventListener("input", later(300, () => (area.value.trim() ? store.set(key, area.value) : store.drop(key))));
});

// Questionnaires: what is chosen in [data-keep] stays on this device until it is sent.
all("[data-keep-done]").forEach((node) => store.drop("kept:" + node.dataset.keepDone));
all("[data-keep]").forEach((part) => {
  const key = "kept:" + part.dataset.keep;
  const kept = store.get(key);
  if (kept && !pairsOf(part).some(([, value]) => value)) {
    putBack(part, kept);
    part.prepend(backNote("What you began on this device is back.", () => { putBack(part, []); all("textarea, input[type=number]", part).forEach((f) => { f.value = ""; }); store.drop(key); fieldsOf(part)[0].focus(); }));
  }
  part.addEventListener("input", later(300, () => store.set(key, pairsOf(part))));
});

// Preview of Markdown, made by the server.
all("button[data-preview]").forEach((button) => {
  button.hidden = false;
  button.onclick = async (event) => {
    event.preventDefault();
    const pane = document.getElementById(button.dataset.target);
    const area = document.getElementById(button.dataset.from);
    const body = new FormData();
    body.append(area.name, area.value);
    body.append("csrf_token", button.closest("form").querySelector('[name="csrf_token"]').value);
    pane.hidden = false;
    try {
      const answer = await fetch(button.dataset.preview, { method: "POST", body });
      if (!answer.ok) throw new Error(answer.statusText);
      pane.innerHTML = await answer.text();
    } catch { pane.textContent = "No preview: the server can't be reached. Your text is safe."; }
  };
});

// Glossary terms: the definition beside the word; without a script the link leads to the glossary.
const TERM = "a.term[data-def]:not([data-def=''])";
let def = null;
const closeDef = (focus) => {
  if (!def) return;
  const { link, box } = def;
  def = null;
  box.remove();
  link.setAttribute("aria-expanded", "false");
  if (focus) link.focus();
};
all(TERM).forEach((link) => { link.setAttribute("aria-expanded", "false"); link.setAttribute("role", "button"); });
const openDef = (link) => {
  const box = make("span", { className: "def" }, make("b", { textContent: link.dataset.term || link.textContent }), make("span", { textContent: link.dataset.def }), make("a", { href: link.href, textContent: "Open the glossary" }));
  box.setAttribute("role", "status");
  link.after(box);
  link.setAttribute("aria-expanded", "true");
  if (getComputedStyle(box).position === "absolute") {
    const at = link.getBoundingClientRect(), from = box.offsetParent.getBoundingClientRect();
    box.style.top = at.bottom - from.top + 6 + "px";
    box.style.left = Math.max(8, Math.min(at.left, innerWidth - box.offsetWidth - 16)) - from.left + "px";
  }
  def = { link, box };
};

// Menus and definitions close on a click elsewhere and on Escape.
addEventListener("click", (event) => {
  const link = event.target.closest(TERM);
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    const again = def?.link === link;
    closeDef();
    if (!again) openDef(link);
  } else if (!event.target.closest(".def")) closeDef();
  all("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
});
addEventListener("keydown", (event) => {
  const link = event.target.closest?.(TERM);
  if (link && event.key === " ") { event.preventDefault(); link.click(); }
  if (event.key !== "Escape") return;
  closeDef(true);
  all("details.menu[open]").forEach((menu) => { menu.open = false; menu.firstElementChild.focus(); });
});

// One press is enough: form[data-once] is sent once; the buttons wake up when the page is shown again.
all("form[data-once]").forEach((form) => {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    form.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", () => { delete form.dataset.sent; form.removeAttribute("aria-busy"); });
});

// Where reading stopped: [data-position] remembers the paragraph at the top and offers to go back to it.
all("[data-position]").forEach((text) => {
  const key = "read:" + text.dataset.position;
  const parts = [...text.children];
  const at = store.get(key);
  if (at > 1 && parts[at] && !location.hash && scrollY < 200) {
    const go = make("button", { type: "button", className: "btn line", textContent: "Go on there" });
    const box = make("div", { className: "notice info" }, make("div", { textContent: "You stopped further down in this lesson." }), go);
    go.onclick = () => { box.remove(); parts[at].scrollIntoView(); };
    text.before(box);
  }
  addEventListener("scroll", later(400, () => {
    const top = parts.findIndex((part) => part.getBoundingClientRect().bottom > 40);
    const end = text.getBoundingClientRect().bottom <= innerHeight;
    if (end) store.drop(key); else if (top > 1) store.set(key, top);
  }), { passive: true });
});

// Long answers: textarea[data-most] says how much of its length is used.
all("textarea[data-most]").forEach((area) => {
  const most = Number(area.dataset.most);
  const used = area.parentElement.appendChild(make("p", { className: "meta num" }));
  const count = () => {
    const length = [...area.value.trim()].length;
    used.textContent = `${length.toLocaleString("en")} of ${most.toLocaleString("en")} characters` + (length > most ? `: ${(length - most).toLocaleString("en")} too many` : "");
  };
  area.addEventListener("input", count);
  count();
});

// Work under way: [data-reload] loads the page again after so many milliseconds.
all("[data-reload]").forEach((part) => setTimeout(() => location.reload(), Number(part.dataset.reload)));

// Filter of a table's rows while typing.
all("[data-filter]").forEach((input) => {
  const rows = all("tbody tr", document.getElementById(input.dataset.filter));
  const status = input.parentElement.querySelector("[role=status]");
  input.parentElement.hidden = false;
  input.addEventListener("input", later(120, () => {
    const words = input.value.normalize("NFC").toLowerCase().split(/\s+/);
    let shown = 0;
    rows.forEach((row) => {
      row.hidden = !words.every((word) => row.textContent.toLowerCase().includes(word));
      if (!row.hidden) shown += 1;
    });
    status.textContent = input.value ? `${shown} of ${rows.length} rows` : "";
  }));
});
