// The command, as a process: what it prints, and how it ends.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, "dist-cli-test"); // inside the package, so that onnxruntime-web is found
const bert = join(root, "test/engine/fixtures/bert");

before(async () => {
  mkdirSync(folder, { recursive: true });
  await build({ entryPoints: [join(root, "src/cli/main.ts")], bundle: true, platform: "node", format: "esm", outfile: join(folder, "main.mjs"), external: ["onnxruntime-web"], logLevel: "error" });
});
after(() => rmSync(folder, { recursive: true }));

const lexiscope = (...args) => spawnSync(process.execPath, [join(folder, "main.mjs"), ...args], { encoding: "utf8", cwd: root });

test("explain prints a table of tokens and scores", () => {
  const { status, stdout, stderr } = lexiscope("explain", "--model", bert, "--text", "the film was not good", "--method", "gradient-x-input", "--target", "positive");
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^gradient-x-input · target positive · predicted \w+/);
  assert.match(stdout, /^film +-?\d\.\d{4}$/m);
  assert.match(stdout, /exact gradient · 1 evaluations · wasm/);
});

test("an empty text is refused, not answered", () => {
  for (const text of ["", "  "]) {
    const { status, stdout, stderr } = lexiscope("explain", "--model", bert, "--text", text, "--method", "prediction");
    assert.equal(status, 2);
    assert.equal(stdout, "");
    assert.match(stderr, /^--text is empty: there is nothing to explain/);
  }
});

test("an encoder-decoder: what it has written, who looks at whom, a token as the target", () => {
  const model = join(root, "test/fixtures/zoo/t5-ts14");
  const ask = (...args) => lexiscope("explain", "--model", model, "--text", "from word3 day you", "--decoder-text", "fire that", ...args);
  const crossing = ask("--method", "attention", "--attention", "cross", "--layer", "0", "--head", "1");
  assert.equal(crossing.status, 0, crossing.stderr);
  assert.match(crossing.stdout, /^attention pattern · cross · layer 0, head 1/);
  assert.match(crossing.stdout, /^query \\ key +from +word3 +day +you$/m);
  assert.match(crossing.stdout, /^fire( +\d\.\d{3}){4}$/m);
  const attributed = ask("--method", "gradient-x-input", "--target", "film - plot");
  assert.equal(attributed.status, 0, attributed.stderr);
  assert.match(attributed.stdout, /^gradient-x-input · target film − plot · predicted \S+/);
  assert.match(attributed.stdout, /^that +-?\d\.\d{4}$/m);
  assert.match(ask("--method", "attention", "--attention", "sideways").stderr, /^--attention sideways: there are self, decoder, cross/);
  assert.match(ask("--method", "prediction", "--text-pair", "fire").stderr, /^--text-pair and --decoder-text are the same: give one/);
});

test("explain --json prints an explanation", () => {
  const { status, stdout, stderr } = lexiscope("explain", "--model", bert, "--text", "not good", "--method", "integrated-gradients", "--option", "rule=left", "--option", "steps=8", "--json");
  assert.equal(status, 0, stderr);
  const explanation = JSON.parse(stdout);
  assert.equal(explanation.kind, "attribution");
  assert.deepEqual(explanation.tokens.map(({ text }) => text), ["[CLS]", "not", "good", "[SEP]"]);
  assert.equal(explanation.method.options.steps, 8);
  assert.equal(explanation.scores.length, 4);
});

