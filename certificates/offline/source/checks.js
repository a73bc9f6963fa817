// What holds of the chosen files: a list of checks, each with what it is about, an outcome and a sentence.
import { equal } from "./der.js";
import { issuerOf, proofOf, proves, statusIn } from "./credential.js";
import { credentialIn, signatureOn, titleOf } from "./pdf.js";

const DID_KEY = "did:key:";
const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });

export async function checkDocument(bytes, keys, list) {
  const { check: document, signer } = await signature(bytes, keys);
  let credential;
  try {
    credential = await credentialIn(bytes);
  } catch (error) {
    return { checks: [document, fails("credential", error.message)], credential: null };
  }
  const agreement = await attempt("agreement", async () => agree(titleOf(bytes), credential, signer));
  return { checks: [document, agreement, ...(await checkCredential(credential, keys, list)).checks], credential };
}

export async function checkCredential(credential, keys, list) {
  const checks = [await attempt("credential", () => proof(credential, keys))];
  if (String(issuerOf(credential)).startsWith(DID_KEY)) checks.push(said("key", "warning", "made with a development key: not a valid certificate"));
  if (list) checks.push(await attempt("status", () => status(credential, list, keys)));
  else if (credential.credentialStatus) checks.push(said("status", "warning", "whether it was revoked wasn't looked at, for no status list was given"));
  return { checks, credential };
}

export const nameIn = (credential) =>
  [credential.credentialSubject?.identifier].flat().find((found) => found?.identityType === "name")?.identityHash ?? "";

const said = (about, outcome, sentence) => ({ about, outcome, said: sentence });
const holds = (about, sentence) => said(about, "holds", sentence);
const fails = (about, sentence) => said(about, "fails", sentence);
const unknown = (about, sentence) => said(about, "unknown", sentence);

async function attempt(about, check) {
  try {
    return await check();
  } catch (error) {
    return fails(about, String(error.message));
  }
}

async function signature(bytes, keys) {
  let signer = null;
  const check = await attempt("document", async () => {
    const { certificate, moment } = await signatureOn(bytes);
    if (!certificate) return fails("document", "the document was changed after it was signed: its signature doesn't fit");
    const sentence = `signed by ${certificate.name} on ${day.format(moment)} UTC, unchanged since`;
    signer = keys.find((key) => equal(key.certificate, certificate.bytes)) ?? null;
    if (!signer) return unknown("document", `${sentence}; but that signer is not known here`);
    if (moment < certificate.from || moment > certificate.until) return fails("document", `${sentence}; but the signer's certificate was not valid then`);
    return holds("document", sentence);
  });
  return { check, signer };
}

function agree(title, credential, signer) {
  const name = nameIn(credential);
  if (!name || !title.endsWith(`: ${name}`)) return fails("agreement", `the document's title is “${title}”, but the credential is about “${name}”`);
  if (signer && signer.issuer !== issuerOf(credential)) return fails("agreement", `the document was signed by ${signer.issuer}, but the credential is from ${issuerOf(credential)}`);
  return holds("agreement", `document and credential are both about ${name}`);
}

function keyFor(document, keys) {
  const known = keys.find((key) => key.method === proofOf(document).verificationMethod);
  const issuer = String(issuerOf(document));
  return { known, multikey: known?.publicKeyMultibase ?? (issuer.startsWith(DID_KEY) ? issuer.slice(DID_KEY.length) : null) };
}

async function proof(credential, keys) {
  const { known, multikey } = keyFor(credential, keys);
  const issuer = issuerOf(credential);
  if (!multikey) return unknown("credential", `can't be checked: no key of ${issuer} that fits is known here`);
  if (!(await proves(credential, multikey))) return fails("credential", "the credential was changed after it was issued: its proof doesn't fit");
  if (!known) return unknown("credential", `unchanged since it was issued; but its issuer ${issuer} is not known here`);
  return holds("credential", `issued by ${known.name} (${issuer}), unchanged since`);
}

async function status(credential, list, keys) {
  const { multikey } = keyFor(list, keys);
  if (!multikey) return unknown("status", "the status list can't be checked: its issuer's key is not known here");
  if (!(await proves(list, multikey))) return fails("status", "the status list was changed after it was issued: its proof doesn't fit");
  switch (await statusIn(credential, list)) {
    case "revoked": return fails("status", "it was revoked");
    case "suspended": return fails("status", "it is suspended");
    case "valid": return holds("status", `not revoked, as of ${list.validFrom}`);
    default: return unknown("status", "this status list says nothing about it");
  }
}
