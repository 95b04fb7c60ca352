/// <reference types="node" />
/**
 * `lexiscope evaluate`: a model's metrics on a data file, by slice, and gates for continuous integration. The status is 0 when all gates pass,
 * 1 when one fails or the evaluation does, 2 for a call that cannot be read.
 */
import { parseArgs } from "node:util";
import { loadModel } from "../engine/load-model.js";
import type { EvaluationRequest, Progress } from "../engine/types.js";
import { CORRECTIONS, INTERVALS } from "../explanation/evaluation.js";
import type { EvaluationExplanation } from "../explanation/types.js";
import { parseAssertions } from "../methods/evaluation/assertions.js";
import { parseSlices } from "../methods/evaluation/slice-language.js";
import { explanationText } from "./output.js";
import { numbered, UsageError } from "./usage-error.js";

export interface Outcome {
  readonly text: string;
  readonly status: 0 | 1;
}

function checked<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

const oneOf = <T extends string>(name: string, value: string, allowed: readonly T[]): T => {
  if (!allowed.includes(value as T)) throw new UsageError(`--${name} ${value}: there are ${allowed.join(", ")}`);
  return value as T;
};

function requestOf(args: string[]): { readonly model: string; readonly json: boolean; readonly request: EvaluationRequest } {
  const { values } = parseArgs({
    args,
    options: {
      model: { type: "string" }, data: { type: "string" }, label: { type: "string" }, text: { type: "string" }, "text-pair": { type: "string" }, slices: { type: "string" }, assert: { type: "string" }, "model-b": { type: "string" },
      positive: { type: "string" }, interval: { type: "string" }, correction: { type: "string" }, minimum: { type: "string" }, seed: { type: "string" }, json: { type: "boolean", default: false },
    },
  });
  const { model, data, label, text: textColumn, slices, assert, positive, interval, correction, minimum, seed, json } = values;
  if (model === undefined || data === undefined || label === undefined) throw new UsageError("evaluate needs --model, --data and --label");
  checked(() => [parseSlices(slices ?? ""), parseAssertions(assert ?? "")]);
  if (minimum === "0") throw new UsageError("--minimum 0: use a whole number from 1");
  const request = {
    text: "", data, label, ...(textColumn !== undefined && { textColumn }), ...(values["text-pair"] !== undefined && { textPairColumn: values["text-pair"] }), ...(slices !== undefined && { slices }), ...(assert !== undefined && { assert }),
    ...(values["model-b"] !== undefined && { modelB: values["model-b"] }), ...(positive !== undefined && { positive }), ...(interval !== undefined && { interval: oneOf("interval", interval, INTERVALS) }),
    ...(correction !== undefined && { correction: oneOf("correction", correction, CORRECTIONS) }), ...(minimum !== undefined && { minimum: numbered("minimum", minimum) }), ...(seed !== undefined && { seed: numbered("seed", seed) }),
  };
  return { model, json, request };
}

/** One line that writes over itself, where a person looks on. */
function showProgress({ phase, loaded, total }: Progress): void {
  if (phase === "explain" && process.stderr.isTTY) process.stderr.write(`\r${loaded} of ${total} rows${loaded >= total ? "\n" : ""}`);
}

export async function evaluate(args: string[]): Promise<Outcome> {
  const { model: reference, json, request } = requestOf(args);
  const model = await loadModel(reference);
  try {
    const explanation = (await model.explain({ kind: "evaluation", ...request }, { onProgress: showProgress })) as EvaluationExplanation;
    return { text: json ? JSON.stringify(explanation, null, 2) : explanationText(explanation), status: explanation.gates.every(({ passed }) => passed) ? 0 : 1 };
  } finally {
    await model.dispose();
  }
}