test("methods that leave out words: LIME with its fit, exact Shapley values that add up", () => {
  const lime = lexiscope("explain", "--model", bert, "--text", "the film was not good", "--method", "lime", "--seed", "3", "--option", "samples=100", "--target", "positive");
  assert.equal(lime.status, 0, lime.stderr);
  assert.match(lime.stdout, /^lime · target positive/);
  assert.match(lime.stdout, /^film +-?\d\.\d{4} +±\d\.\d{4}$/m);
  assert.match(lime.stdout, /fit 0\.\d{3} \((good|fair|poor)\) · \d+ evaluations · wasm/);
  const exact = lexiscope("explain", "--model", bert, "--text", "not good", "--method", "exact-shapley", "--json");
  assert.equal(exact.status, 0, exact.stderr);
  const { scores, value, baselineValue } = JSON.parse(exact.stdout);
  assert.ok(Math.abs(scores.reduce((sum, score) => sum + score, 0) - (value - baselineValue)) < 1e-4);
  assert.match(lexiscope("explain", "--model", bert, "--text", "the film was not good", "--method", "exact-shapley", "--option", "players=letter").stderr, /one of word, token/);
});

test("--samples is the budget of a method that samples, by whatever name; others refuse it", () => {
  const asked = (method, ...more) => lexiscope("explain", "--model", bert, "--text", "the film was not good", "--method", method, "--samples", ...more);
  const permutations = asked("permutation-shap", "60", "--seed", "3", "--json");
  assert.equal(permutations.status, 0, permutations.stderr);
  assert.deepEqual(JSON.parse(permutations.stdout).method, { name: "permutation-shap", preset: "", options: { evaluations: 60, players: "word", mask: "mask" }, seed: 3 });
  assert.match(asked("occlusion", "60").stderr, /method "occlusion" has no number of samples/);
  assert.equal(asked("lime", "many").status, 2);
});

test("a text longer than the model takes is said to be cut", () => {
  const long = lexiscope("explain", "--model", bert, "--text", "the film was not good ".repeat(10), "--method", "gradient-x-input");
  assert.equal(long.status, 0, long.stderr);
  assert.match(long.stdout, /text cut at 24 tokens/);
  assert.doesNotMatch(lexiscope("explain", "--model", bert, "--text", "not good", "--method", "prediction").stdout, /cut/);
});

test("the version is the package's", () => {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  assert.equal(lexiscope("--version").stdout.trim(), version);
  const { provenance } = JSON.parse(lexiscope("explain", "--model", bert, "--text", "x", "--method", "prediction", "--json").stdout);
  assert.equal(provenance.library, `lexiscope ${version}`);
});

test("attention and prediction", () => {
  const attention = lexiscope("explain", "--model", bert, "--text", "not good", "--method", "attention", "--layer", "1", "--head", "2", "--json");
  assert.equal(attention.status, 0, attention.stderr);
  const { weights } = JSON.parse(attention.stdout);
  for (const row of weights) assert.ok(Math.abs(row.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-5);
  const prediction = lexiscope("explain", "--model", bert, "--text", "not good", "--method", "prediction");
  assert.match(prediction.stdout, /^neutral +-?\d+\.\d+ +0\.\d+$/m);
});

test("faithfulness names the method that serves best, or says that none beats chance", () => {
  const { status, stdout, stderr } = lexiscope("explain", "--model", bert, "--text", "the film was not very good", "--method", "faithfulness", "--methods", "occlusion, gradient-x-input:ferret", "--target", "positive");
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^faithfulness · (best: [a-z -]+, ahead of \d+ of 20 random rankings|no method ranks the words better than chance)/);
  assert.match(stdout, /^gradient-x-input:ferret +-?\d\.\d{3}/m);
  assert.match(stdout, /^random, 95 % +-?\d\.\d{3}/m);
  assert.match(lexiscope("explain", "--model", bert, "--text", "good film", "--method", "faithfulness", "--preset", "shap").stderr, /there are ferret, eraser, captum, quantus/);
});

test("summary speaks in both languages, in two or three sentences", () => {
  const { status, stdout, stderr } = lexiscope("explain", "--model", bert, "--text", "the film was not very good", "--method", "summary");
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^The model predicts “\w+” \(\d+(\.\d)?%\)/);
  assert.match(stdout, /^模型的判断是“\w+”/m);
});

