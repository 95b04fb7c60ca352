// Sizes as one file that a bundler delivers (esbuild, then terser with our options), gzipped; runtime and model outside. `goal` is what we want, `budget` what the check enforces.
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";
import { terserOptions } from "./terser-options.mjs";

const KiB = 1024;
const firstPage = ["lexi-scope", "attention-heatmap", "prediction-bars", "saliency-bars", "saliency-text"].map((tag) => `dist/elements/${tag}/define.js`);
// loaded on the way to the first live answer on wasm, and in the quiet moment after it
const live = ["elements/shared/frame", "elements/attention-heatmap/hand", "state/sought-answer", "state/live-results", "engine/worker-engine", "engine/worker", "engine/local-engine", "engine/methods/exact"].map((part) => `dist/${part}.js`);
const measured = [
  { what: "<attention-heatmap> drawing a stored explanation, with lit", entries: ["dist/elements/attention-heatmap/define.js"], withLazy: false, goal: 16 * KiB, budget: 16 * KiB },
  { what: "the first page's five elements, first picture from stored explanations", entries: firstPage, withLazy: false, goal: 32 * KiB, budget: 32 * KiB },
  { what: "the first page, live on the built-in model: all it loads but runtime and model", entries: [...firstPage, ...live], withLazy: false, goal: 80 * KiB, budget: 120 * KiB },
  { what: "everything there is but runtime, model and UMAP", entries: ["dist/define.js", "dist/engine/worker.js"], withLazy: true, outside: ["umap-js"], goal: 272 * KiB, budget: 272 * KiB },
  { what: "UMAP, loaded when a map by it is asked for", entries: ["node_modules/umap-js/dist/index.js"], withLazy: true, goal: 28 * KiB, budget: 28 * KiB },
];

const lazyPartsStayOutside = {
  name: "lazy-parts-stay-outside",
  setup: ({ onResolve }) => onResolve({ filter: /.*/ }, ({ kind, path }) => (kind === "dynamic-import" ? { path, external: true } : undefined)),
};

async function gzippedSize({ entries, withLazy, outside = [] }) {
  const { outputFiles } = await build({
    stdin: { contents: entries.map((entry, index) => `export * as part${index} from "./${entry}";`).join("\n"), resolveDir: "." },
    bundle: true, minify: true, format: "esm", write: false, conditions: ["browser", "production"], external: ["onnxruntime-web*", "node:*", ...outside],
    target: "es2022", legalComments: "none", plugins: withLazy ? [] : [lazyPartsStayOutside],
  });
  const { code } = await minify(outputFiles[0].text, terserOptions);
  return gzipSync(code, { level: 9 }).length;
}

export async function measureSizes() {
  return Promise.all(measured.map(async ({ what, goal, budget, ...how }) => ({ what, gzipped: await gzippedSize(how), goal, budget })));
}

if (import.meta.url === `file://${process.argv[1]}`) console.table(await measureSizes());
