/** Numbers as the reader's language writes them. Formatters are kept: making one costs more than all its numbers. */

const formatters = new Map<string, Intl.NumberFormat>();

function format(lang: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = lang + JSON.stringify(options);
  let found = formatters.get(key);
  if (!found) {
    try {
      found = new Intl.NumberFormat(lang, options);
    } catch {
      found = new Intl.NumberFormat("en", options); // a page's lang may be no language tag
    }
    formatters.set(key, found);
  }
  return found;
}

/** 0.04123 → "0.0412": three digits at most; numbers next to nothing by powers of ten, 1.53e-7. */
export const decimal = (lang: string, value: number, digits = 3) =>
  format(lang, { maximumSignificantDigits: digits, ...(Math.abs(value) < 1e-4 && value !== 0 && { notation: "scientific" }) }).format(value).replace("E", "e");
/** 0.5 → "+0.50", −0.5 → "−0.50", with a true minus sign; as many decimals as tell numbers of the size of `largest` apart. */
export const signedDecimal = (lang: string, value: number, largest = 1) => {
  const decimals = Math.max(2, Math.min(12, 1 - Math.floor(Math.log10(largest))));
  return format(lang, { minimumFractionDigits: decimals, maximumFractionDigits: decimals, signDisplay: "exceptZero" }).format(value).replace("-", "−");
};
/** 0.7 → "0.700": always three decimals, so that numbers in a column can be compared; what would read 0.000 as `decimal`. */
export const fixed = (lang: string, value: number) => (value !== 0 && Math.abs(value) < 5e-4 ? decimal(lang, value, 2) : format(lang, { minimumFractionDigits: 3, maximumFractionDigits: 3 }).format(value).replace("-", "−"));
export const percent = (lang: string, value: number) => format(lang, { style: "percent", maximumSignificantDigits: value < 0.1 ? 2 : 3 }).format(value);
export const megabytes = (lang: string, bytes: number) => format(lang, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 }).format(bytes / 1e6);
