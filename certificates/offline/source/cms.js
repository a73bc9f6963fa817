// Checks the signature in a document (CMS as PAdES uses it): ECDSA on P-256 with SHA-256 over the signed attributes.
import { equal, identifier, parse, time } from "./der.js";

const SIGNED_DATA = "1.2.840.113549.1.7.2";
const DATA = "1.2.840.113549.1.7.1";
const CONTENT_TYPE = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
const SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.47";
const SHA256 = "2.16.840.1.101.3.4.2.1";
const ECDSA_SHA256 = "1.2.840.10045.4.3.2";
const COMMON_NAME = "2.5.4.3";

export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

export function readCertificate(bytes) {
  const [tbs] = parse(bytes).parts;
  const fields = tbs.parts[0].tag === 0xa0 ? tbs.parts.slice(1) : tbs.parts;
  const [serial, , issuer, validity, subject, key] = fields;
  const names = subject.parts.flatMap((set) => set.parts).filter((pair) => identifier(pair.parts[0]) === COMMON_NAME);
  return {
    bytes, serial: serial.whole, issuer: issuer.whole, key: key.whole,
    from: time(validity.parts[0]), until: time(validity.parts[1]),
    name: names.length ? new TextDecoder().decode(names[0].parts[1].content) : "somebody without a name",
  };
}

// Returns the signer's certificate if the signature is made over exactly this digest, else null.
export async function signerOf(cms, digest) {
  const [type, wrapped] = parse(cms).parts;
  if (identifier(type) !== SIGNED_DATA) throw new Error("it is no signature");
  const parts = wrapped.parts[0].parts;
  const certificates = parts.find((part) => part.tag === 0xa0).parts.map((part) => readCertificate(part.whole));
  const infos = parts.at(-1).parts;
  if (infos.length !== 1) throw new Error("it has more than one signer");
  const [, signer, digestKind, attributes, kind, signature] = infos[0].parts;
  if (identifier(digestKind.parts[0]) !== SHA256 || identifier(kind.parts[0]) !== ECDSA_SHA256) throw new Error("it is of a kind that this page can't check");
  const [issuer, serial] = signer.parts;
  const certificate = certificates.find((found) => equal(found.issuer, issuer.whole) && equal(found.serial, serial.whole));
  if (!certificate) throw new Error("the signer's certificate is missing");
  const fits = await attributesFit(attributes, digest, certificate);
  return fits && (await signatureFits(attributes, signature.content, certificate)) ? certificate : null;
}

async function attributesFit(attributes, digest, certificate) {
  const found = new Map(attributes.parts.map((part) => [identifier(part.parts[0]), part.parts[1].parts[0]]));
  if (found.size !== attributes.parts.length) return false;
  const own = found.get(SIGNING_CERTIFICATE)?.parts[0].parts[0].parts ?? [];
  const hash = own.find((part) => part.tag === 0x04);
  return identifier(found.get(CONTENT_TYPE)) === DATA && equal(found.get(MESSAGE_DIGEST).content, digest)
    && hash !== undefined && equal(hash.content, await sha256(certificate.bytes));
}

async function signatureFits(attributes, signature, certificate) {
  const signed = Uint8Array.from(attributes.whole);
  signed[0] = 0x31;
  const raw = new Uint8Array(64);
  parse(signature).parts.forEach((number, i) => {
    const bytes = number.content[0] === 0 ? number.content.subarray(1) : number.content;
    raw.set(bytes, 32 * (i + 1) - bytes.length);
  });
  const key = await crypto.subtle.importKey("spki", certificate.key, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
  return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, raw, signed);
}
