/** A model of the bench as a folder that `loadModel` can open: its file, the built-in model's tokenizer, a config. */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadModel } from "../src/engine/load-model.js";
import type { LanguageModel } from "../src/engine/types.js";
import { subjects, type SubjectName } from "./subject.js";

/** The folder is gone when the process ends. */
export function modelFolder(bytes: Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), "bench-model-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return writeModel(folder, bytes);
}

export function writeModel(folder: string, bytes: Uint8Array): string {
  writeFileSync(join(folder, "model.onnx"), bytes);
  for (const name of ["tokenizer.json", "tokenizer_config.json"]) copyFileSync(join("models/sentiment", name), join(folder, name));
  writeFileSync(join(folder, "config.json"), JSON.stringify({ architectures: ["ForSequenceClassification"], model_type: "bert", max_position_embeddings: 512, id2label: { 0: "negative", 1: "positive" } }));
  return `${folder}/`;
}

export const loadSubject = (name: SubjectName): Promise<LanguageModel> => loadModel(name === "sentiment" ? "./models/sentiment/" : modelFolder(subjects[name]()), { backend: "wasm" });
