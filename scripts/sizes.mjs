// Size budgets, measured as a bundler would deliver: minified, gzipped, runtime and model outside.
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const budgets = [
  { what: "<attention-heatmap> drawing a stored explanation, with lit", entry: "dist/elements/attention-heatmap/define.js", budget: 16 * 1024, eager: true },
  { what: "everything but runtime and model: page", entry: "dist/define.js", budget: 80 * 1024, eager: false },
];

/** Bytes that are fetched: without lazily imported chunks when `eager`; with them, and with the worker, otherwise. */
async function gzippedSize({ entry, eager }) {
  const { outputFiles } = await build({
    entryPoints: eager ? [entry] : [entry, "dist/engine/worker.js"],
    bundle: true, minify: true, format: "esm", splitting: true, outdir: "out", write: false, metafile: true,
    conditions: ["browser", "production"], external: ["onnxruntime-web*", "node:*"], target: "es2022", legalComments: "none",
  }).then(async (result) => ({ ...result, outputFiles: eager ? reachable(result, entry) : result.outputFiles }));
  return outputFiles.reduce((sum, file) => sum + gzipSync(file.contents, { level: 9 }).length, 0);
}

/** The entry's own file and the chunks that it imports statically. */
function reachable({ outputFiles, metafile }, entry) {
  const names = Object.keys(metafile.outputs);
  const seen = new Set();
  const visit = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const { path, kind } of metafile.outputs[name].imports) if (kind === "import-statement") visit(path);
  };
  visit(names.find((name) => metafile.outputs[name].entryPoint === entry));
  return outputFiles.filter((file) => [...seen].some((name) => file.path.endsWith(name)));
}

export async function measureSizes() {
  return Promise.all(budgets.map(async ({ what, budget, ...how }) => ({ what, gzipped: await gzippedSize(how), budget })));
}

if (import.meta.url === `file://${process.argv[1]}`) console.table(await measureSizes());
