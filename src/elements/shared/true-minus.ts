/** A written number with a true minus sign before it; the sign of an exponent stays: −1.5e-7. */
export const trueMinus = (written: string): string => written.replace(/^-/, "−");
