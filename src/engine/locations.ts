/**
 * Where things lie: the package, onnxruntime-web, the built-in models, the hub; and what a model reference means. Only addresses:
 * nothing is fetched here.
 */
import { LexiscopeError } from "../base/errors.js";
import { baseUrl, inNode, nodeModule } from "./environment.js";

export const RUNTIME_VERSION = "1.30.0";

/** Page-wide settings; set them before the first model is loaded. */
export interface Configuration {
  /** folder of onnxruntime-web's files (its `dist`) */
  readonly runtime?: string;
  /** folder of the built-in models */
  readonly models?: string;
  /** where `hf:owner/name` is looked up */
  readonly hub?: string;
  /** false: compute on the page's thread */
  readonly worker?: boolean;
  /** false: keep no model file in the Cache API */
  readonly cache?: boolean;
  /** bytes from which on a model file is not held in memory but read in parts (in workers and in Node); 64 MiB by default */
  readonly largeFile?: number;
  /** threads of the wasm backend, 1 by default; more need a cross-origin isolated page */
  readonly threads?: number;
}

let settings: Configuration = {};

/** Changes the given settings and leaves the others; addresses may be relative to the page. */
export function configure(changes: Configuration): void {
  settings = { ...settings, ...changes };
}

export function configuration(): Configuration {
  return settings;
}

/** Smaller files are simply read. Bytes. */
export const largeFrom = (): number => settings.largeFile ?? 64 * 2 ** 20;

/** The folder of this package: what stands before the last /src/, /dist/ or /cdn/ of a module's address. */
export function packageRoot(moduleUrl: string = import.meta.url): string {
  return /^(.*\/)(?:src|dist|cdn)\/.*$/.exec(moduleUrl)?.[1] ?? new URL(".", moduleUrl).href;
}

/** Default place of onnxruntime-web's files beside a package that lies at `root`. */
export function defaultRuntimeFolder(root: string): string {
  if (/\/node_modules\/(?:@[^/]+\/)?[^/]+\/$/.test(root)) return new URL(root.includes("/node_modules/@") ? "../../onnxruntime-web/dist/" : "../onnxruntime-web/dist/", root).href;
  if (/\/lexiscope@[^/]+\/$/.test(root)) return new URL(`../onnxruntime-web@${RUNTIME_VERSION}/dist/`, root).href;
  return `${root}runtime/`;
}

const folder = (url: string): string => (url.endsWith("/") ? url : `${url}/`);

export async function runtimeFolder(): Promise<string> {
  return settings.runtime === undefined ? defaultRuntimeFolder(packageRoot()) : folder(new URL(settings.runtime, await baseUrl()).href);
}

/** The settings with absolute addresses, for a worker whose own address is another. */
export async function absoluteConfiguration(): Promise<Configuration> {
  const base = await baseUrl();
  const absolute = (url: string | undefined) => (url === undefined ? undefined : new URL(url, base).href);
  const places = { runtime: await runtimeFolder(), models: absolute(settings.models), hub: absolute(settings.hub) };
  return { ...settings, ...Object.fromEntries(Object.entries(places).filter(([, url]) => url !== undefined)) };
}

/** Where a model's files are to be looked for. */
export interface ModelLocation {
  readonly reference: string;
  readonly name: string;
  /** holds config.json and tokenizer.json */
  readonly folder: string;
  /** addresses of the model file, tried in this order; an encoder's may have its decoder beside it */
  readonly candidates: readonly string[];
}

const at = (reference: string, name: string, root: string): ModelLocation => ({ reference, name, folder: root, candidates: ["model", "encoder_model"].flatMap((file) => [`${root}onnx/${file}.onnx`, `${root}${file}.onnx`]) });

function ofHub(reference: string): ModelLocation {
  const match = /^hf:([\w.-]+)\/([\w.-]+)(?:@([\w./-]+))?$/.exec(reference);
  if (!match) throw new LexiscopeError("bad-input", `not a model on the hub: "${reference}"; write hf:owner/name or hf:owner/name@revision`, { phase: "request" });
  const [, owner, name, revision = "main"] = match;
  return at(reference, `${owner}/${name}`, `${folder(settings.hub ?? "https://huggingface.co/")}${owner}/${name}/resolve/${revision}/`);
}

function ofFile(reference: string, url: URL): ModelLocation {
  const parent = new URL(".", url).href;
  return { reference, name: decodeURIComponent(url.pathname.split("/").pop() ?? ""), folder: parent.replace(/\/onnx\/$/, "/"), candidates: [url.href] };
}

/** Meaning of a reference: a built-in name ("sentiment"), "hf:owner/name", a folder, or a file that ends in .onnx. */
export async function locateModel(reference: string): Promise<ModelLocation> {
  if (reference.trim() === "") throw new LexiscopeError("bad-input", 'no model: give a built-in name ("sentiment"), the address of a folder, or "hf:owner/name"', { phase: "request" });
  if (reference.startsWith("hf:")) return ofHub(reference);
  if (/^[a-z0-9][\w-]*$/i.test(reference)) {
    const models = settings.models === undefined ? `${packageRoot()}models/` : folder(new URL(settings.models, await baseUrl()).href);
    return at(reference, reference, `${models}${reference}/`);
  }
  const isNodePath = inNode && !/^[a-z][a-z0-9+.-]+:\/\//i.test(reference);
  let url: URL;
  try {
    url = isNodePath ? (await nodeModule("node:url")).pathToFileURL(reference) : new URL(reference, await baseUrl());
  } catch (cause) {
    throw new LexiscopeError("bad-input", `not an address: "${reference}"`, { phase: "request", cause });
  }
  if (url.pathname.endsWith(".onnx")) return ofFile(reference, url);
  const root = folder(url.href.replace(/[?#].*$/, ""));
  return at(reference, decodeURIComponent(root.split("/").at(-2) ?? reference), root);
}
