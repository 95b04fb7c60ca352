/** The pages that every figure must stand in: light and dark, English and Chinese, wide or narrow. */
import { fixture, html } from "@open-wc/testing";
import { emulateMedia } from "@web/test-runner-commands";

/** Calls `look` with a page of each kind to put a figure into; `width` in CSS pixels, as wide as the window when not given. */
export async function inEachLook(look: (home: HTMLElement) => Promise<void>, width?: number): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await emulateMedia({ colorScheme });
    const [background, color] = colorScheme === "dark" ? ["#161614", "#e4e2dc"] : ["#fdfcf9", "#1d1d1b"];
    for (const lang of ["en", "zh"]) {
      const home = await fixture<HTMLElement>(html`<main></main>`);
      home.lang = lang;
      const styles = { background, color, ...(width !== undefined && { "inline-size": `${width}px`, overflow: "auto" }) };
      for (const [name, value] of Object.entries(styles)) home.style.setProperty(name, value);
      await look(home);
    }
  }
  await emulateMedia({ colorScheme: "light" });
}
