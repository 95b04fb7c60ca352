/** Which of the model's labels a given label is: by name in any case, by number, or by a beginning that only one has ("pos"); −1: none. */
export function labelIndex(label: string | null, labels: readonly string[]): number {
  if (label === null) return -1;
  const name = label.trim().toLowerCase();
  const exact = labels.findIndex((each) => each.trim().toLowerCase() === name);
  if (exact !== -1) return exact;
  if (/^\d{1,6}$/.test(name)) return Number(name) < labels.length ? Number(name) : -1;
  const beginning = name.length < 3 ? [] : labels.flatMap((each, index) => (each.trim().toLowerCase().startsWith(name) ? [index] : []));
  return beginning.length === 1 ? beginning[0]! : -1;
}
