// Makes static/dist of what the pages need from node_modules: the rules of Tabler that some page uses, the font, and a
// sprite of the icons named in icons.txt. Nothing is bundled; collectstatic gives the files their hashed names.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { PurgeCSS } from "purgecss";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const modules = join(here, "..", "node_modules");

// A source map that is not shipped would stop collectstatic; a charset stands at the head of a file or nowhere.
const style = (name) => readFileSync(join(modules, name), "utf8").replace(/\/\*# sourceMappingURL=.*?\*\/\s*$|^@charset "UTF-8";/g, "");

// Tabler is 620 KB, of which the pages use a tenth. A class counts as used when its name stands, whole, in a template, in
// Python or in a script: put none together out of halves. Light and dark are set by theme.js.
async function usedOfTabler() {
  const portal = readFileSync(join(here, "portal.css"), "utf8");
  const [tabler] = await new PurgeCSS().purge({
    content: ["templates/**/*.html", "organiser_portal/**/*.{html,py}", "static/*.js"].map((glob) => join(here, "..", glob)),
    css: [{ raw: style("@tabler/core/dist/css/tabler.min.css") }, { raw: portal }],
    defaultExtractor: (text) => text.match(/[A-Za-z0-9_-]+/g) ?? [],
    safelist: ["data-bs-theme", "dark", "light"],
    variables: true,
    keyframes: true,
  });
  return `@layer print, tabler;\n@layer tabler {\n${tabler.css}\n}\n`; // what is marked important wins the earlier its layer
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
writeFileSync(join(dist, "tabler.css"), (await usedOfTabler()) + style("@fontsource-variable/inter/wght.css"));
cpSync(join(modules, "@fontsource-variable", "inter", "files"), join(dist, "files"), {
  recursive: true,
  filter: (path) => !path.endsWith(".woff2") || path.endsWith("wght-normal.woff2"),
});
const names = iconNames();
const sprite = `<svg xmlns="http://www.w3.org/2000/svg">\n${names.map(symbol).join("\n")}\n</svg>\n`;
writeFileSync(join(dist, "icons.svg"), sprite);
console.log(`static/dist: Tabler, Inter, ${names.length} icons`);
