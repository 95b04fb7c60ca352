import { expect } from "@open-wc/testing";
import { COLORMAPS, colormaps, signed } from "../../src/color/colormaps.js";
import { contrast, cssColor, fromHex, luminance, over, type Rgb } from "../../src/color/rgb.js";
import { LEAST_CONTRAST, readableInk } from "../../src/color/readable-ink.js";

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];
const steps = Array.from({ length: 101 }, (_, i) => i / 100);

describe("colour", () => {
  it("has the contrast ratios of WCAG", () => {
    expect(contrast(WHITE, BLACK)).to.be.closeTo(21, 1e-9);
    expect(contrast(fromHex("#767676"), WHITE)).to.be.closeTo(4.54, 0.005);
    expect(luminance(fromHex("#ff0000"))).to.be.closeTo(0.2126, 1e-9);
    expect(cssColor([1, 2, 3])).to.equal("rgb(1 2 3)");
    expect(cssColor([1, 2, 3, 0.5])).to.equal("rgb(1 2 3 / 0.5)");
  });

  it("gives channels in range for every map, also outside of the domain", () => {
    for (const name of COLORMAPS) for (const t of [-2, ...steps, 2, 1e9]) for (const dark of [false, true]) {
      const [red, green, blue, alpha] = colormaps[name](t, dark);
      for (const channel of [red, green, blue]) expect(channel, `${name} at ${t}`).to.be.within(0, 255);
      expect(alpha).to.be.within(0, 1);
    }
  });

  it("grows steadily in luminance for the fixed maps", () => {
    for (const name of ["viridis", "magma", "hot"] as const) {
      const values = steps.map((t) => luminance(over(colormaps[name](t, false), WHITE)));
      for (let i = 1; i < values.length; i++) expect(values[i]!, `${name} at ${i}`).to.be.at.least(values[i - 1]!);
    }
  });

  it("agrees with matplotlib's `hot` and `viridis` where they are well known", () => {
    const near = (name: "hot" | "viridis", t: number, hex: string, by: number) =>
      fromHex(hex).forEach((channel, i) => expect(colormaps[name](t, false)[i], `${name}(${t})[${i}]`).to.be.closeTo(channel, by));
    near("hot", 0, "#0b0000", 1);
    near("hot", 1, "#ffffff", 1);
    near("hot", 0.5, "#ff5a00", 3);
    near("viridis", 0.5, "#21918c", 1);
  });

  it("fades into the page at zero and grows in contrast against it, light and dark", () => {
    for (const [page, dark] of [[WHITE, false], [BLACK, true]] as const) for (const sign of [1, -1]) {
      expect(signed(0, dark)[3]).to.equal(0);
      const values = steps.map((t) => contrast(over(signed(sign * t, dark), page), page));
      for (let i = 1; i < values.length; i++) expect(values[i]!, `${sign * i}`).to.be.at.least(values[i - 1]! - 1e-9);
      expect(values.at(-1)!).to.be.greaterThan(7);
    }
  });

  it("always leaves an ink that can be read", () => {
    for (const name of COLORMAPS) for (const t of [...steps, ...steps.map((s) => -s)]) for (const [page, ink, dark] of [[WHITE, BLACK, false], [BLACK, WHITE, true], [fromHex("#1b1b1f"), fromHex("#8a8a8a"), true]] as const) {
      const ground = over(colormaps[name](t, dark), page);
      expect(contrast(readableInk(ink, ground), ground), `${name} at ${t}`).to.be.at.least(LEAST_CONTRAST);
    }
    expect(readableInk(fromHex("#222222"), WHITE)).to.deep.equal(fromHex("#222222"));
  });
});
