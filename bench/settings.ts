/** `npm run bench -- --quick`: every part runs, with the fewest repetitions. Its numbers show that it works, and nothing else. */
export const quick = process.env["BENCH_QUICK"] === "1";

/** So many repetitions, or the few of a quick run. */
export const times = (full: number, few = 1): number => (quick ? few : full);
