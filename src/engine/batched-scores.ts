/**
 * Scores of many encoded texts, in batches of alike lengths, so that little is padded; models that are not told of padding get texts of one
 * length a batch. The answers come in the order of the texts.
 */
import { throwIfAborted } from "../base/errors.js";
import { hidesPadding, type Row } from "./inputs.js";
import type { Runner } from "./runner.js";

/** Texts a forward pass, at most. */
export const TOGETHER = 16;
/** More than so many share a pass only where nothing is padded for it: eight have most of the gain (measured). */
const ENOUGH = 8;

export interface PlacedRow extends Row {
  /** the token whose scores are wanted */
  readonly position: number;
}

/** → [text][label]. Stops within a batch when aborted. */
export async function batchedScores<B>(runner: Runner<B>, texts: readonly PlacedRow[], signal?: AbortSignal, onProgress?: (done: number, total: number) => void): Promise<Float32Array[]> {
  const alike = !hidesPadding(runner.model.inputs);
  const scores = new Array<Float32Array>(texts.length);
  const order = texts.map((_, index) => index).sort((a, b) => texts[a]!.ids.length - texts[b]!.ids.length || a - b);
  while (order.length > 0) {
    throwIfAborted(signal);
    const length = texts[order[0]!]!.ids.length;
    const different = alike ? order.findIndex((index) => texts[index]!.ids.length !== length) : -1;
    const longest = texts[order[Math.min(ENOUGH, order.length) - 1]!]!.ids.length;
    const longer = order.findIndex((index) => texts[index]!.ids.length > longest);
    const chosen = order.splice(0, Math.min(TOGETHER, ...[different, longer].filter((end) => end !== -1)));
    const found = await runner.scores({ rows: chosen.map((index) => texts[index]!), positions: chosen.map((index) => texts[index]!.position), signal });
    chosen.forEach((index, place) => (scores[index] = found[place]!));
    onProgress?.(texts.length - order.length, texts.length);
  }
  return scores;
}
