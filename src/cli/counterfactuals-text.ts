/** Counterfactuals as plain text: one line a changed text, what was changed beside what is said now. */
import type { CounterfactualsExplanation } from "../explanation/types.js";
import { number, table } from "./table.js";

export function counterfactualsText({ input, target, results, methods, budget, calls, value }: CounterfactualsExplanation): string {
  const written = (segment: number): string => (segment === 1 ? (input.textPair ?? "") : input.text);
  const rows = results.map((each) => [
    each.method, each.flipped ? each.label : `still ${each.label}`, number(each.value), each.changes.map(({ segment, start, end, text }) => `${written(segment).slice(start, end).trim()} → ${text || "∅"}`).join(", "), each.text,
  ]);
  const ends = methods.map(({ name, calls: made, ended, reason }) => `${name}: ${made} calls, ${reason ?? { complete: "all tried", results: "enough found", budget: "budget spent", failed: "failed" }[ended]}`);
  return `counterfactuals · predicted ${target.label} ${number(value)} · ${calls} of ${budget} model calls\n\n${rows.length > 0 ? table(["method", "says", target.label, "changed", "text"], rows) : "no change of the prediction was found"}\n\n${ends.join("\n")}`;
}
