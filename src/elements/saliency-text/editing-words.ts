/** The words of an editable text, in English and Chinese. */
import { spoken } from "../shared/page.js";

export interface EditingWords {
  readonly lang: string;
  readonly pinned: string;
  readonly menu: (token: string) => string;
  readonly mask: string;
  readonly remove: string;
  readonly change: string;
  readonly field: string;
  readonly select: string;
  readonly undo: string;
  readonly reset: string;
  readonly hint: string;
  readonly moved: (label: string, before: string, after: string, difference: string) => string;
  readonly scores: string;
  readonly gone: string;
  readonly added: string;
  readonly nothingLeft: string;
  readonly refused: (reason: string) => string;
}

const en: EditingWords = {
  lang: "en",
  pinned: "Original: ",
  menu: (token) => `Edit ${token}`,
  mask: "Mask",
  remove: "Delete",
  change: "Replace",
  field: "New text",
  select: "Select",
  undo: "Undo",
  reset: "Back to the original",
  hint: "Choose a word to mask, delete or change it; the Delete key deletes, typing replaces.",
  moved: (label, before, after, difference) => `${label}: ${before} → ${after} (${difference})`,
  scores: "Weights that moved most:",
  gone: "gone",
  added: "new",
  nothingLeft: "This is the only word: nothing would be left.",
  refused: (reason) => `Taken back, the model cannot read that: ${reason}`,
};

const zh: EditingWords = {
  lang: "zh",
  pinned: "原文：",
  menu: (token) => `编辑 ${token}`,
  mask: "遮盖",
  remove: "删除",
  change: "替换",
  field: "新文本",
  select: "选择",
  undo: "撤销",
  reset: "恢复原文",
  hint: "选择一个词可遮盖、删除或修改；按 Delete 键删除，直接输入即替换。",
  moved: (label, before, after, difference) => `${label}：${before} → ${after}（${difference}）`,
  scores: "变化最大的权重：",
  gone: "已删",
  added: "新增",
  nothingLeft: "这是唯一的词，删去后就没有文本了。",
  refused: (reason) => `已撤销，模型无法读取：${reason}`,
};

export function editingWordsFor(lang: string): EditingWords {
  return spoken(lang, en, zh);
}
