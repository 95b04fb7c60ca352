import type { Meta, StoryObj } from "@storybook/web-components-vite";
import { html } from "lit";
import "../src/elements/attention-lines/define.js";
import { longHeads } from "./long-attention.js";

interface Args {
  src: string;
  layer: number;
  heads: string;
  threshold: number;
  pair: string;
  orientation: string;
  specialTokens: string;
  lang: string;
  dir: string;
}

const meta: Meta<Args> = {
  title: "attention-lines",
  args: { src: "/data/attention-heads.json", layer: 0, heads: "all", threshold: 0.7, pair: "all", orientation: "vertical", specialTokens: "show", lang: "en", dir: "ltr" },
  argTypes: {
    pair: { control: "select", options: ["all", "a-a", "a-b", "b-a", "b-b"] },
    orientation: { control: "inline-radio", options: ["vertical", "horizontal"] },
    specialTokens: { control: "inline-radio", options: ["show", "hide"] },
  },
  render: ({ src, layer, heads, threshold, pair, orientation, specialTokens, lang, dir }) => html`<div lang=${lang} dir=${dir}>
    <attention-lines loading="eager" src=${src} layer=${layer} heads=${heads} threshold=${threshold} pair=${pair} orientation=${orientation} special-tokens=${specialTokens}></attention-lines>
  </div>`,
};
export default meta;

type Story = StoryObj<Args>;

/** All heads of the built-in model's first layer; point at a token to see its lines alone. */
export const Layer: Story = {};
/** Two heads, and nearly all of their attention. */
export const TwoHeads: Story = { args: { layer: 1, heads: "0, 4", threshold: 0.95 } };
/** Two lines of text suit scripts whose words are short. */
export const Chinese: Story = { args: { src: "/data/attention-heads-chinese.json", orientation: "horizontal", lang: "zh" } };
/** What the first text of a pair looks at in the second. */
export const Pair: Story = { args: { src: "/data/attention-heads-pair.json", layer: 2, pair: "a-b" } };
export const RightToLeft: Story = { args: { lang: "ar", dir: "rtl" } };
/** 512 tokens of 12 heads, made up: the lists scroll, and only what is in view is drawn. */
export const LongText: Story = { render: ({ orientation, threshold }) => html`<attention-lines loading="eager" orientation=${orientation} threshold=${threshold} .explanation=${longHeads(512, 12)}></attention-lines>` };
/** A wrong attribute is an error that says what to use. */
export const WrongAttribute: Story = { args: { threshold: 70 } };
