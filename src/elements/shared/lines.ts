/** Text cut into lines by counting characters: for pictures that are exported, where no browser sets the text. */

/** A sentence in lines of at most so many characters; Chinese may break anywhere. */
export function linesOf(text: string, most: number): string[] {
  const out = [""];
  for (const word of text.match(/[\u2e80-\uffff]|[^\s\u2e80-\uffff]+\s*|\s+/g) ?? []) {
    const last = out.at(-1)!;
    const wide = [...last + word].reduce((sum, character) => sum + (character > "\u2e7f" ? 2 : 1), 0);
    if (wide > most && last) out.push(word);
    else out[out.length - 1] = last + word;
  }
  return out;
}
