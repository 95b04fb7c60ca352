import type { Meta, StoryObj } from "@storybook/web-components-vite";
import { html } from "lit";
import "../src/elements/faithfulness-report/define.js";

interface Args {
  src: string;
  lang: string;
  dir: string;
}

/** The reports are the built-in model's own, made by the command `lexiscope explain --method faithfulness --json`. */
const meta: Meta<Args> = {
  title: "faithfulness-report",
  args: { src: "/data/faithfulness.json", lang: "en", dir: "ltr" },
  render: ({ src, lang, dir }) => html`<div lang=${lang} dir=${dir}><faithfulness-report loading="eager" src=${src}></faithfulness-report></div>`,
};
export default meta;

type Story = StoryObj<Args>;

export const SixMethods: Story = {};
/** Judged as ferret does: tokens are deleted, only those with a positive score. */
export const Chinese: Story = { args: { src: "/data/faithfulness-chinese.json", lang: "zh" } };
/** A short text in which a ranking can hardly be told from a random one. */
export const Chance: Story = { args: { src: "/data/faithfulness-chance.json" } };
export const RightToLeft: Story = { args: { lang: "ar", dir: "rtl" } };
