// Reads what a certificate's document holds: title, credential, and the signature with the bytes that it covers.
// Title and credential are looked for in the bytes themselves: sound, because a valid signature covers the whole file.
import { sha256, signerOf } from "./cms.js";
import { parse } from "./der.js";

const text = (bytes) => new TextDecoder("latin1").decode(bytes);

export function titleOf(bytes) {
  const found = [...new TextDecoder().decode(bytes).matchAll(/<dc:title>\s*<rdf:Alt>\s*<rdf:li xml:lang="x-default">([^<]*)<\/rdf:li>/g)];
  if (found.length !== 1) throw new Error("the document has no title, or more than one: it is no certificate of this kind, or was changed");
  const entities = { lt: "<", gt: ">", quot: "\"", apos: "'", amp: "&" };
  return found[0][1].replace(/&(lt|gt|quot|apos|amp);/g, (_, name) => entities[name]);
}

export async function credentialIn(bytes) {
  const found = [...text(bytes).matchAll(/<<\s*\/Length (\d+)[^<>]*\/EmbeddedFile\b[^\0]{0,400}?>>\s*stream\r?\n/g)];
  if (found.length !== 1) throw new Error(found.length ? "the document holds more than one file" : "the document holds no credential");
  const start = found[0].index + found[0][0].length;
  const stream = new Blob([bytes.subarray(start, start + Number(found[0][1]))]).stream().pipeThrough(new DecompressionStream("deflate"));
  try {
    return JSON.parse(await new Response(stream).text());
  } catch {
    throw new Error("the credential in the document can't be read: the file was damaged or changed");
  }
}

// Returns { certificate, moment } of the only signature; certificate is null if it doesn't fit.
export async function signatureOn(bytes) {
  const whole = text(bytes);
  const ranges = [...whole.matchAll(/\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g)];
  if (!ranges.length) throw new Error("the document is not signed");
  if (ranges.length > 1) throw new Error("the document has more than one signature");
  const [start, length, second, rest] = ranges[0].slice(1).map(Number);
  const gap = /^<([0-9A-Fa-f]*)>$/.exec(whole.slice(length, second));
  if (start !== 0 || !gap) throw new Error("the signature is damaged");
  if (second + rest !== bytes.length) throw new Error("something was added to the document after it was signed, or cut off");
  const signature = Uint8Array.from(gap[1].match(/../g), (pair) => parseInt(pair, 16));
  // The one place that a signature can't cover is its own: nothing but its digits and noughts may stand there.
  if (!/^0*$/.test(gap[1].slice(2 * parse(signature).whole.length)) || gap[1] !== gap[1].toUpperCase()) throw new Error("the signature was changed after it was made");
  const covered = new Uint8Array(length + rest);
  covered.set(bytes.subarray(0, length));
  covered.set(bytes.subarray(second), length);
  const certificate = await signerOf(signature, await sha256(covered));
  return { certificate, moment: momentIn(whole.slice(ranges[0].index - 2000, ranges[0].index + 2000), whole.slice(second)) };
}

function momentIn(...places) {
  for (const place of places) {
    const found = /\/M\s*\(D(?::|\\072)(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z/.exec(place);
    if (found) { const [y, m, d, h, i, s] = found.slice(1).map(Number); return Date.UTC(y, m - 1, d, h, i, s); }
  }
  throw new Error("the signature has no date");
}
