import type { Meta, StoryObj } from "@storybook/web-components-vite";
import { html } from "lit";
import "../src/elements/explanation-summary/define.js";

interface Args {
  src: string;
  detail: string;
  lang: string;
}

/** The facts are the built-in model's own, made by the command `lexiscope explain --method summary --json`. */
const meta: Meta<Args> = {
  title: "explanation-summary",
  args: { src: "/data/summary.json", detail: "plain", lang: "en" },
  argTypes: { detail: { control: "inline-radio", options: ["plain", "analyst", "expert"] } },
  render: ({ src, detail, lang }) => html`<div lang=${lang}><explanation-summary loading="eager" src=${src} detail=${detail}></explanation-summary></div>`,
};
export default meta;

type Story = StoryObj<Args>;

export const Plain: Story = {};
export const Analyst: Story = { args: { detail: "analyst" } };
export const Expert: Story = { args: { detail: "expert" } };
export const Chinese: Story = { args: { src: "/data/summary-chinese.json", lang: "zh", detail: "analyst" } };
/** A ranking that is no better than chance says so. */
export const Chance: Story = { args: { src: "/data/summary-chance.json" } };
