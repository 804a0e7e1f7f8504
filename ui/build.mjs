// Builds src/ into the three assets that the Python package carries; globe.js holds three.js, of MIT's licence.
// The first line of each asset holds the hash of the sources, so that a test without node can
// tell that they belong together.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "../src/crossflight/report/assets");

const hash = createHash("sha256");
for (const name of readdirSync(join(here, "src")).sort()) {
  hash.update(name + "\n");
  hash.update(readFileSync(join(here, "src", name)));
}
const banner = `/* crossflight ui, sources ${hash.digest("hex").slice(0, 32)} */`;

const common = { bundle: true, minify: true, charset: "ascii", legalComments: "none", logLevel: "warning" };
await build({
  ...common,
  entryPoints: [join(here, "src/main.ts")],
  outfile: join(out, "report.js"),
  format: "iife",
  target: "es2020",
  banner: { js: banner },
});
const licence = readFileSync(join(here, "node_modules/three/LICENSE"), "utf8").trim();
await build({
  ...common,
  entryPoints: [join(here, "src/globe.ts")],
  outfile: join(out, "globe.js"),
  format: "iife",
  globalName: "crossflightGlobe",
  target: "es2020",
  banner: { js: `${banner}\n/*! three.js\n${licence}\n*/` },
});
await build({
  ...common,
  entryPoints: [join(here, "src/report.css")],
  outfile: join(out, "report.css"),
  target: "chrome123", // light-dark() stays as it is written
  banner: { css: banner },
});
