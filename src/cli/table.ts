/** Numbers and tables as plain text, for terminals and pipes. */
export const number = (value: number): string => value.toFixed(4).replace(/^-(0\.0+)$/, "$1");

/** Columns padded to their widest cell; all but the first are set right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) => Math.max(...[header, ...rows].map((row) => [...(row[column] ?? title)].length)));
  const line = (row: readonly string[]) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join("  ").trimEnd();
  return [line(header), ...rows.map(line)].join("\n");
}
