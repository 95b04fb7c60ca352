/**
 * Files that are too large to be held in memory beside the runtime's own copy: read in parts, by Node's file system or, in a worker, from a
 * Blob, which the browser keeps where it likes. Only what is read now is in memory.
 */
import { asLexiscopeError } from "../base/errors.js";
import type { RandomAccess } from "../onnx/skeleton.js";
import { inNode, nodeModule } from "./environment.js";
import { largeFrom } from "./locations.js";

/** Bytes that are read at once. */
const PIECE = 8 * 2 ** 20;

interface SyncReader {
  readAsArrayBuffer(blob: Blob): ArrayBuffer;
}

declare const FileReaderSync: (new () => SyncReader) | undefined;

interface ResizableBuffer extends ArrayBuffer {
  resize(length: number): void;
}

/**
 * One buffer for all reads: what is returned holds until the next read. Where buffers can be resized it gives memory back at once, so that the
 * largest weight is there twice only while it is read; elsewhere it stays as large as the largest.
 */
class Scratch {
  #buffer: ArrayBuffer;

  constructor(most: number) {
    const Resizable = ArrayBuffer as unknown as new (length: number, options: { maxByteLength: number }) => ArrayBuffer;
    this.#buffer = new Resizable(0, { maxByteLength: most }); // the options are ignored where they are not known
  }

  of(length: number): Uint8Array<ArrayBuffer> {
    if ("resize" in this.#buffer) (this.#buffer as ResizableBuffer).resize(length);
    else if (this.#buffer.byteLength < length) this.#buffer = new ArrayBuffer(length);
    return new Uint8Array(this.#buffer, 0, length);
  }
}

export function blobAccess(blob: Blob): RandomAccess {
  const reader = new FileReaderSync!();
  const scratch = new Scratch(blob.size);
  return {
    size: blob.size,
    read(offset, length) {
      const bytes = scratch.of(length);
      for (let at = 0; at < length; at += PIECE) bytes.set(new Uint8Array(reader.readAsArrayBuffer(blob.slice(offset + at, offset + Math.min(length, at + PIECE)))), at);
      return bytes;
    },
  };
}

/** A large file of Node's file system with its hash, or null when it is not there, not a file, or small. */
export async function largeNodeFile(url: string): Promise<{ readonly access: RandomAccess; readonly hash: string } | null> {
  if (!inNode || !url.startsWith("file:")) return null;
  const [{ stat }, { closeSync, openSync, readSync }, { createHash }] = await Promise.all([nodeModule("node:fs/promises"), nodeModule("node:fs"), nodeModule("node:crypto")]);
  const place = new URL(url);
  const found = await stat(place).catch(() => null); // also where a file stands in place of its folder: who reads it says so
  if (!found || found.isDirectory() || found.size <= largeFrom()) return null;
  try {
    const scratch = new Scratch(found.size);
    const piece = new Uint8Array(PIECE);
    const access: RandomAccess = {
      size: found.size,
      read(offset, length) {
        const bytes = scratch.of(length);
        const file = openSync(place, "r"); // each time: nobody says when the last weight was read
        try {
          for (let at = 0; at < length; ) {
            const count = readSync(file, piece, 0, Math.min(PIECE, length - at), offset + at);
            if (count === 0) throw new Error(`the file became shorter than ${found.size} bytes`);
            bytes.set(piece.subarray(0, count), at);
            at += count;
          }
        } finally {
          closeSync(file);
        }
        return bytes;
      },
    };
    const hash = createHash("sha256");
    for (let at = 0; at < found.size; at += PIECE) hash.update(access.read(at, Math.min(PIECE, found.size - at)));
    return { access, hash: hash.digest("hex") };
  } catch (error) {
    throw asLexiscopeError(error, "network", "download");
  }
}

/** Looks to onnxruntime like the bytes of a file that is given as external data: it asks for the size and for parts, one after another. */
export function bytesOnDemand({ size, read }: RandomAccess): Uint8Array {
  return Object.defineProperties(new Uint8Array(0), { byteLength: { value: size }, length: { value: size }, subarray: { value: (from: number, to: number) => read(from, to - from) } });
}
