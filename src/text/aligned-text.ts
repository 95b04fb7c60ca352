/**
 * A text that was derived from the author's, each UTF-16 unit of it knowing the span of the author's text that it came from.
 * Not a tokenizer: it only survives normalising, slicing and changes of alphabet. It exists because tokenizers work on a normalised text
 * (lower case, no accents, NFKC, ▁ for spaces, bytes as letters) and a page has to mark the letters that its author wrote.
 */

export interface AlignedText {
  readonly text: string;
  /** starts[i], ends[i]: what text[i] came from, in UTF-16 units of the author's text; equal for a unit that came from nothing */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** A stretch of the author's text as an aligned text. */
export function aligned(text: string, start = 0, end = text.length): AlignedText {
  const builder = new AlignedBuilder();
  let at = start;
  for (const character of text.slice(start, end)) {
    builder.push(character, at, at + character.length);
    at += character.length;
  }
  return builder.done();
}

export function slice(source: AlignedText, start: number, end: number): AlignedText {
  return { text: source.text.slice(start, end), starts: source.starts.slice(start, end), ends: source.ends.slice(start, end) };
}

/** The span of units [start, end); an empty stretch has an empty span where it stands. */
export function spanOf(source: AlignedText, start: number, end: number): { start: number; end: number } {
  if (start >= end) {
    const at = source.starts[start] ?? source.ends[source.ends.length - 1] ?? 0;
    return { start: at, end: at };
  }
  let from = Infinity;
  let to = -Infinity;
  for (let i = start; i < end; i++) {
    from = Math.min(from, source.starts[i]!);
    to = Math.max(to, source.ends[i]!);
  }
  return { start: from, end: to };
}

export class AlignedBuilder {
  private text = "";
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];

  /** Adds units that all come from [start, end). */
  push(units: string, start: number, end: number): void {
    this.text += units;
    for (let i = 0; i < units.length; i++) {
      this.starts.push(start);
      this.ends.push(end);
    }
  }

  /** Adds a stretch as it is. */
  append(source: AlignedText): void {
    this.text += source.text;
    for (let i = 0; i < source.text.length; i++) {
      this.starts.push(source.starts[i]!);
      this.ends.push(source.ends[i]!);
    }
  }

  /** What stood at [start, end) was dropped: it now belongs to the units that ended where it began (a stripped accent to its letter). */
  absorb(start: number, end: number): void {
    for (let i = this.ends.length - 1; i >= 0 && this.ends[i] === start; i--) this.ends[i] = end;
  }

  done(): AlignedText {
    return { text: this.text, starts: this.starts, ends: this.ends };
  }
}
