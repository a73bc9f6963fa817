// Sends a chosen file in parts while the form is filled in: [data-upload] says where to. What is interrupted goes on where it stopped.
const input = document.querySelector("input[type=file][data-upload]");
if (input) {
  const PART = 250000, AGAIN = 5000;
  const form = input.form, place = form.elements.upload, bar = document.createElement("progress"), words = document.createElement("p");
  words.className = "meta";
  words.setAttribute("role", "status");
  bar.setAttribute("aria-label", "Slides");
  let turn = 0, busy = false, pressed = null;
  const say = (text) => { words.textContent = text; };
  const pause = () => new Promise((done) => { const timer = setTimeout(done, AGAIN); addEventListener("online", () => { clearTimeout(timer); done(); }, { once: true }); });

  const post = async (address, pairs) => {
    const body = new FormData();
    body.append("csrf_token", form.elements.csrf_token.value);
    Object.entries(pairs).forEach(([name, value]) => body.append(name, value));
    const answer = await fetch(address, { method: "POST", body });
    const json = (answer.headers.get("content-type") || "").includes("json") ? await answer.json() : {};
    if (answer.ok && json.upload) return json;
    if (answer.status >= 500 || answer.status === 429) throw new Error(answer.statusText);
    throw Object.assign(new Error("refused"), { words: json.message || "Not accepted. Load this page again; what has arrived stays." });
  };
  const send = async (file, mine) => {
    let found = await post(input.dataset.upload, { name: file.name, size: file.size, stamp: file.lastModified });
    while (mine === turn && found.received < file.size) {
      bar.value = found.received / file.size;
      say(`${file.name}: ${Math.floor(100 * bar.value)} % has arrived.`);
      const part = file.slice(found.received, found.received + PART);
      found = await post(found.address, { upload: found.upload, start: found.received, part });
    }
    return found.upload;
  };
  const over = (text) => { busy = false; bar.remove(); say(text); };
  const start = async (file, mine) => {
    busy = true;
    place.value = "";
    input.removeAttribute("aria-invalid");
    input.after(bar, words);
    while (mine === turn) {
      try {
        const upload = await send(file, mine);
        if (mine !== turn) return;
        place.value = upload;
        input.value = "";
        over(`${file.name} has arrived. It is handed in with the form.`);
        if (pressed) form.requestSubmit(pressed);
        return;
      } catch (trouble) {
        if (mine !== turn) return;
        if (trouble.words) {
          pressed = null;
          input.value = "";
          input.setAttribute("aria-invalid", "true");
          over(trouble.words);
          return;
        }
        say(`${file.name}: the connection is gone. It goes on as soon as there is one again.`);
        await pause();
      }
    }
  };
  input.addEventListener("change", () => { turn += 1; if (input.files[0]) start(input.files[0], turn); else { place.value = ""; over(""); } });
  addEventListener("submit", (event) => {
    if (event.target !== form || !busy) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    pressed = event.submitter;
    say(`${words.textContent} The form is sent when all of it is here.`);
  }, true);
}
