import type { Meta, StoryObj } from "@storybook/web-components-vite";
import { html } from "lit";
import "../src/elements/bias-probe/define.js";

interface Args {
  lang: string;
  measure: string;
}

/** Stored answers of the built-in model. */
const meta: Meta<Args> = {
  title: "bias-probe",
  args: { lang: "en", measure: "prediction" },
  argTypes: { measure: { control: "inline-radio", options: ["prediction", "own", "rest"] } },
  render: ({ lang, measure }) => html`<div lang=${lang}><bias-probe loading="eager" src="/data/bias.json" measure=${measure}></bias-probe></div>`,
};
export default meta;

type Story = StoryObj<Args>;

export const Groups: Story = {};
export const OwnWords: Story = { args: { measure: "own" } };
export const Chinese: Story = { args: { lang: "zh" } };
