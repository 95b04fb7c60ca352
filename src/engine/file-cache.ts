/**
 * Model files kept in the Cache API, so that the second visit downloads nothing. Before a kept file is used, one HEAD request compares
 * length, ETag and date; without a network it is used as it is. Where there is no Cache API (insecure page, sandboxed frame) nothing is kept.
 */
const NAME = "lexiscope-1";
const FINGERPRINT = ["etag", "last-modified", "content-length"] as const;

async function open(): Promise<Cache | null> {
  try {
    return typeof caches === "undefined" ? null : await caches.open(NAME);
  } catch {
    return null; // a sandboxed frame answers SecurityError
  }
}

/** Whether the server's file is still the kept one; true when the server cannot be asked. */
async function isCurrent(kept: Response, url: string, signal: AbortSignal | undefined): Promise<boolean> {
  let head: Response;
  try {
    head = await fetch(url, { method: "HEAD", cache: "no-cache", ...(signal && { signal }) });
  } catch {
    return true;
  }
  if (!head.ok) return head.status >= 500 || head.status === 405;
  const encoded = head.headers.has("content-encoding");
  return FINGERPRINT.every((name) => {
    const [now, then] = [head.headers.get(name), kept.headers.get(name)];
    return now === null || then === null || (encoded && name === "content-length") || now === then;
  });
}

/** The kept bytes of an address, or null; of a file of more than `blobFrom` bytes a Blob. */
export async function keptFile(url: string, signal?: AbortSignal, blobFrom = Infinity): Promise<Uint8Array | Blob | null> {
  const cache = await open();
  const kept = await cache?.match(url).catch(() => undefined);
  if (!cache || !kept) return null;
  if (await isCurrent(kept, url, signal)) return Number(kept.headers.get("content-length")) > blobFrom ? kept.blob() : new Uint8Array(await kept.arrayBuffer());
  await cache.delete(url).catch(() => false);
  return null;
}

/** Keeps a file with what identifies its version. A full disk or a refusal is no error. */
export async function keepFile(url: string, bytes: Uint8Array | Blob, headers: Headers): Promise<void> {
  const cache = await open();
  if (!cache) return;
  const kept = new Headers({ "content-type": "application/octet-stream", "content-length": String(bytes instanceof Blob ? bytes.size : bytes.byteLength) });
  for (const name of FINGERPRINT) {
    const value = headers.get(name);
    if (value !== null && name !== "content-length") kept.set(name, value);
  }
  await cache.put(url, new Response(bytes as Uint8Array<ArrayBuffer> | Blob, { headers: kept })).catch(() => undefined);
}
