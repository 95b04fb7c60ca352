/** Vectors of corpora kept in the Cache API, by what they are of. Where there is none (Node, a sandboxed frame) nothing is kept. */
const NAME = "lexiscope-vectors-1";
/** The oldest are dropped beyond so many corpora. */
const MOST = 12;

/** An address that nobody serves: the cache wants one. */
const address = (name: string): string => `https://lexiscope.invalid/vectors/${encodeURIComponent(name)}`;

async function open(): Promise<Cache | null> {
  try {
    return typeof caches === "undefined" ? null : await caches.open(NAME);
  } catch {
    return null; // a sandboxed frame answers SecurityError
  }
}

export async function keptVectors(name: string): Promise<Uint8Array | null> {
  const found = await (await open())?.match(address(name)).catch(() => undefined);
  return found ? new Uint8Array(await found.arrayBuffer()) : null;
}

/** A full disk or a refusal is no error. */
export async function keepVectors(name: string, bytes: Uint8Array): Promise<void> {
  const cache = await open();
  if (!cache) return;
  await cache.put(address(name), new Response(bytes as Uint8Array<ArrayBuffer>)).catch(() => undefined);
  const keys = await cache.keys().catch(() => []);
  for (const old of keys.slice(0, Math.max(0, keys.length - MOST))) await cache.delete(old).catch(() => false);
}
