// Lays out the third-party assets of the npm lock file for Django's static files: node script/vendor.mjs TARGET
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const target = process.argv[2];
if (!target) {
  console.error("usage: node script/vendor.mjs TARGET");
  process.exit(2);
}

const KRDS = "krds-uiux/resources";
const GEOMAN = "@geoman-io/leaflet-geoman-free";

const COPIES = {
  "krds/icons": `${KRDS}/img/component/icon`,
  "krds/fonts/PretendardGOV-Regular.subset.woff2": `${KRDS}/fonts/PretendardGOV-Regular.subset.woff2`,
  "krds/fonts/PretendardGOV-Medium.subset.woff2": `${KRDS}/fonts/PretendardGOV-Medium.subset.woff2`,
  "krds/fonts/PretendardGOV-Bold.subset.woff2": `${KRDS}/fonts/PretendardGOV-Bold.subset.woff2`,
  "krds/krds_tokens.css": `${KRDS}/css/token/krds_tokens.css`,
  "htmx.min.js": "htmx.org/dist/htmx.min.js",
  "geoman/leaflet-geoman.css": `${GEOMAN}/dist/leaflet-geoman.css`,
  "geoman/leaflet-geoman.js": `${GEOMAN}/dist/leaflet-geoman.min.js`,
  "protomaps-leaflet.js": "protomaps-leaflet/dist/protomaps-leaflet.js",
  "idb.js": "idb/build/index.js",
  "proj4.js": "proj4/dist/proj4.js",
  "licenses/htmx.txt": "htmx.org/LICENSE",
  "licenses/leaflet-geoman.txt": `${GEOMAN}/LICENSE`,
  "licenses/protomaps-leaflet.txt": "protomaps-leaflet/LICENSE",
  "licenses/idb.txt": "idb/LICENSE",
  "licenses/proj4.txt": "proj4/LICENSE.md",
};

// Manifest storage insists on every file that another one names, and the source maps are larger than all the rest.
const withoutSourceMap = (text) => text.replace(/\s*(\/\/|\/\*)# sourceMappingURL=\S+( \*\/)?\s*$/, "\n");

rmSync(target, { recursive: true, force: true });
for (const [name, source] of Object.entries(COPIES)) {
  const from = join("node_modules", source);
  const to = join(target, name);
  mkdirSync(dirname(to), { recursive: true });
  if (/\.(css|js)$/.test(basename(name))) {
    writeFileSync(to, withoutSourceMap(readFileSync(from, "utf8")));
  } else {
    cpSync(from, to, { recursive: true });
  }
}
