import type { Meta, StoryObj } from "@storybook/web-components-vite";
import { html } from "lit";
import "../src/elements/attention-grid/define.js";
import "../src/elements/attention-lines/define.js";
import "../src/elements/lexi-scope/define.js";
import { longHeads } from "./long-attention.js";

interface Args {
  src: string;
  sort: string;
  mark: string;
  colormap: string;
  lang: string;
  dir: string;
}

const words = ["none", "entropy", "distance", "special"];

const meta: Meta<Args> = {
  title: "attention-grid",
  args: { src: "/data/attention-heads.json", sort: "none", mark: "none", colormap: "blues", lang: "en", dir: "ltr" },
  argTypes: {
    sort: { control: "select", options: words },
    mark: { control: "select", options: words },
    colormap: { control: "select", options: ["blues", "viridis", "magma", "hot"] },
  },
  render: ({ src, sort, mark, colormap, lang, dir }) => html`<div lang=${lang} dir=${dir}><attention-grid loading="eager" src=${src} sort=${sort} mark=${mark} colormap=${colormap}></attention-grid></div>`,
};
export default meta;

type Story = StoryObj<Args>;

/** Every head of the built-in model, as it reads one sentence. */
export const EveryHead: Story = {};
/** The heads that look at few tokens come first. */
export const MostFocusedFirst: Story = { args: { sort: "entropy" } };
/** The model's order, with a bar for what each head gives to special tokens. */
export const MarkedBySpecialTokens: Story = { args: { mark: "special", colormap: "magma" } };
export const Chinese: Story = { args: { src: "/data/attention-heads-chinese.json", sort: "distance", lang: "zh" } };
export const RightToLeft: Story = { args: { lang: "ar", dir: "rtl", colormap: "viridis" } };
/** A click in the grid shows the head's lines alone, without any model: the maps are stored. */
export const Linked: Story = {
  render: ({ src }) => html`<lexi-scope>
    <attention-grid loading="eager" src=${src} layer="0" head="0"></attention-grid>
    <attention-lines loading="eager" src=${src}></attention-lines>
  </lexi-scope>`,
};
/** 12 × 12 heads of 128 tokens, made up. */
export const LargeModel: Story = { render: ({ sort, mark, colormap }) => html`<attention-grid loading="eager" sort=${sort} mark=${mark} colormap=${colormap} .explanation=${longHeads(128, 12, 12)}></attention-grid>` };
/** A wrong attribute is an error that says what to use. */
export const WrongAttribute: Story = { args: { sort: "interest" } };
