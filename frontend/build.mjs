// Bundles the pages' scripts, styles and icons into the folder given as argument, each under a name with its hash,
// and writes meta.json: {"main.js": "main-1A2B3C4D.js", …}.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, "../src/hangshi/web/static/dist"));
const modules = join(here, "node_modules");

// Chinese has no capitals and wants no gaps between its characters; kernels before 105 drop a rule that says :has().
const tamed = {
  name: "tamed",
  setup({ onLoad }) {
    onLoad({ filter: /tabler\.css$/ }, ({ path }) => ({
      loader: "css",
      contents: readFileSync(path, "utf8")
        .replace(/text-transform: uppercase( !important)?;/g, "")
        .replace(/letter-spacing: 0\.04em;/g, "")
        .replace(/[^{}/]*:has\([^{}]*\{[^{}]*\}/g, ""),
    }));
  },
};

async function bundle() {
  const { metafile } = await build({
    absWorkingDir: here,
    entryPoints: ["main.js", "charts.js", "style.css"],
    outdir: out,
    entryNames: "[name]-[hash]",
    bundle: true,
    minify: true,
    format: "iife",
    target: ["chrome86"],
    legalComments: "linked",
    metafile: true,
    plugins: [tamed],
    logLevel: "warning",
  });
  const outputs = Object.entries(metafile.outputs).filter(([, { entryPoint }]) => entryPoint);
  return {
    files: Object.fromEntries(outputs.map(([path, { entryPoint }]) => [entryPoint, basename(path)])),
    packages: packagesOf(Object.keys(metafile.inputs)),
  };
}

function packagesOf(inputs) {
  const names = inputs.map((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]).filter(Boolean);
  return [...new Set([...names, "@tabler/icons"])].sort();
}

function sprite() {
  const names = readFileSync(join(here, "icons.txt"), "utf8").split(/\s+/).filter(Boolean);
  const symbols = names.map((name) => {
    const svg = readFileSync(join(modules, "@tabler/icons/icons/outline", `${name}.svg`), "utf8");
    const inner = svg.replace(/<!--[\s\S]*?-->/g, "").match(/<svg[\s\S]*?>([\s\S]*)<\/svg>/)[1];
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round">${inner.replace(/\s*\n\s*/g, "")}</symbol>`;
  });
  const text = `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
  const file = `icons-${createHash("sha256").update(text).digest("hex").slice(0, 8).toUpperCase()}.svg`;
  writeFileSync(join(out, file), text);
  return file;
}

function licences(packages) {
  const parts = packages.map((name) => {
    const { version, license } = JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8"));
    const texts = ["LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE", "NOTICE"]
      .map((file) => join(modules, name, file)).filter(existsSync).map((path) => readFileSync(path, "utf8"));
    return `${name} ${version} (${license})\n\n${texts.join("\n")}`;
  });
  writeFileSync(join(out, "LICENSES.txt"), parts.join(`\n${"-".repeat(80)}\n\n`));
}

mkdirSync(out, { recursive: true });
const { files, packages } = await bundle();
files["icons.svg"] = sprite();
licences(packages);
writeFileSync(join(out, "meta.json"), `${JSON.stringify(files, null, 2)}\n`);
