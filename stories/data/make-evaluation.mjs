// Writes the sample evaluation of the stories: sentences built by a seeded rule from words of our own, run through the built-in model by the
// command (npm run build first). Run: node stories/data/make-evaluation.mjs
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

let state = 7;
const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
const pick = (list) => list[Math.floor(next() * list.length)];

const things = ["plot", "acting", "music", "camera work", "ending", "first half", "dialogue", "hotel room", "battery", "service"];
const good = ["wonderful", "moving", "sharp", "a pleasure", "better than I hoped", "worth every minute"];
const poor = ["dull", "clumsy", "a mess", "worse than I feared", "a waste of time", "flat"];
const leads = ["", "Honestly, ", "For me, ", "After two hours ", "My family agrees: "];
const chineseThings = ["剧情", "演技", "配乐", "结尾", "房间", "服务"];
const chineseGood = ["很精彩", "令人感动", "非常好", "值得推荐"];
const chinesePoor = ["很无聊", "让人失望", "非常差", "浪费时间"];

/** [text, good?] */
const shapes = {
  en: [
    () => [`${pick(leads)}the ${pick(things)} is ${pick(good)}.`, true], () => [`${pick(leads)}the ${pick(things)} is ${pick(poor)}.`, false],
    () => [`The ${pick(things)} is not ${pick(good)}.`, false], () => [`The ${pick(things)} is hardly ${pick(good)}, whatever they say.`, false],
    () => [`The ${pick(things)} is ${pick(poor)}, but the ${pick(things)} is ${pick(good)}.`, true], () => [`I never thought the ${pick(things)} was ${pick(poor)}.`, true],
  ],
  zh: [() => [`${pick(chineseThings)}${pick(chineseGood)}。`, true], () => [`${pick(chineseThings)}${pick(chinesePoor)}。`, false], () => [`${pick(chineseThings)}不算${pick(chinesePoor)}。`, true], () => [`${pick(chineseThings)}谈不上${pick(chineseGood)}。`, false]],
};

const folder = mkdtempSync(join(tmpdir(), "evaluation-"));
try {
  const lines = ["text,label,source"];
  for (let row = 0; row < 1200; row++) {
    const [text, isGood] = pick(shapes[next() < 0.7 ? "en" : "zh"])();
    lines.push(`"${text}",${isGood ? "positive" : "negative"},${next() < 0.97 ? pick(["letters", "web"]) : "phone"}`);
    if (row === 400) lines.push("a line that has no label");
    if (row === 700) lines.push('"It was fine.",so-so,web');
  }
  const file = join(folder, "reviews.csv");
  writeFileSync(file, lines.join("\n"));
  const command = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
  const args = ["--model", "sentiment", "--data", file, "--label", "label", "--slices", "lang, length, contains(not|不), source × lang", "--assert", "accuracy >= 0.7; slice(lang=zh).recall >= 0.9; slice(source=phone).accuracy >= 0.5", "--json"];
  const { stdout, stderr } = spawnSync(process.execPath, [command, "evaluate", ...args], { encoding: "utf8", maxBuffer: 2 ** 26 });
  if (!stdout) throw new Error(stderr);
  const round = (_, value) => (typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value);
  writeFileSync(new URL("evaluation.json", import.meta.url), `${JSON.stringify(JSON.parse(stdout), round)}\n`);
} finally {
  rmSync(folder, { recursive: true });
}
