/**
 * A summary in two or three sentences, in English and Chinese, from templates that are filled with the facts. A sentence without its number in the
 * facts does not exist here. No DOM: the command prints the same sentences.
 */
import { qualityLevel, ROUNDING, type Level } from "../explanation/quality-levels.js";
import type { LeftOut, SummaryExplanation } from "../explanation/types.js";
import { summaryFacts, type SummaryFacts } from "./summary-facts.js";

export type Detail = "plain" | "analyst" | "expert";

/** A piece of a sentence: text, or a word of the explained text with its places among the units. */
export type Part = string | { readonly text: string; readonly units: readonly number[] };
export type Sentence = readonly Part[];

type Parts = readonly Part[];

interface Templates {
  readonly lang: string;
  readonly quote: (text: string) => string;
  readonly list: (items: readonly Part[]) => Parts;
  readonly stop: string;
  readonly predicts: Readonly<Record<SummaryFacts["answers"], (label: string, value: string) => string>>;
  readonly narrowly: (label: string, value: string) => string;
  readonly ahead: (label: string, value: string) => string;
  readonly explained: (target: string, value: string) => string;
  readonly restsOn: (words: Parts) => Parts;
  readonly share: (share: string, method: string) => string;
  readonly against: (word: Part) => Parts;
  readonly noSupport: string;
  readonly turns: (word: Part, label: string, value: string) => Parts;
  readonly howMany: (turning: string, tried: string) => string;
  readonly onlyStays: (word: Part, from: string, to: string) => Parts;
  readonly noneTurns: (tried: string) => string;
  readonly together: (words: Parts, label: string, value: string) => Parts;
  readonly norTogether: (count: string) => string;
  readonly effect: (word: Part, from: string, to: string) => Parts;
  readonly effectAlone: (word: Part, from: string, to: string) => Parts;
  readonly above: (beats: string, rankings: string) => string;
  readonly within: (beats: string, rankings: string) => string;
  readonly untellable: string;
  readonly addsUp: (gap: string, level: Level) => string;
  readonly numbers: (area: string, low: string, high: string, method: string, seed: string) => string;
}

const levels: Readonly<Record<"en" | "zh", Readonly<Record<Level, string>>>> = { en: { good: "good", fair: "fair", poor: "poor" }, zh: { good: "良好", fair: "一般", poor: "较差" } };

const en: Templates = {
  lang: "en",
  quote: (text) => `“${text}”`,
  list: (items) => items.flatMap((item, index) => (index === 0 ? [item] : [index === items.length - 1 ? " and " : ", ", item])),
  stop: ".",
  predicts: {
    label: (label, value) => `The model predicts ${label} (${value})`,
    labels: (label, value) => `The model gives the label ${label} most (${value})`,
    token: (label, value) => `The model’s first choice of a token is ${label} (${value})`,
    score: (label, value) => `The model’s score, ${label}, is ${value}`,
  },
  narrowly: (label, value) => `, narrowly: ${label} has ${value}`,
  ahead: (label, value) => `, ahead of ${label} (${value})`,
  explained: (target, value) => `; explained here is ${target} (${value})`,
  restsOn: (words) => ["; this rests most on ", ...words],
  share: (share, method) => ` (${share} of the weight in favour, by ${method})`,
  against: (word) => [", and ", word, " weighs most against it"],
  noSupport: "; no word speaks for this",
  turns: (word, label, value) => ["Without ", word, " alone it would predict ", `${label} (${value})`],
  howMany: (turning, tried) => `; of the ${tried} words with most weight for it, ${turning} change${turning === "1" ? "s" : ""} it alone`,
  onlyStays: (word, from, to) => ["Leaving out ", word, ` does not change the prediction (${from} → ${to})`],
  noneTurns: (tried) => `None of the ${tried} words with most weight for it changes the prediction alone`,
  together: (words, label, value) => ["; without ", ...words, ` together it would predict ${label} (${value})`],
  norTogether: (count) => `, nor do the ${count} with most weight together`,
  effect: (word, from, to) => ["; leaving out ", word, ` moves it most: ${from} → ${to}`],
  effectAlone: (word, from, to) => ["Of single words, leaving out ", word, ` changes it most: ${from} → ${to}`],
  above: (beats, rankings) => `Leaving words out in this order moves the prediction more than ${beats} of ${rankings} random orders do, which is better than chance`,
  within: (beats, rankings) => `Leaving words out in this order moves the prediction more than only ${beats} of ${rankings} random orders do, which is within what chance does: do not rely on the order of the words`,
  untellable: "There are too few words that matter to tell this ranking from chance",
  addsUp: (gap, level) => `; the weights add up ${gap ? `to within ${gap}` : "exactly"} (${levels.en[level]})`,
  numbers: (area, low, high, method, seed) => `; area between the curves ${area}, chance ${low} to ${high}; ${method}, seed ${seed}`,
};

