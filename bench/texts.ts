/** What the bench reads. */
import type { LanguageModel } from "../src/engine/types.js";

/** Fifty short texts, written for the bench: praise, blame, negation, concession, questions, English and Chinese. */
export const texts: readonly string[] = [
  "A gripping, beautifully acted film.",
  "The plot drags, but the acting saves it.",
  "Not bad at all.",
  "Not good.",
  "I hated every minute of it.",
  "I expected nothing and was delighted.",
  "The room was clean and the staff were friendly.",
  "The screen broke after two days.",
  "It is long, loud and empty.",
  "Never boring, often funny, always warm.",
  "The soup was cold and the waiter ruder than the weather.",
  "A small film with a large heart.",
  "If you like watching paint dry, this is for you.",
  "The second half makes up for the slow start.",
  "Great camera, terrible battery.",
  "Nobody in this cast can act.",
  "I would gladly read it again.",
  "Too clever for its own good.",
  "The songs are lovely; the story is not.",
  "It arrived on time and works as promised.",
  "What a waste of a fine idea.",
  "She carries the whole film with one look.",
  "The jokes fall flat and the ending is worse.",
  "Hardly a masterpiece, yet I could not stop smiling.",
  "A dull book about an exciting life.",
  "The food was delicious and the price fair.",
  "I cannot recommend it.",
  "Surprisingly tender and very well shot.",
  "The headphones hurt my ears after ten minutes.",
  "An honest, quiet, moving portrait of old age.",
  "剧情拖沓，但演员很出色。",
  "这是一个示例文本。",
  "不好看。",
  "不错，下次还会来。",
  "房间干净，服务员很热情。",
  "用了两天就坏了，非常失望。",
  "味道很好，就是送得太慢。",
  "没有想象中那么差。",
  "一点都不好吃。",
  "这本书我会推荐给朋友。",
  "声音太吵，晚上根本睡不着。",
  "价格便宜，质量也过得去。",
  "客服态度恶劣，再也不买了。",
  "结尾出人意料，看得我热泪盈眶。",
  "包装破了，里面的东西也脏了。",
  "屏幕清晰，电池却不耐用。",
  "早餐丰富，位置方便，值得再住。",
  "内容空洞，浪费时间。",
  "演员表演自然，音乐动人。",
  "快递很快，手机用起来很流畅。",
];

/** A text of exactly so many tokens, special ones counted: English texts of the above one after another, ended by points. */
export async function textOfTokens(model: LanguageModel, count: number): Promise<string> {
  const english = texts.filter((text) => !/\p{Script=Han}/u.test(text));
  let text = "";
  for (let index = 0; ; index++) {
    const more = `${text} ${english[index % english.length]!}`.trim();
    if ((await model.tokenize({ text: more })).length > count) break;
    text = more;
  }
  const { length } = await model.tokenize({ text });
  return text + ".".repeat(count - length);
}
