/** The command was called wrongly: the message and the usage are shown, the status is 2. */
export class UsageError extends Error {}

/** Throws for what is no whole number from 0. */
export function numbered(name: string, value: string): number {
  if (!/^\d+$/.test(value)) throw new UsageError(`--${name} ${value}: not a whole number`);
  return Number(value);
}
