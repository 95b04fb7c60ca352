/**
 * An anatomy in plain lines for people: what was found, and what was not and why. Not a format to parse (`Anatomy` is plain data).
 */
import type { Anatomy, AttentionBlock, AttentionPart } from "./types.js";

export function summarize(anatomy: Anatomy): string[] {
  const { embeddings, attention, residual, logits, missing } = anatomy;
  return [
    embeddings === null
      ? "word embeddings: not found"
      : `word embeddings: ${embeddings.vocabulary ?? "?"} × ${embeddings.width ?? "?"}, looked up by "${embeddings.ids}" (value "${embeddings.value}")`,
    ...(anatomy.decoder === null ? [] : [`decoder's word embeddings: looked up by "${anatomy.decoder.ids}" (value "${anatomy.decoder.value}")`]),
    ...(attention.length === 0 ? ["attention: none found"] : PARTS.flatMap((part) => partLines(anatomy, part))),
    residual.length === 0 ? "residual stream: not found" : `residual stream: after ${residual.length} ${residual.length === 1 ? "block" : "blocks"}${normalization(residual)}`,
    logits === null ? "logits: not found" : `logits: "${logits.value}", one row a ${logits.perToken ? "token" : "text"}`,
    ...missing.map(({ what, node, reason }) => `${what}: ${reason}${node === "" ? "" : ` (node "${node}")`}`),
  ];
}

const PARTS: readonly AttentionPart[] = ["self", "decoder", "cross"];

/** The blocks of one part, headed by how many there are. */
function partLines({ attention, decoder }: Anatomy, part: AttentionPart): string[] {
  const blocks = attention.filter((block) => block.part === part);
  if (blocks.length === 0) return [];
  const name = decoder === null ? "attention" : { self: "attention of the encoder", decoder: "attention of the decoder", cross: "attention of the decoder to the encoder" }[part];
  const mask = part === "cross" ? "" : blocks.every(({ causal }) => causal) ? ", causal" : ", no causal mask in the graph";
  return [`${name}: ${blocks.length} ${blocks.length === 1 ? "layer" : "layers"}${mask}`, ...runs(blocks, describeBlock)];
}

function describeBlock(block: AttentionBlock): string {
  const size = `${block.heads ?? "?"} heads of ${block.headSize ?? "?"}`;
  if (block.query === null || block.key === null) return `${size}, pattern only`;
  const scale = block.scale === null ? "scale not constant" : `scale ${Number(block.scale.toPrecision(6))}`;
  const cap = block.softcap === 0 ? "" : `, capped at ${Number(block.softcap.toPrecision(6))}`;
  const mask = block.bias === null ? "nothing added" : "mask or bias added";
  return `${size}, ${scale}${cap}, ${mask}${block.extra.length > 0 ? `, also ${block.extra.join(", ")}: use the pattern` : ""}`;
}

/** Layers that read the same, as one line: "  layers 0–5: …". */
function runs(blocks: readonly AttentionBlock[], describe: (block: AttentionBlock) => string): string[] {
  const groups: { from: number; to: number; text: string }[] = [];
  for (const block of blocks) {
    const text = describe(block);
    const last = groups.at(-1);
    if (last?.text === text) last.to = block.layer;
    else groups.push({ from: block.layer, to: block.layer, text });
  }
  return groups.map(({ from, to, text }) => (from === to ? `  layer ${from}: ${text}` : `  layers ${from}–${to}: ${text}`));
}

function normalization(residual: Anatomy["residual"]): string {
  const normalized = residual.filter((entry) => entry.normalized).length;
  return normalized === 0 ? "" : normalized === residual.length ? ", normalized" : ", the last normalized";
}
