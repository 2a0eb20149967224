// Builds charts.min.js and its NOTICE from the packages of package-lock.json:
//   npm ci --ignore-scripts && npm run build
import { build } from "esbuild";
import { readFileSync, writeFileSync } from "node:fs";

await build({
  entryPoints: ["charts.js"],
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  charset: "ascii",
  legalComments: "none",
  outfile: "charts.min.js",
});
const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version;
const text = (path) => readFileSync(`node_modules/${path}`, "utf8").trim();
writeFileSync(
  "NOTICE",
  [
    "charts.min.js is made of parts of Apache ECharts, zrender and tslib, as package-lock.json pins them.",
    `\nApache ECharts ${version("echarts")}, Apache License 2.0\n\n${text("echarts/NOTICE")}\n\n${text("echarts/LICENSE")}`,
    `\nzrender ${version("zrender")}, BSD 3-Clause License\n\n${text("zrender/LICENSE")}`,
    `\ntslib ${version("tslib")}, 0BSD License\n\n${text("tslib/LICENSE.txt")}\n`,
  ].join("\n"),
);
