/** The library's version, as explanations carry it; the same as in package.json. */
export const VERSION = "0.1.0";
export const LIBRARY = `lexiscope ${VERSION}`;
