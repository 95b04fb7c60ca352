/**
 * What kind of place this is: a page, a worker, Node. Node's own modules are imported here only, by name, so that bundlers for the
 * browser never see them.
 */

declare const process: { readonly versions?: { readonly node?: string }; cwd(): string } | undefined;

export const inNode = typeof process !== "undefined" && typeof process?.versions?.node === "string" && typeof document === "undefined";

declare const FileReaderSync: unknown;

/** Whether a Blob can be read without waiting, as onnxruntime wants weights: in workers only. */
export const readsBlobs = (): boolean => typeof FileReaderSync !== "undefined";

interface NodeModules {
  "node:fs/promises": { readFile(path: URL | string, options?: { signal?: AbortSignal }): Promise<Uint8Array>; stat(path: URL | string): Promise<{ size: number; isDirectory(): boolean }> };
  "node:fs": {
    openSync(path: URL, flags: "r"): number; closeSync(file: number): void; readSync(file: number, into: Uint8Array, offset: number, length: number, position: number): number;
  };
  "node:crypto": { createHash(name: "sha256"): { update(bytes: Uint8Array): void; digest(encoding: "hex"): string } };
  "node:url": { pathToFileURL(path: string): URL };
  "node:module": { createRequire(url: string): { resolve(name: string): string } };
}

/** A module of Node; only call it when `inNode`. */
export function nodeModule<Name extends keyof NodeModules>(name: Name): Promise<NodeModules[Name]> {
  return import(/* @vite-ignore */ /* webpackIgnore: true */ name) as Promise<NodeModules[Name]>;
}

/** What relative addresses are relative to: the page, the worker's script, or the working directory. */
export async function baseUrl(): Promise<string> {
  if (inNode) return `${(await nodeModule("node:url")).pathToFileURL(process!.cwd()).href}/`;
  return typeof document === "undefined" ? location.href : document.baseURI;
}
