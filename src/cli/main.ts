#!/usr/bin/env node
/// <reference types="node" />
/**
 * The command `lexiscope`: explain a text, tell whether a model will work, or store explanations in a page, from a terminal. Reads arguments and prints; the engine
 * does the work. Ends with 0 when it worked, 1 when it failed, 2 when it was called wrongly.
 */
import { readFile, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { AttentionPart } from "../anatomy/types.js";
import { asLexiscopeError, LexiscopeError } from "../base/errors.js";
import { inspectModel } from "../engine/inspect.js";
import { loadModel } from "../engine/load-model.js";
import { MEASURES, type Measure } from "../explanation/measures.js";
import { plainExplanation } from "../explanation/plain.js";
import type { ExplainRequest, TextInput } from "../engine/types.js";
import { VERSION } from "../engine/version.js";
import { methods } from "../methods/table.js";
import { faithfulnessRequest, summaryRequest } from "../state/requests.js";
import { bake } from "./bake.js";
import { evaluate, type Outcome } from "./evaluate.js";
import { explanationText, inspectionText } from "./output.js";
import { numbered, UsageError } from "./usage-error.js";

const PARTS: readonly AttentionPart[] = ["self", "decoder", "cross"];

const usage = `lexiscope ${VERSION}

  lexiscope explain --model MODEL --text TEXT --method METHOD [options]
  lexiscope inspect FILE-OR-FOLDER [--json]
  lexiscope bake PAGE.html [--out FILE]
  lexiscope evaluate --model MODEL --data FILE --label COLUMN [--text COLUMN] [--slices …] [--assert …] [--json]

MODEL   a folder, an .onnx file beside its tokenizer.json, a built-in name (sentiment) or hf:owner/name
METHOD  ${[...Object.keys(methods), "attention", "attention-heads", "attention-formula", "prediction", "faithfulness", "summary"].join(", ")}

  --text-pair TEXT    the second text
  --decoder-text TEXT the same, of an encoder–decoder: what it has written so far
  --features JSON     a row of a table instead of a text, for tree ensembles: '{"age": 41, …}'
  --target TARGET     argmax (default), a label, an index, a token of a language model, or two of them as "a - b"
  --preset NAME       a known tool's settings, e.g. captum
  --option NAME=VALUE an option of the method; may be repeated
  --samples N         how much a method that samples may evaluate; its own default when not given
  --seed N            for methods that sample
  --methods A,B       what faithfulness judges, each a method or METHOD:PRESET
  --corpus CORPUS     judges faithfulness on texts of a corpus (a name, or a CSV, JSON or JSONL file)
                      instead of --text; --samples N of them, drawn with --seed
  --layer N --head N  for attention: a number from 0, mean (default) or max
  --attention PART    for attention of an encoder–decoder: ${PARTS.join(", ")}
  --measure MEASURE   for attention: ${MEASURES.join(", ")}
  --compare           for attention: rank correlation with gradient × input and ablation
  --out FILE          where bake writes; the page itself by default
  --slices LIST       slices of evaluate, e.g. "lang, length, contains(not|never), source × lang"
  --assert GATES      e.g. "accuracy >= 0.85; slice(lang=zh).recall >= 0.8"; status 1 when one fails
  --model-b MODEL     a second model to compare with; --positive LABEL, --minimum ROWS,
                      --interval wilson|bootstrap|jackknife|percentile, --correction holm|benjamini-hochberg|none
  --json              the whole explanation or report as JSON
`;

/** The text, and the second one by either of its names. An empty text would be answered by what the tokenizer adds to it. */
function inputOf(values: Readonly<Partial<Record<"text" | "text-pair" | "decoder-text" | "features", string>>>): TextInput | undefined {
  const [pair, written] = [values["text-pair"], values["decoder-text"]];
  if (pair !== undefined && written !== undefined) throw new UsageError("--text-pair and --decoder-text are the same: give one");
  const second = pair ?? written;
  const more = { ...(second !== undefined && { textPair: second }) };
  if (values.features !== undefined) return { text: values.text ?? "", features: rowOf(values.features), ...more };
  if (values.text === undefined) return undefined;
  if (values.text.trim() === "") throw new UsageError("--text is empty: there is nothing to explain");
  return { text: values.text, ...more };
}

const choice = (name: string, value: string): number | "mean" | "max" => (value === "mean" || value === "max" ? value : numbered(name, value));

function optionsOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const cut = pair.indexOf("=");
      if (cut < 1) throw new UsageError(`--option ${pair}: write NAME=VALUE`);
      return [pair.slice(0, cut), pair.slice(cut + 1)];
    }),
  );
}

function rowOf(json: string): NonNullable<TextInput["features"]> {
  try {
    const row: unknown = JSON.parse(json);
    if (typeof row === "object" && row !== null && !Array.isArray(row)) return row as NonNullable<TextInput["features"]>;
  } catch {
    // said below
  }
  throw new UsageError(`--features ${json}: write JSON, {"name": value, …}`);
}

