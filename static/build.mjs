// Copies what the pages need from node_modules to static/dist: Tabler's stylesheet, the font, and a sprite of the icons
// named in icons.txt. Nothing is bundled; collectstatic gives the files their hashed names.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const modules = join(here, "..", "node_modules");

// A source map that is not shipped would stop collectstatic.
const withoutMap = (text) => text.replace(/\/\*# sourceMappingURL=.*?\*\/\s*$/, "");

function copyStyle(from, to) {
  writeFileSync(join(dist, to), withoutMap(readFileSync(join(modules, from), "utf8")));
}

function symbol(name) {
  const svg = readFileSync(join(modules, "@tabler", "icons", "icons", "outline", `${name}.svg`), "utf8");
  const body = svg.replace(/^[\s\S]*?<svg[\s\S]*?>/, "").replace("</svg>", "").replace(/\s*\n\s*/g, "");
  return `<symbol id="${name}" viewBox="0 0 24 24">${body}</symbol>`;
}

function iconNames() {
  const lines = readFileSync(join(here, "icons.txt"), "utf8").split("\n").map((line) => line.trim());
  return [...new Set(lines.filter((line) => line && !line.startsWith("#")))].sort();
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
copyStyle("@tabler/core/dist/css/tabler.min.css", "tabler.min.css");
copyStyle("@fontsource-variable/inter/wght.css", "inter.css");
cpSync(join(modules, "@fontsource-variable", "inter", "files"), join(dist, "files"), {
  recursive: true,
  filter: (path) => !path.endsWith(".woff2") || path.endsWith("wght-normal.woff2"),
});
const names = iconNames();
const sprite = `<svg xmlns="http://www.w3.org/2000/svg">\n${names.map(symbol).join("\n")}\n</svg>\n`;
writeFileSync(join(dist, "icons.svg"), sprite);
console.log(`static/dist: Tabler, Inter, ${names.length} icons`);