test("inspect says what works, and why something does not", () => {
  const whole = lexiscope("inspect", bert);
  assert.equal(whole.status, 0, whole.stderr);
  for (const what of ["tokenizer", "inputs", "prediction", "exact gradient", "attention", "hidden states"]) assert.match(whole.stdout, new RegExp(`^works  ${what}$`, "m"));
  const bare = JSON.parse(lexiscope("inspect", "test/fixtures/zoo/gpt2-ts17/model.onnx", "--json").stdout);
  assert.equal(bare.description.kind, "causal-lm");
  assert.match(bare.fails.find(({ what }) => what === "tokenizer").reason, /no tokenizer\.json/);
});

test("failures end with 1 and one line", () => {
  const { status, stderr, stdout } = lexiscope("explain", "--model", join(root, "nowhere"), "--text", "x", "--method", "occlusion");
  assert.equal(status, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /^lexiscope: .*no such file/);
  assert.match(lexiscope("explain", "--model", bert, "--text", "x", "--method", "occlusion", "--target", "purple").stderr, /purple.*negative, neutral, positive/);
});

test("wrong calls end with 2 and the usage", () => {
  for (const args of [[], ["paint"], ["explain"], ["explain", "--model", bert, "--text", "x", "--method", "magic"], ["inspect"], ["inspect", "a", "--wrong"]]) {
    const { status, stderr } = lexiscope(...args);
    assert.equal(status, 2, args.join(" "));
    assert.match(stderr, /lexiscope explain --model/);
  }
  for (const args of [["--help"], ["-h"], ["help"], ["explain", "--help"], ["bake", "-h"]]) {
    const { status, stdout } = lexiscope(...args);
    assert.equal(status, 0, args.join(" "));
    assert.match(stdout, /lexiscope explain --model/);
  }
  assert.match(lexiscope("inspect", join(root, "package.json")).stderr, /^lexiscope: no model .*package\.json": no such file/);
});

test("evaluate prints metrics by slice, and ends with the gates", () => {
  const file = join(folder, "rows.csv");
  const words = ["the", "film", "was", "not", "good", "day"];
  const row = (index) => `${words[index % 6]} ${words[(index * 5 + 1) % 6]} ${words[(index >> 1) % 6]},${["negative", "neutral", "positive"][index % 3]},${index % 2 ? "web" : "mail"}`;
  writeFileSync(file, `review,stars,source\n${Array.from({ length: 80 }, (_, index) => row(index)).join("\n")}\nbroken\n`);
  const evaluate = (...more) => lexiscope("evaluate", "--model", bert, "--data", file, "--label", "stars", "--text", "review", ...more);
  const passed = evaluate("--slices", "source, contains(film)", "--assert", "accuracy >= 0; slice(source=web).n >= 40");
  assert.equal(passed.status, 0, passed.stderr);
  assert.match(passed.stdout, /rows\.csv: 80 rows, 1 skipped\n {2}line 82: 1 values for 3 columns/);
  assert.match(passed.stdout, /^pass {2}slice\(source=web\)\.n >= 40/m);
  assert.match(passed.stdout, /^source=mail +40 +0\.\d{3} +0\.\d{3}…0\.\d{3}/m);
  const failed = evaluate("--assert", "accuracy > 1", "--json");
  assert.equal(failed.status, 1, failed.stderr);
  const explanation = JSON.parse(failed.stdout);
  assert.equal(explanation.gates[0].passed, false);
  assert.equal(explanation.whole.count, 80);
  const compared = evaluate("--model-b", bert);
  assert.match(compared.stdout, /against bert: both right \d+, only the first 0, only the second 0/);
  assert.equal(evaluate("--assert", "beauty > 1").status, 2);
  assert.equal(evaluate("--slices", "a=").status, 2);
  assert.equal(evaluate("--interval", "normal").status, 2);
  assert.equal(lexiscope("evaluate", "--model", bert).status, 2);
  const absent = lexiscope("evaluate", "--model", bert, "--data", join(folder, "absent.csv"), "--label", "stars");
  assert.equal(absent.status, 1);
  assert.match(absent.stderr, /no such corpus file/);
});
