// Checks credentials and status lists: their proofs (eddsa-rdfc-2022), and what a list says of a credential.
import { ed25519 } from "@noble/curves/ed25519.js";
import jsonld from "jsonld";
import credentials from "../../contexts/credentials-v2.jsonld";
import openBadges from "../../contexts/open-badges-3.0.3.jsonld";
import { sha256 } from "./cms.js";

const CONTEXTS = { "https://www.w3.org/ns/credentials/v2": credentials, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": openBadges };
const WANTED = { type: "DataIntegrityProof", cryptosuite: "eddsa-rdfc-2022", proofPurpose: "assertionMethod" };
const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const SHORTEST = 131072;

export const issuerOf = (document) => document.issuer?.id ?? document.issuer;

export function proofOf(document) {
  const { proof } = document;
  if (typeof proof !== "object" || proof === null || Array.isArray(proof)) throw new Error("it has no proof, or more than one");
  for (const [key, value] of Object.entries(WANTED)) if (proof[key] !== value) throw new Error(`the proof's ${key} must be ${value}`);
  const [issuer] = String(proof.verificationMethod).split("#");
  if (issuer !== issuerOf(document)) throw new Error(`the proof was made by ${proof.verificationMethod}, but the issuer is said to be ${issuerOf(document)}`);
  return proof;
}

export async function proves(document, multikey) {
  const { proof, ...unsecured } = document;
  const { proofValue, ...options } = proof;
  const key = fromBase58(multikey.slice(1));
  if (key.length !== 34 || key[0] !== 0xed || key[1] !== 0x01) throw new Error("the issuer's key is of a kind that this page can't check");
  const signed = new Uint8Array(64);
  signed.set(await digest({ "@context": document["@context"], ...options }));
  signed.set(await digest(unsecured), 32);
  const signature = fromBase58(String(proofValue).slice(1));
  return signature.length === 64 && ed25519.verify(signature, signed, key.subarray(2), { zip215: false });
}

export async function statusIn(credential, list) {
  const { statusPurpose: purpose, encodedList } = list.credentialSubject ?? {};
  const entries = [credential.credentialStatus].flat().filter((entry) => entry?.type === "BitstringStatusListEntry"
    && entry.statusListCredential === list.id && entry.statusPurpose === purpose && ["revocation", "suspension"].includes(purpose));
  if (!entries.length || issuerOf(list) !== issuerOf(credential)) return "unknown";
  const packed = Uint8Array.from(atob(encodedList.slice(1).replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  const bits = new Uint8Array(await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
  if (bits.length * 8 < SHORTEST) throw new Error("the status list is too short");
  const places = entries.map((entry) => Number(entry.statusListIndex));
  if (!places.every((place) => Number.isInteger(place) && place >= 0 && place < bits.length * 8)) throw new Error("the credential's place is not in the status list");
  if (!places.some((place) => bits[place >> 3] & (0x80 >> (place & 7)))) return "valid";
  return purpose === "revocation" ? "revoked" : "suspended";
}

// No keyword but the contexts at the top: others could hide things, or give words another meaning.
const hasKeyword = (value) => typeof value === "object" && value !== null
  && ((!Array.isArray(value) && Object.keys(value).some((name) => name.startsWith("@"))) || Object.values(value).some(hasKeyword));

async function digest(document) {
  const { "@context": contexts, ...rest } = document;
  if (!Array.isArray(contexts) || !contexts.every((item) => typeof item === "string")) throw new Error("the credential brings a context of its own, or none");
  if (hasKeyword(rest)) throw new Error("the credential uses a keyword of linked data that has no place in it");
  const documentLoader = async (address) => {
    if (!Object.hasOwn(CONTEXTS, address)) throw new Error(`the context ${address} is not one that certificates use`);
    return { documentUrl: address, document: CONTEXTS[address] };
  };
  const quads = await jsonld.canonize(document, { algorithm: "RDFC-1.0", format: "application/n-quads", documentLoader, safe: true });
  return sha256(new TextEncoder().encode(quads));
}

function fromBase58(letters) {
  let number = 0n;
  for (const letter of letters) {
    const digit = ALPHABET.indexOf(letter);
    if (digit < 0 || letters.length > 200) throw new Error("a key or signature is not written in base 58");
    number = number * 58n + BigInt(digit);
  }
  const zeros = /^1*/.exec(letters)[0].length;
  const hex = number ? number.toString(16) : "";
  const bytes = (hex.length % 2 ? `0${hex}` : hex).match(/../g) ?? [];
  return Uint8Array.from([...Array(zeros).fill(0), ...bytes.map((pair) => parseInt(pair, 16))]);
}
