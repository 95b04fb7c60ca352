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

const folderOf = (file: string): string => `/test/fixtures/zoo/${file}/`;

/** `Numbers`: which of the file's numbers a test reads. Flavours of one architecture have the same cases, which stand once. */
export async function loadNumbers<Numbers>(file: string): Promise<Numbers> {
  const numbers = await loadJson<{ cases: unknown }>(`${folderOf(file)}numbers.json`);
  if (typeof numbers.cases !== "string") return numbers as Numbers;
  const { cases } = await loadJson<{ cases: unknown }>(`${folderOf(numbers.cases)}numbers.json`);
  return { ...numbers, cases } as Numbers;
}

export async function loadZoo<Numbers>(file: string): Promise<Numbers & { readonly bytes: Uint8Array<ArrayBuffer> }> {
  const numbers = await loadNumbers<Numbers>(file);
  return { ...numbers, bytes: await loadBytes(`${folderOf(file)}model.onnx`) };
}

export async function loadBytes(address: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await fetch(address)).arrayBuffer());
}

export async function loadJson<T>(address: string): Promise<T> {
  return (await (await fetch(address)).json()) as T;
}
