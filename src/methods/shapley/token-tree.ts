/**
 * A binary tree of the tokens of a text for partition SHAP: parts of words join first, then words, phrases, clauses, sentences. Always the two
 * neighbours with the best score join, the first among equals, so the tree is the same every time. Made for languages written with spaces and
 * Western punctuation; for Chinese give the segments of a word segmentation and `fullWidth` punctuation counts like its Western twin.
 * Source: the scores of SHAP's text masker (definition only). Quadratic in the number of tokens with a small constant: 512 tokens are 260,000 steps.
 */
import { LexiscopeError } from "../../base/errors.js";
import type { PlayerTree } from "./partition.js";

interface Group {
  readonly tree: PlayerTree;
  readonly first: number;
  readonly last: number;
  readonly size: number;
}

const connectors = new Set(["but", "and", "or"]);
const fullWidth: Readonly<Record<string, string>> = { "，": ",", "。": ".", "？": "?", "！": "!", "（": "(", "）": ")" };

/** Brackets without a partner. */
function unbalanced(words: readonly string[]): Set<number> {
  const lonely = new Set<number>();
  const open: number[] = [];
  words.forEach((word, index) => {
    if (word === "(") open.push(index);
    else if (word === ")" && open.pop() === undefined) lonely.add(index);
  });
  for (const index of open) lonely.add(index);
  return lonely;
}

const isControl = (word: string): boolean => word.startsWith("[") && word.endsWith("]");
const isEnd = (word: string): boolean => word === "." || word === "?" || word === "!";

/**
 * @param tokens the tokens as written, `##` before a part that continues a word
 * @param separators tokens that never join their like (sentence separators)
 */
export function tokenTree(tokens: readonly string[], separators: ReadonlySet<string> = new Set()): PlayerTree {
  if (tokens.length === 0) throw new LexiscopeError("bad-input", "a tree needs at least one token");
  const words = tokens.map((token) => fullWidth[token.trim()] ?? token.trim());
  const lonely = unbalanced(words);
  const at = (index: number): string => words[index] as string;

  const score = (a: Group, b: Group): number => {
    const [before, after] = [at(a.last), at(b.first)];
    if (separators.has(before) && separators.has(after)) return -Infinity;
    let sum = -(a.size + b.size);
    if (after.startsWith("##")) sum += 20;
    if (after === "'" && (b.size === 1 || (b.size === 2 && /^[st]$/.test(at(b.last))))) sum += 15;
    if (before === "'" && /^[st]$/.test(after)) sum += 15;
    if (isControl(at(a.first)) !== isControl(at(b.last))) sum -= 1000;
    if (after === "(" && lonely.has(b.first)) sum -= 100;
    if (before === ")" && lonely.has(a.last)) sum -= 100;
    if (at(a.first) === "(") sum -= 2;
    if (connectors.has(before) || connectors.has(after)) sum -= 2;
    if (before === ",") sum -= 10;
    if (after === ",") sum -= b.size > 1 ? 10 : 1;
    if (isEnd(before)) sum -= 20;
    if (isEnd(after)) sum -= b.size > 1 ? 20 : 1;
    return sum;
  };

  const groups: Group[] = words.map((_, index) => ({ tree: index, first: index, last: index, size: 1 }));
  const scores = groups.slice(1).map((group, index) => score(groups[index] as Group, group)); // [seam]
  while (groups.length > 1) {
    let best = 0;
    for (let seam = 1; seam < scores.length; seam++) if ((scores[seam] as number) > (scores[best] as number)) best = seam;
    const [a, b] = groups.slice(best, best + 2) as [Group, Group];
    groups.splice(best, 2, { tree: [a.tree, b.tree], first: a.first, last: b.last, size: a.size + b.size });
    scores.splice(best, 1);
    for (const seam of [best - 1, best]) if (seam >= 0 && seam < scores.length) scores[seam] = score(groups[seam] as Group, groups[seam + 1] as Group);
  }
  return (groups[0] as Group).tree;
}
