// Reads DER, the form in which certificates and signatures are written: each value with its tag, its bytes and its parts.

export function parse(bytes, start = 0) {
  let at = start + 1;
  let length = bytes[at++];
  if (length > 0x80) {
    const count = length - 0x80;
    if (count > 4) throw new Error("a length is too long");
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + bytes[at++];
  } else if (length === 0x80) throw new Error("a length is missing");
  const end = at + length;
  if (!(end <= bytes.length)) throw new Error("it is cut off");
  const tag = bytes[start];
  const node = { tag, whole: bytes.subarray(start, end), content: bytes.subarray(at, end), parts: [] };
  if (tag & 0x20) for (let next = at; next < end;) {
    const part = parse(bytes.subarray(0, end), next);
    node.parts.push(part);
    next += part.whole.length;
  }
  return node;
}

export function identifier(node) {
  const numbers = [];
  let value = 0;
  for (const byte of node.content) {
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) { numbers.push(value); value = 0; }
  }
  const first = Math.min(Math.floor(numbers[0] / 40), 2);
  return [first, numbers[0] - 40 * first, ...numbers.slice(1)].join(".");
}

export const equal = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);

export function time(node) {
  const text = new TextDecoder().decode(node.content);
  const digits = node.tag === 0x17 ? (text.slice(0, 2) < "50" ? "20" : "19") + text : text;
  const [, y, m, d, h, i, s] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(digits);
  return Date.UTC(y, m - 1, d, h, i, s);
}
