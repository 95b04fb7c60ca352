/** Changes of a text as spans that are replaced, so that what was changed can be shown on the text as it was. Runs no model. */

export interface TextEdit {
  /** in the text as it was, UTF-16 units, [start, end) */
  readonly start: number;
  readonly end: number;
  /** what stands there instead; "" where it is deleted */
  readonly text: string;
}

const isSpace = (character: string | undefined): boolean => character !== undefined && /\s/.test(character);

/** Deletes the span with the white space before it, or at the text's beginning after it, so that no two gaps meet. */
export function deletion(text: string, start: number, end: number): TextEdit {
  let [from, to] = [start, end];
  if (isSpace(text[from - 1])) while (isSpace(text[from - 1])) from--;
  if (from === 0) while (isSpace(text[to])) to++;
  return { start: from, end: to, text: "" };
}

/** In the text's order; those that overlap become one that ends where the last of them ends, and one that deletes the beginning takes the gap after it. */
export function mergedEdits(text: string, edits: readonly TextEdit[]): TextEdit[] {
  const merged: TextEdit[] = [];
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const last = merged.at(-1);
    if (last && edit.start < last.end) merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, edit.end), text: last.text + edit.text };
    else merged.push(edit);
  }
  const [first] = merged;
  if (first?.start === 0 && first.text === "") merged[0] = deletion(text, 0, first.end);
  return merged;
}

/** The text with every span replaced. */
export function editedText(text: string, edits: readonly TextEdit[]): string {
  let [at, out] = [0, ""];
  for (const { start, end, text: replacement } of mergedEdits(text, edits)) {
    out += text.slice(at, start) + replacement;
    at = end;
  }
  return out + text.slice(at);
}
