/**
 * The vectors of a corpus as bytes, to be kept in the page's cache or stored beside the corpus: one line of JSON that says of which model and
 * which texts they are, then the scores in single and the vectors in half precision. Not a general format: it is read only when the line fits
 * what is asked.
 */
import { float16ToFloat32, float32ToFloat16 } from "../tensor/float16.js";

/** Of what the vectors are; they fit only when all of it is the same. */
export interface VectorKey {
  /** SHA-256 of the model file; "" fits any */
  readonly model: string;
  /** hash of the texts */
  readonly corpus: string;
  readonly layer: number;
  readonly pooling: "mean" | "class";
  readonly rows: number;
}

export interface StoredVectors {
  readonly width: number;
  readonly labels: number;
  readonly featureWidth: number;
  readonly vectors: Float32Array; // [row, width]
  readonly logits: Float32Array; // [row, label]
  /** what goes into the last layer, [row, featureWidth]; empty where it is not known */
  readonly features: Float32Array;
  /** 1 where a row was computed */
  readonly done: Uint8Array; // [row]
}

const FORMAT = "lexiscope-vectors-1";

export function encodeVectors(key: VectorKey, { width, labels, featureWidth, vectors, logits, features, done }: StoredVectors): Uint8Array {
  const missing = Array.from(done.entries()).flatMap(([row, yes]) => (yes ? [] : [row]));
  const line = JSON.stringify({ format: FORMAT, ...key, width, labels, featureWidth, missing });
  const head = new TextEncoder().encode(line);
  const start = 4 * Math.ceil((head.length + 1) / 4);
  const [numbers, halves] = [logits.byteLength, 2 * (vectors.length + features.length)];
  const bytes = new Uint8Array(start + numbers + halves).fill(32, 0, start - 1);
  bytes.set(head);
  bytes[start - 1] = 10;
  bytes.set(new Uint8Array(logits.buffer, logits.byteOffset, numbers), start);
  bytes.set(new Uint8Array(float32ToFloat16(vectors).buffer), start + numbers);
  bytes.set(new Uint8Array(float32ToFloat16(features).buffer), start + numbers + 2 * vectors.length);
  return bytes;
}

/** The vectors, or null where the bytes are of something else, of another model or of other texts. */
export function decodeVectors(bytes: Uint8Array, key: VectorKey): StoredVectors | null {
  const end = bytes.indexOf(10);
  if (end < 0) return null;
  try {
    const head = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end))) as VectorKey & { format: string; width: number; labels: number; featureWidth: number; missing: number[] };
    const same = head.format === FORMAT && (Object.keys(key) as (keyof VectorKey)[]).every((name) => head[name] === key[name] || (name === "model" && key.model === ""));
    const { width, labels, featureWidth, missing } = head;
    const sizes = [key.rows * labels, key.rows * width, key.rows * featureWidth] as const;
    if (!same || bytes.length !== end + 1 + 4 * sizes[0] + 2 * (sizes[1] + sizes[2])) return null;
    const body = bytes.slice(end + 1).buffer;
    const halves = new Uint16Array(body, 4 * sizes[0]);
    const done = new Uint8Array(key.rows).fill(1);
    for (const row of missing) done[row] = 0;
    return { width, labels, featureWidth, done, logits: new Float32Array(body, 0, sizes[0]), vectors: float16ToFloat32(halves.subarray(0, sizes[1])), features: float16ToFloat32(halves.subarray(sizes[1])) };
  } catch {
    return null; // no such file
  }
}
