/**
 * The walk through the zoo: architecture × flavour × backend, through the engine's own rewriting and sessions, against PyTorch and against the
 * untouched file. A cell of the table is a set of numbers within the tolerances, or a refusal that is pinned here by its words, or is said not
 * to be run. Nothing passes in silence.
 */
import { expect } from "@open-wc/testing";
import { configure } from "../src/engine/locations.js";
import type { BackendName } from "../src/engine/types.js";
import { loadBytes, loadJson, loadNumbers } from "./zoo.js";
import { type Cell, type Errors, notForGpu, walkCell, type ZooNumbers } from "./zoo-walk.js";

type Tolerances = Readonly<Record<keyof Errors, number>>;

/** attention absolute, the others relative to the largest number */
const SINGLE: Readonly<Record<BackendName, Tolerances>> = {
  wasm: { attention: 1e-5, hidden: 1e-5, lookup: 0, logits: 1e-5, rewritten: 1e-5, gradient: 1e-4, alone: 1e-5 },
  webgpu: { attention: 1e-5, hidden: 1e-4, lookup: 0, logits: 1e-4, rewritten: 1e-4, gradient: 1e-3, alone: 1e-3 },
};

/** By what the weights are. Integers: the reference is PyTorch on the dequantised weights; an activation on the edge of two integers may fall to either. */
const BY_PRECISION: Readonly<Record<NonNullable<ZooNumbers["precision"]>, Tolerances>> = {
  half: { attention: 2e-2, hidden: 2e-2, lookup: 1e-3, logits: 2e-2, rewritten: 1e-2, gradient: 2e-2, alone: 1e-2 },
  int8: { attention: 1e-3, hidden: 1e-3, lookup: 0, logits: 1e-3, rewritten: 1e-3, gradient: 1e-3, alone: Infinity },
  int4: { ...SINGLE.wasm, gradient: 1e-3 },
};

/** One scale for a whole batch: what a text gives depends on what it is batched with, by the file's own arithmetic. Pinned: it must be seen. */
const LEAKS_BY_ROUNDING = 1e-3;

/** Files that the engine keeps off WebGPU, by what the weights are. */
const NOT_FOR_GPU: Readonly<Partial<Record<NonNullable<ZooNumbers["precision"]>, string>>> = {
  int8: "8-bit weights run on the processor", half: "16-bit weights need a device with shader-f16",
};

/** Sines and cosines of WebGPU are off by up to 2e-4, and with them whatever is turned by angles that the file computes. */
const SINES: ReadonlySet<string> = new Set(["llama", "mistral", "gemma", "gemma2", "qwen2"]);
const ROTATED: Tolerances = { attention: 1e-3, hidden: 1e-3, lookup: 0, logits: 1e-3, rewritten: 1e-3, gradient: 1e-3, alone: 1e-3 };

/** One of each kind of norm, mask, position and activation; a session on a software GPU takes seconds. */
const ON_WEBGPU = [
  "bert-ts17", "distilbert-ts17-sdpa", "bert-old14-fused", "mpnet-dyn18-eager", "deberta-dyn18-eager",
  "gpt2-old13", "llama-ts17-sdpa", "bloom-dyn18-eager", "mistral-ts17-sdpa", "gemma2-dyn18-eager", "gptneox-dyn23", "gpt2-ts17-past", "opt-ts17-int4",
];

/** Another test's. */
const ELSEWHERE: Readonly<Record<string, string>> = { t5: "test/engine/encoder-decoders.test.ts", bart: "test/engine/encoder-decoders.test.ts" };

/** Files that are refused in part or whole, in the engine's words. A cell that begins to work must leave this list. */
const REFUSED: Readonly<Record<string, string>> = {};

/** What the anatomy does not tell of a file that is served all the same. */
const NOT_TOLD: Readonly<Record<string, readonly string[]>> = {};

const rows: string[] = [];
const short = (error: number): string => (Number.isNaN(error) ? "–" : error.toExponential(1));
const COLUMNS = ["attention", "hidden", "logits", "rewritten", "gradient", "alone"] as const satisfies readonly (keyof Errors)[];

