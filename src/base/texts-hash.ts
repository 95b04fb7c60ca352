/** Two FNV-1a hashes side by side, 16 hex digits: to know texts again, not for security. */
export function textsHash(texts: readonly string[]): string {
  let [first, second] = [0x811c9dc5, 0x01000193];
  for (const text of texts) {
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      first = Math.imul(first ^ unit, 0x01000193);
      second = Math.imul(second ^ (unit + at), 0x85ebca6b);
    }
    first = Math.imul(first ^ 0x1f, 0x01000193);
    second = Math.imul(second ^ text.length, 0x85ebca6b);
  }
  return [first, second].map((part) => (part >>> 0).toString(16).padStart(8, "0")).join("");
}