const zh: Templates = {
  lang: "zh",
  quote: (text) => `“${text}”`,
  list: (items) => items.flatMap((item, index) => (index === 0 ? [item] : [index === items.length - 1 ? "和" : "、", item])),
  stop: "。",
  predicts: {
    label: (label, value) => `模型的判断是${label}（${value}）`,
    labels: (label, value) => `模型给出最高的标签是${label}（${value}）`,
    token: (label, value) => `模型首选的词元是${label}（${value}）`,
    score: (label, value) => `模型的得分（${label}）为 ${value}`,
  },
  narrowly: (label, value) => `，但差距很小：${label}为 ${value}`,
  ahead: (label, value) => `，高于${label}（${value}）`,
  explained: (target, value) => `；此处解释的是${target}（${value}）`,
  restsOn: (words) => ["；主要依据是", ...words],
  share: (share, method) => `（占支持权重的 ${share}，${method}）`,
  against: (word) => ["，最反对的是", word],
  noSupport: "；没有词支持它",
  turns: (word, label, value) => ["只去掉", word, `，判断就会变为${label}（${value}）`],
  howMany: (turning, tried) => `；支持权重最大的 ${tried} 个词中，有 ${turning} 个单独就能改变判断`,
  onlyStays: (word, from, to) => ["去掉", word, `不会改变判断（${from} → ${to}）`],
  noneTurns: (tried) => `支持权重最大的 ${tried} 个词，单独去掉任何一个都不会改变判断`,
  together: (words, label, value) => ["；同时去掉", ...words, `，判断会变为${label}（${value}）`],
  norTogether: (count) => `，同时去掉最重的 ${count} 个也不会`,
  effect: (word, from, to) => ["；去掉", word, `影响最大：${from} → ${to}`],
  effectAlone: (word, from, to) => ["就单个词而言，去掉", word, `影响最大：${from} → ${to}`],
  above: (beats, rankings) => `按此顺序去掉词，对预测的影响超过 ${rankings} 个随机顺序中的 ${beats} 个，优于随机`,
  within: (beats, rankings) => `按此顺序去掉词，对预测的影响只超过 ${rankings} 个随机顺序中的 ${beats} 个，没有超出随机的范围：不要依赖词的排序`,
  untellable: "起作用的词太少，无法区分此排序与随机",
  addsUp: (gap, level) => `；${gap ? `权重之和的误差在 ${gap} 以内` : "权重之和完全相符"}（${levels.zh[level]}）`,
  numbers: (area, low, high, method, seed) => `；曲线间面积 ${area}，随机为 ${low} 至 ${high}；${method}，种子 ${seed}`,
};

function formats(language: string) {
  const make = (options: Intl.NumberFormatOptions) => {
    try {
      return new Intl.NumberFormat(language, options);
    } catch {
      return new Intl.NumberFormat("en", options); // a page's lang may be no language tag
    }
  };
  const [share, number] = [make({ style: "percent", maximumSignificantDigits: 2 }), make({ maximumSignificantDigits: 3 })];
  // "100 %" is said of nothing that is less
  const probability = (value: number) => (value < 1 && value > 0.995 ? `> ${share.format(0.99)}` : share.format(value));
  return { probability, number: (value: number) => number.format(value).replace("-", "−"), gap: (value: number) => make({ style: "percent", maximumSignificantDigits: 2 }).format(value) };
}

