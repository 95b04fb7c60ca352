/** Differences of shares in percentage points: from 20 % to 15 % is five points less, not five per cent. In English and Chinese. */
import { decimal } from "./numbers.js";
import { spoken } from "./page.js";

const en = (size: string) => `${size} point${/^[+−]1$/.test(size) ? "" : "s"}`;
const zh = (size: string) => `${size} 个百分点`;

/** The number alone: −0.0512 → "−5.1", with a true minus sign; two digits below ten points, three above. */
export function signedPoints(lang: string, difference: number): string {
  const size = Math.abs(100 * difference);
  return (difference > 0 ? "+" : difference < 0 ? "−" : "") + decimal(lang, size, size < 10 ? 2 : 3);
}

/** −0.0512 → "−5.1 points". */
export const points = (lang: string, difference: number): string => spoken(lang, en, zh)(signedPoints(lang, difference));
