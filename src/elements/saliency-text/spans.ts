/** Tokens as spans of the text that follow one another: tokens that stand for the same characters (pieces of one letter) become one. */
import type { AttributionExplanation } from "../../explanation/types.js";
import { surface } from "../shared/tokens.js";
import { scoredUnits, type ScoredUnit } from "../shared/units.js";

/** In reading order, without tokens that stand for no characters; spans never overlap. */
export function spansOf(explanation: AttributionExplanation): ScoredUnit[] {
  const units = scoredUnits(explanation, "token").filter(({ start, end, special }) => !special && end > start);
  return withoutOverlap(explanation, units);
}

/** Units of one text in order; those that share characters become one. */
export function withoutOverlap(explanation: AttributionExplanation, units: ScoredUnit[]): ScoredUnit[] {
  units.sort((a, b) => a.segment - b.segment || a.start - b.start || a.end - b.end);
  const spans: ScoredUnit[] = [];
  for (const unit of units) {
    const before = spans.at(-1);
    if (before && before.segment === unit.segment && unit.start < before.end) {
      const end = Math.max(before.end, unit.end);
      const text = surface(explanation, { ...before.tokens[0]!, start: before.start, end });
      const { start, segment, special } = before;
      spans[spans.length - 1] = { start, end, segment, special, text, label: text, score: before.score + unit.score, tokens: [...before.tokens, ...unit.tokens] };
    } else spans.push(unit);
  }
  return spans;
}
