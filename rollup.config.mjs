// Two builds. dist/: one ES module a source file, dependencies outside, for bundlers and Node. cdn/: one file for a script tag
// (lexiscope.js, lexiscope-autoload.js) with lazy chunks and the worker beside it. onnxruntime-web is in neither: it is loaded at run time from a configurable place.
import { cpSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import commonjs from "@rollup/plugin-commonjs";
import resolve from "@rollup/plugin-node-resolve";
import terser from "@rollup/plugin-terser";
import typescript from "@rollup/plugin-typescript";
import { terserOptions } from "./scripts/terser-options.mjs";

const entries = [
  "src/index.ts", "src/define.ts", "src/autoload.ts", "src/engine/worker.ts", "src/cli/main.ts",
  ...readdirSync("src/elements", { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name !== "shared").map((entry) => join("src/elements", entry.name, "define.ts")),
];

const emptied = (folder) => ({ name: "emptied", buildStart: () => rmSync(folder, { recursive: true, force: true }) });
const copied = (from, to) => ({ name: "copied", writeBundle: () => cpSync(from, to) });

/** Shaders are shipped without comments and indentation. */
const compactShaders = {
  name: "compact-shaders",
  transform: (code, id) =>
    id.endsWith(".wgsl.ts") ? { code: code.replace(/(\/\* wgsl \*\/ `)([^`]*)`/, (_, start, shader) => `${start}${shader.replace(/\/\/.*$/gm, "").replace(/^\s+|[ \t]+$/gm, "").replace(/ *([-+*/%=<>(){},;:&|]+) */g, "$1")}\``), map: null } : null,
};

export default [
  {
    input: entries,
    external: (id) => !id.startsWith(".") && !id.startsWith("/"),
    output: { dir: "dist", format: "es", preserveModules: true, preserveModulesRoot: "src", sourcemap: true },
    plugins: [
      emptied("dist"),
      compactShaders,
      typescript({ tsconfig: "tsconfig.build.json", filterRoot: ".", declarationDir: "dist", noEmitOnError: true }),
      copied("src/explanation/explanation.schema.json", "dist/explanation.schema.json"),
    ],
  },
  {
    input: { lexiscope: "dist/define.js", "lexiscope-autoload": "dist/autoload.js", worker: "dist/engine/worker.js" },
    external: [/^node:/, /^onnxruntime-web/],
    output: { dir: "cdn", format: "es", entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js", sourcemap: true },
    plugins: [emptied("cdn"), resolve({ browser: true, exportConditions: ["browser", "production"] }), commonjs({ include: "node_modules/**" }), terser(terserOptions)],
  },
];
