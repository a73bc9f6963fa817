// The page: takes files by choosing or dropping, sorts them by what they hold, and shows what was found out.
import { checkCredential, checkDocument, nameIn } from "./checks.js";

const VERDICTS = {
  holds: "Valid",
  fails: "Not valid",
  unknown: "Unchanged, but its issuer or status can't be told",
};
const WORDS = { holds: "Holds", fails: "Fails", unknown: "Unknown", warning: "Note" };
const element = (id) => document.getElementById(id);

const keys = JSON.parse(element("keys").textContent).keys.map((key) => ({
  ...key,
  certificate: Uint8Array.from(atob(/-----BEGIN CERTIFICATE-----([^-]*)-----/.exec(key.certificates.join(""))[1].replace(/\s/g, "")), (c) => c.charCodeAt(0)),
  method: `${key.issuer}#${key.development ? key.issuer.slice("did:key:".length) : key.id}`,
}));

async function sorted(files) {
  const found = { document: null, credential: null, list: null };
  for (const file of files) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (new TextDecoder("latin1").decode(bytes.subarray(0, 5)) === "%PDF-") { found.document = bytes; continue; }
    let read;
    try { read = JSON.parse(new TextDecoder().decode(bytes)); } catch { throw new Error(`${file.name} is neither a PDF document nor a credential`); }
    const types = [read?.type].flat();
    if (types.includes("BitstringStatusListCredential")) found.list = read;
    else if (types.includes("OpenBadgeCredential")) found.credential = read;
    else throw new Error(`${file.name} is neither a certificate, nor a credential, nor a status list`);
  }
  if (!found.document && !found.credential) throw new Error("choose the certificate or credential together with its status list");
  return found;
}

async function report(files) {
  try {
    const { document, credential, list } = await sorted(files);
    return document ? await checkDocument(document, keys, list) : await checkCredential(credential, keys, list);
  } catch (error) {
    return { checks: [{ about: "file", outcome: "fails", said: error.message }], credential: null };
  }
}

function show({ checks, credential }) {
  const outcomes = checks.map((check) => check.outcome);
  const outcome = ["fails", "unknown"].find((worst) => outcomes.includes(worst)) ?? "holds";
  const development = checks.some((check) => check.about === "key");
  const verdict = element("verdict");
  verdict.textContent = outcome === "holds" && development ? "Unchanged, but made with a development key: not a valid certificate" : VERDICTS[outcome];
  verdict.className = `verdict ${outcome === "holds" && development ? "warning" : outcome}`;
  element("checks").replaceChildren(...checks.map((check) => {
    const line = document.createElement("li");
    const word = document.createElement("b");
    word.className = check.outcome;
    word.textContent = WORDS[check.outcome];
    line.append(word, ` ${check.about}: ${check.said}`);
    return line;
  }));
  element("facts").replaceChildren(...(credential ? factsOf(credential) : []).filter(([, value]) => value).flatMap(([name, value]) => {
    const term = document.createElement("dt");
    const detail = document.createElement("dd");
    detail.dir = "auto";
    term.textContent = name;
    detail.textContent = value;
    return [term, detail];
  }));
  element("result").hidden = false;
  verdict.focus();
}

function factsOf(credential) {
  const { credentialSubject: subject = {}, awardedDate, issuer, id } = credential;
  const day = (text) => String(text ?? "").slice(0, 10);
  const result = (kind) => {
    const wanted = [subject.achievement?.resultDescription].flat().find((found) => found?.resultType === kind)?.id;
    return [subject.result].flat().find((found) => found && found.resultDescription === wanted)?.value;
  };
  return [
    ["Number", subject.licenseNumber], ["Name", nameIn(credential)], ["Course", subject.achievement?.name], ["Edition", subject.term],
    ["Issuer", issuer?.name], ["Begun", day(subject.activityStartDate)], ["Ended", day(subject.activityEndDate)], ["Issued", day(awardedDate)],
    ["Final average", result("Percent")], ["Learning time in hours", result("ext:LearningHours")], ["Statement", subject.narrative], ["Address", id],
  ];
}

const take = async (files) => { if (files.length) show(await report([...files])); };
element("files").addEventListener("change", (event) => take(event.target.files));
addEventListener("dragover", (event) => { event.preventDefault(); document.body.classList.add("over"); });
addEventListener("dragleave", () => document.body.classList.remove("over"));
addEventListener("drop", (event) => { event.preventDefault(); document.body.classList.remove("over"); take(event.dataTransfer.files); });
element("form").addEventListener("submit", (event) => event.preventDefault());
element("issuers").replaceChildren(...keys.map((key) => {
  const line = document.createElement("li");
  line.textContent = `${key.name} (${key.issuer}), key ${key.id}${key.development ? ": a development key, whose certificates are not valid" : ""}`;
  return line;
}));