function note(file: string, backend: string, cell: Cell | string): void {
  const told = typeof cell === "string" ? cell : cell.errors ? COLUMNS.map((column) => short(cell.errors![column]).padStart(9)).join(" ") : `refused: ${cell.refused}`;
  rows.push(`${file.padEnd(30)} ${backend.padEnd(7)} ${told}`);
}

describe("the zoo", function () {
  this.timeout(120_000);
  const files: string[] = [];
  before(() => configure({ runtime: "/node_modules/onnxruntime-web/dist/", cache: false }));
  after(() => console.log([`${"".padEnd(38)} ${COLUMNS.map((column) => column.padStart(9)).join(" ")}`, ...rows].join("\n")));

  it("has files", async () => {
    files.push(...(await loadJson<string[]>("/test/fixtures/zoo/index.json")));
    expect(files.length).to.be.above(40);
    for (const named of [...ON_WEBGPU, ...Object.keys(REFUSED), ...Object.keys(NOT_TOLD)]) expect(files, "a file of a list above").to.include(named);
  });

  for (const backend of ["wasm", "webgpu"] as const) {
    it(`serves every file on ${backend}, within the tolerances or with a pinned refusal`, async function () {
      this.timeout(900_000);
      const failures: string[] = [];
      for (const file of files) {
        const elsewhere = ELSEWHERE[file.split("-")[0]!];
        if (elsewhere) {
          note(file, backend, `see ${elsewhere}`);
          continue;
        }
        const numbers = await loadNumbers<ZooNumbers>(file);
        const read = (name: string): Promise<Uint8Array> => loadBytes(`/test/fixtures/zoo/${file}/${name}`);
        if (backend === "webgpu" && !ON_WEBGPU.includes(file)) {
          const against = await notForGpu(read);
          if (against !== ((numbers.precision && NOT_FOR_GPU[numbers.precision]) ?? "")) failures.push(`${file}: kept off WebGPU for "${against}"`);
          note(file, backend, against === "" ? "not run: one of each kind is" : `refused: ${against}`);
          continue;
        }
        const cell = await walkCell(read, numbers, backend).catch((error: unknown) => error as Error);
        if (cell instanceof Error) {
          failures.push(`${file}: ${cell.message}`);
          note(file, backend, `FAILED: ${cell.message}`);
          continue;
        }
        note(file, backend, cell);
        const differs = (what: string, found: unknown, wanted: unknown): void => {
          if (JSON.stringify(found) !== JSON.stringify(wanted)) failures.push(`${file}: ${what} ${JSON.stringify(found)} and not ${JSON.stringify(wanted)}`);
        };
        differs("refusal", cell.refused, REFUSED[file] ?? "");
        differs("not told", cell.missing, NOT_TOLD[file] ?? []);
        if (cell.errors === null) continue;
        const { anatomy } = cell.model;
        differs("causal", anatomy.causal, numbers.causal);
        differs("vocabulary", anatomy.embeddings?.vocabulary, numbers.vocabulary);
        differs("width", anatomy.embeddings?.width, numbers.width);
        differs("heads", anatomy.attention.map(({ heads }) => heads), new Array(numbers.layers).fill(numbers.heads));
        const allowed = numbers.precision ? BY_PRECISION[numbers.precision] : backend === "webgpu" && SINES.has(numbers.architecture) ? ROTATED : SINGLE[backend];
        if (numbers.precision === "int8" && !(cell.errors.alone > LEAKS_BY_ROUNDING)) failures.push(`${file}: a text no longer depends on its batch (${cell.errors.alone}): the pin may go`);
        for (const [what, error] of Object.entries(cell.errors) as [keyof Errors, number][]) {
          if (!(error <= allowed[what])) failures.push(`${file}: ${what} is off by ${error}, ${allowed[what]} is allowed`);
        }
      }
      expect(failures).to.deep.equal([]);
    });
  }
});
