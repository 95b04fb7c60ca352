/** What many texts cost at least: the plain session on the same tokens, in batches of 16 of alike lengths. */

const BATCH = 16;

/** Seconds. Every so-manieth batch is timed, and counts so often. */
export async function plainBatches(run: (rows: readonly (readonly number[])[]) => Promise<unknown>, texts: readonly (readonly number[])[], every: number): Promise<number> {
  const sorted = [...texts].sort((a, b) => a.length - b.length);
  await run(sorted.slice(0, BATCH)); // warms up
  let milliseconds = 0;
  for (let at = 0; at < sorted.length; at += BATCH * every) {
    const begun = performance.now();
    await run(sorted.slice(at, at + BATCH));
    milliseconds += every * (performance.now() - begun);
  }
  return milliseconds / 1000;
}
