// `npm run bench [-- ratios memory jax methods evaluation pages]`: what the library costs, as ratios within one run. Prints tables, writes bench/results/latest.json.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { buildIfNeeded } from "../scripts/build-if-needed.mjs";
import { benchPages } from "./page.mjs";

const bundles = "bench/results/.bundles"; // inside the repository, so that Node finds node_modules
await build({
  entryPoints: ["ratios", "memory", "jax", "methods", "evaluation"].map((name) => `bench/${name}.ts`),
  outdir: bundles, outExtension: { ".js": ".mjs" }, bundle: true, splitting: true, platform: "node", format: "esm", target: "node20",
  external: ["onnxruntime-web", "@jax-js/*"], logLevel: "warning",
});

/** A fresh process: its last line is JSON. */
function child(script, ...args) {
  const { status, stdout } = spawnSync(process.execPath, [join(bundles, `${script}.mjs`), ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`bench ${script} ${args.join(" ")} failed`);
  return JSON.parse(stdout.trim().split("\n").at(-1));
}

const models = ["sentiment", "random encoder"];
const parts = {
  ratios: {
    says: "medians of interleaved runs in one process; plain: onnxruntime-web's defaults on the untouched file; the others: our session",
    run: () => [1, 2].flatMap((threads) => models.flatMap((model) => child("ratios", String(threads), model, "32,128,512"))),
  },
  memory: {
    says: "wasm heap, one session a process; plain: onnxruntime-web's defaults, file inline; ours: weights as external data, not prepacked",
    run: () => ["plain", "ours"].flatMap((how) => child("memory", "random encoder", how)),
  },
  jax: { says: "gradient of the same random encoder (mean pooling, embeddings as input), one thread for ours", run: () => child("jax") },
  methods: { says: "integrated gradients of the built-in model over 50 texts: gradient evaluations and completeness gap", run: () => child("methods") },
  evaluation: { says: "20,000 rows of a CSV, built-in model: everything, against the plain batched model runs that it cannot avoid (same tokens, one thread)", run: () => child("evaluation", "20000") },
  pages: { says: "a real browser, 5 visits each, medians", run: () => benchPages() },
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in parts));
if (unknown.length) {
  console.error(`no such part of the bench: ${unknown.join(", ")}; there are ${Object.keys(parts).join(", ")}`);
  process.exit(2);
}
buildIfNeeded();
const results = { date: new Date().toISOString(), node: process.version, processor: cpus()[0]?.model ?? "", cores: cpus().length };
const rounded = (rows) => rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, typeof value === "number" ? Number(value.toPrecision(3)) : value])));
for (const [name, { says, run }] of Object.entries(parts)) {
  if (wanted.length && !wanted.includes(name)) continue;
  results[name] = rounded(await run());
  console.log(`\n${name}: ${says}`);
  console.table(results[name]);
}
mkdirSync("bench/results", { recursive: true });
writeFileSync("bench/results/latest.json", `${JSON.stringify(results, null, 2)}\n`);
