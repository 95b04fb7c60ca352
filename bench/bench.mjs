// `npm run bench [-- PARTS] [--quick]`: what the library costs, as ratios within one run. Prints tables, writes bench/results/latest.json.
// --quick: every part with the fewest repetitions, to see that it runs; its numbers mean nothing.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { buildIfNeeded } from "../scripts/build-if-needed.mjs";
import { median } from "./median.mjs";
import { benchGpu } from "./gpu.mjs";
import { benchPages } from "./page.mjs";

const wanted = process.argv.slice(2).filter((argument) => argument !== "--quick");
const quick = process.argv.includes("--quick");

const bundles = "bench/results/.bundles"; // inside the repository, so that Node finds node_modules
await build({
  entryPoints: ["ratios", "memory", "rewriting", "jax", "methods", "explanations", "corpus", "grid", "evaluation", "gpu-model"].map((name) => `bench/${name}.ts`),
  outdir: bundles, outExtension: { ".js": ".mjs" }, bundle: true, splitting: true, platform: "node", format: "esm", target: "node20",
  external: ["onnxruntime-web", "@jax-js/*"], logLevel: "warning",
});

/** A fresh process: its last line is JSON. */
function child(script, ...args) {
  const { status, stdout } = spawnSync(process.execPath, [join(bundles, `${script}.mjs`), ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], maxBuffer: 2 ** 26, env: { ...process.env, ...(quick && { BENCH_QUICK: "1" }) } });
  if (status !== 0) throw new Error(`bench ${script} ${args.join(" ")} failed`);
  return JSON.parse(stdout.trim().split("\n").at(-1));
}

/** Making a session, in fresh processes by turns. */
function creation(model) {
  const rounds = Array.from({ length: quick ? 1 : 3 }, () => ["plain", "ours"].map((how) => child("rewriting", model, how)));
  const of = (how, field) => median(rounds.map((round) => round[how][field]));
  const [plain, ours] = [of(0, "total"), of(1, "total")];
  return {
    model, "file MiB": of(1, "file MiB"), "decoding, ms": of(1, "decoding"), "rewriting, ms": of(1, "rewriting"), "both once more, ms": of(1, "again"),
    "plain session, ms": plain, "ours, ms": ours, "ours ÷ plain": median(rounds.map(([one, other]) => other.total / one.total)),
  };
}

const models = ["sentiment", "BERT-like"];
const architectures = ["BERT-like", "GPT-2-like", "Llama-like"].flatMap((name) => [name, `${name}, int8`]);
const parts = {
  ratios: {
    says: "medians of interleaved runs in one process; plain: onnxruntime-web's defaults on the untouched file; the others: our session",
    run: () => [1, 2].flatMap((threads) => models.flatMap((model) => child("ratios", String(threads), model, "32,128,512"))),
  },
  architectures: {
    says: "the same for random models of 6 layers, width 384, one thread; int8: as onnxruntime's dynamic quantiser writes it, the gradient is that of the dequantised weights, in float32",
    run: () => architectures.flatMap((model) => child("ratios", "1", model, "32,128")),
  },
  memory: {
    says: "wasm heap, one session a process; plain: onnxruntime-web's defaults, file inline; ours: weights as external data, not prepacked",
    run: () => ["plain", "ours"].flatMap((how) => architectures.flatMap((model) => child("memory", model, how))),
  },
  gpu: { says: "bytes of all buffers on the WebGPU device of a browser, 128 tokens", run: () => benchGpu(child("gpu-model", "bench/results/gpu-model")) },
  creation: { says: "a session of a file in memory, each in a fresh process, runtime loaded; ours: decoding and rewriting the graph (once, cold), then the session", run: () => architectures.map(creation) },
  jax: { says: "gradient of the BERT-like encoder (mean pooling, embeddings as input), one thread for ours", run: () => child("jax") },
  methods: { says: "integrated gradients of the built-in model over 50 texts: gradient evaluations and completeness gap", run: () => child("methods") },
  explanations: {
    says: "methods that ask a model many times, a text of 32 tokens, one thread; plain: onnxruntime-web's defaults on the untouched file, before and after ours",
    run: () => ["sentiment", "BERT-like"].flatMap((model) => child("explanations", model)),
  },
  corpus: { says: "similar examples, built-in model, one thread; plain: batched runs of the same tokens; a query: till its list is known, and with the attributions of all it lists", run: () => child("corpus", quick ? "500" : "10000") },
  grid: { says: "all heads of a random encoder of 12 layers × 12 heads, width 192, one thread, without painting; plain: onnxruntime-web's defaults on the untouched file", run: () => child("grid") },
  evaluation: { says: "rows of a CSV, built-in model: everything, against the plain batched model runs that it cannot avoid (same tokens, one thread)", run: () => child("evaluation", quick ? "1000" : "20000") },
  pages: { says: "a real browser, medians of several visits", run: () => benchPages({ repeats: quick ? 1 : 5 }) },
};

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
  const begun = performance.now();
  results[name] = rounded(await run());
  console.log(`\n${name} (${Math.round((performance.now() - begun) / 1000)} s): ${says}`);
  console.table(results[name]);
}
mkdirSync("bench/results", { recursive: true });
writeFileSync("bench/results/latest.json", `${JSON.stringify(results, null, 2)}\n`);
