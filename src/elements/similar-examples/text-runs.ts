/** A weighted text in pieces that follow one another: what has a weight, and what stands between. Tokens of the same characters are one piece. */
import type { Token } from "../../explanation/types.js";

export interface Run {
  readonly text: string;
  /** null between tokens */
  readonly score: number | null;
  readonly shared: boolean;
}

export function runsOf(text: string, tokens: readonly Token[], scores: readonly number[], shared: readonly number[]): Run[] {
  const marked = new Set(shared);
  const spans: { start: number; end: number; score: number; shared: boolean }[] = [];
  const placed = tokens.map((token, index) => ({ ...token, index })).filter(({ special, start, end }) => !special && end > start).sort((a, b) => a.start - b.start || a.end - b.end);
  for (const { start, end, index } of placed) {
    const before = spans.at(-1);
    const [score, isShared] = [scores[index] ?? 0, marked.has(index)];
    if (before && start < before.end) Object.assign(before, { end: Math.max(before.end, end), score: before.score + score, shared: before.shared || isShared });
    else spans.push({ start, end, score, shared: isShared });
  }
  const runs: Run[] = [];
  let at = 0;
  for (const { start, end, score, shared: isShared } of spans) {
    if (start > at) runs.push({ text: text.slice(at, start), score: null, shared: false });
    runs.push({ text: text.slice(start, end), score, shared: isShared });
    at = end;
  }
  if (at < text.length) runs.push({ text: text.slice(at), score: null, shared: false });
  return runs;
}
