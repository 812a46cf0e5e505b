// Which files of the locked npm packages does the festival serve or print with, and under what name?
// Run after `npm ci`; writes static/vendor/ anew, so a part dropped from the list below is gone afterwards.
// Names carry no versions: everything under /static is served under a digest of its content.
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const target = join(root, "static", "vendor");
const making = `${target}.making`;

// Cut to Vietnamese and English by scripts/cut_fonts.py, which runs before this.
const webFonts = [400, 600].map((weight) => [
  `.cut-fonts/be-vietnam-pro-${weight}.woff2`,
  `be-vietnam-pro/be-vietnam-pro-${weight}.woff2`,
]);

// Whole faces for pictures drawn by the server: it reads neither woff2 nor subsets.
const paperFaces = ["400Regular", "700Bold"].map((face) => [
  `@expo-google-fonts/be-vietnam-pro/${face}/BeVietnamPro_${face}.ttf`,
  `paper-fonts/BeVietnamPro_${face}.ttf`,
]);

const files = [
  ["zxing-wasm/dist/iife/reader/index.js", "zxing/reader.js"],
  ["zxing-wasm/dist/reader/zxing_reader.wasm", "zxing/zxing_reader.wasm"],
  ...webFonts,
  ...paperFaces,
];

const licences = [
  ["zxing-wasm/LICENSE", "zxing-wasm"],
  ["@expo-google-fonts/be-vietnam-pro/LICENSE_FONT", "be-vietnam-pro"],
];

async function copy(from, to) {
  const destination = join(making, to);
  await mkdir(dirname(destination), { recursive: true });
  await cp(join(modules, from), destination);
  if (!(await stat(destination)).size) throw new Error(`empty file: ${from}`);
  return destination;
}

await rm(making, { recursive: true, force: true });
const manifest = {};
for (const [from, to] of files) {
  const written = await copy(from, to);
  manifest[to] = createHash("sha256").update(await readFile(written)).digest("hex");
}
for (const [from, label] of licences) await copy(from, `licences/${label}.txt`);
await writeFile(join(making, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
// A whole folder or none: a server that starts while this runs must never see half of it.
await rm(target, { recursive: true, force: true });
await rename(making, target);
console.log(`static/vendor: ${files.length} files`);
