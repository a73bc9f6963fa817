// Puts script, style and contexts into one page: `npm install && npm run build` in this folder writes ../verify.html.
// The script and the style are named by their hashes in the page's content security policy; nothing else may run.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const here = (name) => new URL(name, import.meta.url);
const read = (name) => readFileSync(here(name), "utf8");
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const bundled = await build({
  entryPoints: [here("page.js").pathname],
  bundle: true,
  minify: true,
  write: false,
  format: "iife",
  platform: "browser",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  loader: { ".jsonld": "json" },
});
const script = bundled.outputFiles[0].text.replaceAll("</script", "<\\/script").trim();
const style = read("page.css").trim();
const licences = ["jsonld/LICENSE", "rdf-canonize/LICENSE", "@noble/curves/LICENSE", "@noble/hashes/LICENSE"]
  .map((name) => `${name.replace("/LICENSE", "")}\n\n${read(`node_modules/${name}`).trim()}`).join("\n\n\n");
const parts = { STYLE: style, SCRIPT: script, STYLE_HASH: hash(style), SCRIPT_HASH: hash(script), LICENCES: licences.replaceAll("--", "- -") };
const page = read("page.html").replace(/\{\{([A-Z_]+)\}\}/g, (whole, name) => (name === "KEYS" ? whole : parts[name]));
writeFileSync(here("../verify.html"), page);