async function explain(args: string[]): Promise<string> {
  const { values } = parseArgs({
    args,
    options: {
      model: { type: "string" }, text: { type: "string" }, "text-pair": { type: "string" }, "decoder-text": { type: "string" }, attention: { type: "string" }, features: { type: "string" }, method: { type: "string" }, target: { type: "string" }, preset: { type: "string" },
      option: { type: "string", multiple: true }, samples: { type: "string" }, seed: { type: "string" }, methods: { type: "string" }, corpus: { type: "string" }, layer: { type: "string" }, head: { type: "string" }, measure: { type: "string" }, compare: { type: "boolean" }, json: { type: "boolean" },
    },
  });
  const { model: reference, method } = values;
  const input = inputOf(values) ?? (method === "faithfulness" && values.corpus !== undefined ? { text: "" } : undefined);
  if (reference === undefined || input === undefined || method === undefined) throw new UsageError("explain needs --model, --text and --method");
  const part = PARTS.find((each) => each === values.attention);
  if (values.attention !== undefined && !part) throw new UsageError(`--attention ${values.attention}: there are ${PARTS.join(", ")}`);
  const attribution = {
    kind: "attribution" as const, method, options: optionsOf(values.option ?? []),
    ...(values.target !== undefined && { target: values.target }), ...(values.preset !== undefined && { preset: values.preset }), ...(values.seed !== undefined && { seed: numbered("seed", values.seed) }),
    ...(values.samples !== undefined && { samples: numbered("samples", values.samples) }),
  };
  const kinds: Readonly<Record<string, () => ExplainRequest>> = {
    attention: () => ({
      kind: "attention", ...input, ...(values.layer !== undefined && { layer: choice("layer", values.layer) }), ...(values.head !== undefined && { head: choice("head", values.head) }),
      ...(part && { attention: part }), ...(values.compare && { compare: true }), ...(values.measure !== undefined && { measure: values.measure as Measure }), ...(values.option && { options: optionsOf(values.option) }),
    }),
    "attention-formula": () => ({ kind: "attention-formula", ...input, layer: numbered("layer", values.layer ?? "0"), head: numbered("head", values.head ?? "0") }),
    "attention-heads": () => ({ kind: "attention-heads", ...input }),
    prediction: () => ({ kind: "prediction", ...input }),
    summary: () => summaryRequest(input, null, values.preset, values.target, values.seed === undefined ? null : numbered("seed", values.seed)),
    faithfulness: () => faithfulnessRequest(input, { ...values, seed: values.seed === undefined ? null : numbered("seed", values.seed), samples: values.samples === undefined ? null : numbered("samples", values.samples) }),
  };
  if (!Object.hasOwn(kinds, method) && !Object.hasOwn(methods, method)) throw new UsageError(`--method ${method}: there are ${[...Object.keys(methods), ...Object.keys(kinds)].join(", ")}`);
  const request = kinds[method]?.() ?? { ...attribution, ...input };
  const model = await loadModel(reference);
  try {
    const explanation = await model.explain(request);
    return values.json ? JSON.stringify(plainExplanation(explanation), null, 2) : explanationText(explanation);
  } finally {
    await model.dispose();
  }
}

async function inspect(args: string[]): Promise<string> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { json: { type: "boolean" } } });
  const [reference, ...more] = positionals;
  if (reference === undefined || more.length > 0) throw new UsageError("inspect needs one file or folder");
  const report = await inspectModel(reference);
  return values.json ? JSON.stringify(report, null, 2) : inspectionText(report);
}

/** Stores each element's explanation in the page. What fails is named and left as it was; the rest is written all the same. */
async function bakePage(args: string[]): Promise<string> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { out: { type: "string" } } });
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw new UsageError("bake needs one page");
  const page = await readFile(path, "utf8").catch((cause: Error) => {
    throw new LexiscopeError("not-found", `cannot read ${path}: ${cause.message}`, { cause });
  });
  const { page: baked, stored, failed, files } = await bake(page, path, loadModel);
  for (const [file, bytes] of files) await writeFile(resolve(dirname(path), file), bytes);
  await writeFile(values.out ?? path, baked);
  if (failed.length > 0) throw new LexiscopeError("runtime", `stored ${stored.length}, failed ${failed.length}:\n  ${failed.join("\n  ")}`);
  const beside = [...files].map(([file, { byteLength }]) => `vectors in ${file} (${Math.ceil(byteLength / 1024)} KiB)`);
  return [`stored ${stored.length} in ${values.out ?? path}`, ...stored.map((place) => `  ${place}`), ...beside].join("\n");
}

const commands: Readonly<Record<string, (args: string[]) => Promise<string | Outcome>>> = { explain, inspect, bake: bakePage, evaluate };

async function main([name = "", ...args]: string[]): Promise<number> {
  if (["--help", "-h", "help"].includes(name) || (Object.hasOwn(commands, name) && ["--help", "-h"].includes(args[0] ?? ""))) return console.log(usage), 0;
  if (name === "--version") return console.log(VERSION), 0;
  try {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!command) throw new UsageError(name === "" ? "no command" : `no command "${name}"`);
    const outcome = await command(args);
    const { text, status } = typeof outcome === "string" ? { text: outcome, status: 0 } : outcome;
    console.log(text);
    return status;
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (error instanceof UsageError || (typeof code === "string" && code.startsWith("ERR_PARSE_ARGS"))) {
      console.error(`${(error as Error).message}\n\n${usage}`);
      return 2;
    }
    const { message } = error instanceof LexiscopeError ? error : asLexiscopeError(error, "runtime", "run");
    console.error(`lexiscope: ${message}`);
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