export interface SentenceOptions {
  readonly language: string;
  readonly detail: Detail;
  /** the method as readers know it */
  readonly methodName: string;
}

/** Two or three sentences; each ends with its full stop. */
export function summarySentences(explanation: SummaryExplanation, { language, detail, methodName }: SentenceOptions): Sentence[] {
  const say = /^zh\b/i.test(language) ? zh : en;
  const { probability, number, gap } = formats(language);
  const { units, value, trust, target, measure, method } = explanation;
  const facts = summaryFacts(explanation);
  const size = measure === "score" ? number : probability;
  const more = detail !== "plain";
  const word = (...places: number[]): Part => ({ text: say.quote(places.map((place) => units[place]!.text).join(" ")), units: places });
  const out = ({ units: places }: LeftOut): Parts => say.list(places.map((place) => word(place)));
  const sentence = (...parts: Parts): Sentence => [...parts, say.stop];

  const aim = target.contrast ? `${say.quote(target.label)} − ${say.quote(target.contrast.label)}` : say.quote(target.label);
  const first: Part[] = [say.predicts[facts.answers](say.quote(facts.first.label), facts.answers === "score" ? number(facts.first.value) : probability(facts.first.value))];
  if (facts.second && facts.narrow) first.push(say.narrowly(say.quote(facts.second.label), probability(facts.second.value)));
  else if (facts.second && more) first.push(say.ahead(say.quote(facts.second.label), probability(facts.second.value)));
  if (!facts.explainsPrediction) first.push(say.explained(aim, size(value)));
  if (facts.support.length === 0) first.push(say.noSupport);
  else {
    first.push(...say.restsOn(say.list(facts.support.map((place) => word(place)))));
    if (more) first.push(say.share(probability(facts.share), methodName));
  }
  if (more && facts.against !== null) first.push(...say.against(word(facts.against)));

  const change: Part[] = [];
  const { strongest } = facts;
  const [turning] = facts.turning;
  if (facts.answers === "score" || !facts.explainsPrediction) {
    if (strongest) change.push(...say.effectAlone(word(...strongest.units), size(value), size(strongest.value)));
  } else if (turning) {
    change.push(...say.turns(word(...turning.units), say.quote(turning.label), probability(turning.labelValue)));
    if (more) change.push(say.howMany(number(facts.turning.length), number(facts.tried)));
  } else if (facts.tried === 1 && strongest) {
    change.push(...say.onlyStays(word(...strongest.units), size(value), size(strongest.value)));
  } else {
    change.push(say.noneTurns(number(facts.tried)));
    if (facts.together) change.push(...say.together(out(facts.together), say.quote(facts.together.label), probability(facts.together.labelValue)));
    else if (facts.triedTogether > 1) change.push(say.norTogether(number(facts.triedTogether)));
    if (more && strongest) change.push(...say.effect(word(...strongest.units), size(value), size(strongest.value)));
  }

  const trusted: Part[] = [facts.ranking === "untellable" ? say.untellable : say[facts.ranking](number(trust.beats), number(trust.rankings))];
  const level = trust.completenessGap === null ? null : qualityLevel("completeness-gap", trust.completenessGap);
  if (level && (more || level === "poor")) trusted.push(say.addsUp(trust.completenessGap! < ROUNDING ? "" : gap(trust.completenessGap!), level));
  if (detail === "expert") trusted.push(say.numbers(number(trust.area), number(trust.chance.low), number(trust.chance.high), `${methodName}${method.preset && ` (${method.preset})`}${optionsOf(method.options)}`, String(method.seed)));
  return [sentence(...first), ...(change.length > 0 ? [sentence(...change)] : []), sentence(...trusted)];
}

const optionsOf = (options: SummaryExplanation["method"]["options"]): string => {
  const said = Object.entries(options).map(([name, value]) => `${name}=${String(value)}`);
  return said.length > 0 ? ` [${said.join(", ")}]` : "";
};

/** The sentences as plain text. */
export function summaryText(sentences: readonly Sentence[], language: string): string {
  const gap = /^zh\b/i.test(language) ? "" : " ";
  return sentences.map((parts) => parts.map((part) => (typeof part === "string" ? part : part.text)).join("")).join(gap);
}
