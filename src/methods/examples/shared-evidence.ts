/**
 * What two texts rest on alike: words that stand in both, weigh enough in both, and pull the same way. Not a measure of how alike the
 * explanations are; it marks words for a reader who compares them.
 */

export interface WeighedWord {
  /** as written */
  readonly text: string;
  readonly score: number;
}

/** A word below this share of its text's heaviest is no evidence. */
export const EVIDENCE_SHARE = 0.15;

const normal = (text: string): string => text.normalize("NFKC").toLowerCase();

/** Positions of the shared words in each. */
export function sharedEvidence(query: readonly WeighedWord[], other: readonly WeighedWord[], share = EVIDENCE_SHARE): { query: number[]; other: number[] } {
  const heavy = (words: readonly WeighedWord[]): number[] => {
    const most = Math.max(0, ...words.map(({ score }) => Math.abs(score)));
    return words.flatMap(({ text, score }, index) => (most > 0 && Math.abs(score) >= share * most && /[\p{L}\p{N}]/u.test(text) ? [index] : []));
  };
  const key = ({ text, score }: WeighedWord) => `${Math.sign(score)} ${normal(text)}`;
  const [ours, theirs] = [heavy(query), heavy(other)];
  const known = new Set(theirs.map((index) => key(other[index]!)));
  const shared = new Set(ours.map((index) => key(query[index]!)).filter((one) => known.has(one)));
  return { query: ours.filter((index) => shared.has(key(query[index]!))), other: theirs.filter((index) => shared.has(key(other[index]!))) };
}
