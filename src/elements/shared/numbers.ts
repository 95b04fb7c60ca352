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

/** 0.0412 → "0.041": three digits at most. */
export const decimal = (lang: string, value: number, digits = 3) => format(lang, { maximumSignificantDigits: digits }).format(value);
/** 0.5 → "+0.50", −0.5 → "−0.50", with a true minus sign. */
export const signedDecimal = (lang: string, value: number) =>
  format(lang, { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: "exceptZero" }).format(value).replace("-", "−");
export const percent = (lang: string, value: number) => format(lang, { style: "percent", maximumSignificantDigits: value < 0.1 ? 2 : 3 }).format(value);
export const megabytes = (lang: string, bytes: number) => format(lang, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 }).format(bytes / 1e6);
