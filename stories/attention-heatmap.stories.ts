import type { Meta, StoryObj } from "@storybook/web-components-vite";
import { html, nothing } from "lit";
import "../src/elements/attention-heatmap/define.js";
import { longAttention } from "./long-attention.js";

interface Args {
  src: string;
  colormap: string;
  specialTokens: string;
  lang: string;
  dir: string;
}

const meta: Meta<Args> = {
  title: "attention-heatmap",
  args: { src: "/data/attention.json", colormap: "blues", specialTokens: "show", lang: "en", dir: "ltr" },
  argTypes: {
    colormap: { control: "select", options: ["blues", "viridis", "magma", "hot", "blue-orange"] },
    specialTokens: { control: "inline-radio", options: ["show", "hide"] },
  },
  render: ({ src, colormap, specialTokens, lang, dir }) =>
    html`<div lang=${lang} dir=${dir}><attention-heatmap loading="eager" src=${src} colormap=${colormap} special-tokens=${specialTokens}></attention-heatmap></div>`,
};
export default meta;

type Story = StoryObj<Args>;

export const Sentence: Story = {};
export const Chinese: Story = { args: { src: "/data/attention-chinese.json", colormap: "hot", lang: "zh" } };
export const RightToLeft: Story = { args: { src: "/data/attention-arabic.json", colormap: "viridis", lang: "ar", dir: "rtl" } };
/** The distance from even attention: blue is more than even, orange less. */
export const Diverging: Story = { args: { colormap: "blue-orange" } };
export const WithoutSpecialTokens: Story = { args: { specialTokens: "hide" } };
/** 512 tokens: enlarge with a double click, the buttons, or Ctrl and the wheel. */
export const LongText: Story = { render: ({ colormap }) => html`<attention-heatmap loading="eager" colormap=${colormap} .explanation=${longAttention(512)}></attention-heatmap>` };
/** A wrong attribute is an error that says what to use. */
export const WrongAttribute: Story = { args: { colormap: "rainbow" } };
/** Nothing is fetched before the reader asks. */
export const OnClick: Story = { render: ({ src }) => html`<attention-heatmap loading="click" src=${src || nothing}>What one head of a model looks at.</attention-heatmap>` };
