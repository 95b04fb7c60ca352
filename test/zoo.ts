/** The zoo's files as tests read them: the model's bytes and PyTorch's numbers. Made by test/oracle/zoo.py. */
import { float32, type Tensor } from "../src/tensor/tensor.js";

/** Little-endian float32. */
export interface Coded {
  readonly shape: number[];
  readonly base64: string;
}

/** Exports that no optimiser has touched. */
export const plainFiles = [
  "bert-ts14", "bert-ts17", "bert-ts17-sdpa", "bert-old11", "bert-old13", "bert-notypes-ts14", "bert-notypes-old13",
  "distilbert-ts14", "distilbert-ts17-sdpa", "distilbert-old13",
  "gpt2-ts14", "gpt2-ts17", "gpt2-ts17-sdpa", "gpt2-old13",
  "llama-ts14", "llama-ts17-sdpa", "llama-nopositions-ts17-sdpa",
];

export function decoded({ shape, base64 }: Coded): Tensor<Float32Array> {
  return float32(new Float32Array(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)).buffer), shape);
}

/** `Numbers`: which of the file's numbers a test reads. */
export async function loadZoo<Numbers>(file: string): Promise<Numbers & { readonly bytes: Uint8Array<ArrayBuffer> }> {
  const folder = `/test/fixtures/zoo/${file}`;
  const numbers = (await (await fetch(`${folder}/numbers.json`)).json()) as Numbers;
  return { ...numbers, bytes: new Uint8Array(await (await fetch(`${folder}/model.onnx`)).arrayBuffer()) };
}

export async function loadJson<T>(address: string): Promise<T> {
  return (await (await fetch(address)).json()) as T;
}
