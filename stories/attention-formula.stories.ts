import type { Meta, StoryObj } from "@storybook/web-components-vite";
import { html, nothing } from "lit";
import "../src/elements/attention-formula/define.js";

interface Args {
  src: string;
  query: number | null;
  lang: string;
  dir: string;
}

/** One head of the built-in model, as it reads one sentence: see data/make-explanations.mjs. */
const meta: Meta<Args> = {
  title: "attention-formula",
  args: { src: "/data/attention-formula.json", query: null, lang: "en", dir: "ltr" },
  render: ({ src, query, lang, dir }) => html`<div lang=${lang} dir=${dir}><attention-formula loading="eager" src=${src} query=${query ?? nothing}></attention-formula></div>`,
};
export default meta;

type Story = StoryObj<Args>;

export const FirstWord: Story = {};
/** Another query token: "saves". */
export const AnotherQuery: Story = { args: { query: 9 } };
export const Chinese: Story = { args: { src: "/data/attention-formula-chinese.json", lang: "zh" } };
export const RightToLeft: Story = { args: { lang: "ar", dir: "rtl" } };
