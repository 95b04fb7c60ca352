import { expect } from "@open-wc/testing";
import { SharedTasks } from "../../src/engine/shared-task.js";
import type { Progress } from "../../src/engine/types.js";

const step: Progress = { phase: "download", loaded: 1, total: 2 };

describe("work shared by many who wait", () => {
  it("runs once, and tells everybody the progress, even what was reported while it began", async () => {
    const tasks = new SharedTasks<number>();
    let runs = 0;
    const seen: Progress[] = [];
    const start = (_: AbortSignal, onProgress: (progress: Progress) => void): Promise<number> => {
      runs++;
      onProgress(step);
      return Promise.resolve(7);
    };
    const onProgress = (progress: Progress): void => void seen.push(progress);
    expect(await Promise.all([tasks.run("a", start, { onProgress }), tasks.run("a", start, { onProgress })])).to.deep.equal([7, 7]);
    expect(runs).to.equal(1);
    expect(seen).to.deep.equal([step, step]);
  });

  it("stops only when the last has gone", async () => {
    const tasks = new SharedTasks<number>();
    const [first, second] = [new AbortController(), new AbortController()];
    let stopped = false;
    const start = (signal: AbortSignal): Promise<number> => new Promise((_, reject) => signal.addEventListener("abort", () => { stopped = true; reject(new Error("stopped")); }));
    const codes = [first, second].map(({ signal }) => tasks.run("a", start, { signal }).then(() => "", (error: { code: string }) => error.code));
    first.abort();
    expect(await codes[0]).to.equal("aborted");
    expect(stopped).to.equal(false);
    second.abort();
    expect(await codes[1]).to.equal("aborted");
    expect(stopped).to.equal(true);
  });
});
