/** SHA-256 of a file, and the check against an expected one. Insecure contexts have no `crypto.subtle`: no hash there, and no check. */
import { LexiscopeError } from "../base/errors.js";

/** Lower-case hex; "" where the page cannot compute it. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;
  if (!subtle) return "";
  const digest = new Uint8Array(await subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Throws unless `hash` is the expected one; does nothing when none is expected. */
export function checkIntegrity(hash: string, expected: string | undefined, url: string): void {
  if (expected === undefined) return;
  const wanted = expected.toLowerCase().replace(/^sha-?256[-:]/, "");
  if (hash === "") throw new LexiscopeError("unsupported", `cannot check the integrity of ${url}: this page is not a secure context`, { phase: "download" });
  if (hash !== wanted) throw new LexiscopeError("bad-model", `integrity: ${url} has SHA-256 ${hash}, expected ${wanted}`, { phase: "download" });
}
