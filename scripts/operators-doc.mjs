// Writes docs/operators.md from the tables of the code: node scripts/operators-doc.mjs. With --check it writes nothing and fails when the
// file is not what the tables say.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = join(root, "docs", "operators.md");

async function tables() {
  const folder = mkdtempSync(join(tmpdir(), "lexiscope-operators-"));
  const outfile = join(folder, "tables.mjs");
  const contents = 'export { operators } from "./src/autodiff/operators.js"; export { lowerings } from "./src/lowering/table.js";';
  try {
    await build({ stdin: { contents, resolveDir: root, loader: "ts" }, bundle: true, platform: "node", format: "esm", outfile, logLevel: "error" });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What becomes of an operator, taken apart first where it can be. */
function verdict(lowering, row) {
  if (typeof lowering === "function") return typeof row === "function" ? "rule; usually taken apart into primitives" : "taken apart into primitives";
  if (lowering !== undefined) return `unsupported: ${lowering.notLowered}`;
  if (typeof row === "function") return "rule";
  return "stops" in row ? `not differentiable: ${row.stops}` : `unsupported: ${row.unsupported}`;
}

function section(title, names, { operators, lowerings }) {
  const lines = names.sort().map((name) => `| ${name.split(".").at(-1)} | ${verdict(lowerings[name], operators[name])} |`);
  return [`## ${title}`, "", "| operator | gradient |", "|---|---|", ...lines, ""];
}

const found = await tables();
const names = [...new Set([...Object.keys(found.operators), ...Object.keys(found.lowerings)])];
const domain = (name) => name.slice(0, Math.max(name.lastIndexOf("."), 0));
const text = [
  "# Operators",
  "",
  "What an exact gradient makes of every operator that is known, by ONNX domain. Written by `node scripts/operators-doc.mjs` from the tables in",
  "`src/autodiff/operators.ts` and `src/lowering/table.ts`; do not edit.",
  "",
  "- **rule**: the gradient passes by a rule of its own. Some forms may be refused; the error names the operator, its node and the form.",
  "- **taken apart into primitives**: a fused operator is replaced by primitives when the model is loaded, so that patterns and gradients come out.",
  "  Some forms are refused (a past, packed keys), with the reason.",
  "- **not differentiable**: the result does not change with the input, or only in jumps; the gradient stops there, and that is right.",
  "- **unsupported**: a gradient exists and this library cannot give it. Use a method that only asks for predictions.",
  "",
  "Some chains of nodes count as one operator with a rule of its own: spelled-out GELU and norms, softmax with a guard against NaN, and",
  "MatMulInteger behind DynamicQuantizeLinear (the linear map with the dequantised weight, straight through the rounding).",
  "",
  "An operator that is not listed is unsupported on the way of a gradient, and no obstacle anywhere else. Every operator that the runtime knows can be predicted with.",
  "",
  ...section("ai.onnx", names.filter((name) => domain(name) === ""), found),
  ...section("com.microsoft", names.filter((name) => domain(name) === "com.microsoft"), found),
].join("\n");

if (process.argv.includes("--check")) {
  const written = readFileSync(target, "utf8").replaceAll("\r\n", "\n");
  if (written !== text) {
    console.error("docs/operators.md is not what the tables say; run: node scripts/operators-doc.mjs");
    process.exitCode = 1;
  }
} else {
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}
