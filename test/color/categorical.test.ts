/** Told apart by every common kind of sight, and seen on the page. */
import { expect } from "@open-wc/testing";
import { CATEGORIES, category } from "../../src/color/categorical.js";
import { contrast, type Rgb } from "../../src/color/rgb.js";

type Matrix = readonly (readonly [number, number, number])[];

/** What a linear colour looks like: common sight, protanopia, deuteranopia, tritanopia (Machado, Oliveira and Fernandes 2009, severity 1). */
const sights: Readonly<Record<string, Matrix>> = {
  common: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};
/** Linear sRGB → OKLab (Ottosson 2020). */
const CONES: Matrix = [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]];
const LAB: Matrix = [[0.2104542553, 0.793617785, -0.0040720468], [1.9779984951, -2.428592205, 0.4505937099], [0.0259040371, 0.7827717662, -0.808675766]];

const product = (matrix: Matrix, vector: readonly number[]) => matrix.map((row) => row.reduce((sum, factor, at) => sum + factor * vector[at]!, 0));
const linear = (color: Rgb) => color.map((channel) => (channel / 255 <= 0.04045 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4));
const oklab = (color: Rgb, sight: Matrix) => product(LAB, product(CONES, product(sight, linear(color)).map((channel) => Math.min(1, Math.max(0, channel)))).map(Math.cbrt));

describe("categories", () => {
  for (const [page, paper] of [["light", [253, 252, 249]], ["dark", [22, 22, 20]]] as [string, Rgb][]) {
    it(`stand out on a ${page} page and from one another, whatever the sight`, () => {
      const colors = Array.from({ length: CATEGORIES }, (_, index) => category(index, page === "dark"));
      for (const color of colors) expect(contrast(color, paper), String(color)).to.be.at.least(3);
      for (const [sight, matrix] of Object.entries(sights))
        for (const [index, color] of colors.entries())
          for (const other of colors.slice(0, index)) {
            const [a, b] = [oklab(color, matrix), oklab(other, matrix)];
            expect(Math.hypot(...a.map((value, at) => value - b[at]!)), `${sight}: ${String(color)} and ${String(other)}`).to.be.at.least(0.18);
          }
      expect(category(CATEGORIES, page === "dark")).to.equal(colors[0]);
    });
  }
});
