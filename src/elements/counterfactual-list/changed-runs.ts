/** A text with its changes as runs to show: what stays, and what was there beside what is there now. */
import type { CounterfactualChange } from "../../explanation/types.js";

export interface Run {
  readonly kind: "kept" | "deleted" | "inserted";
  readonly text: string;
}

/** `changes`: of this text, in its order. */
export function changedRuns(text: string, changes: readonly CounterfactualChange[]): Run[] {
  const runs: Run[] = [];
  let at = 0;
  const add = (kind: Run["kind"], part: string) => part !== "" && runs.push({ kind, text: part });
  for (const { start, end, text: replacement } of changes) {
    add("kept", text.slice(at, start));
    add("deleted", text.slice(start, end));
    add("inserted", replacement);
    at = end;
  }
  add("kept", text.slice(at));
  return runs;
}
