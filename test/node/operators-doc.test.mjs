// docs/operators.md is what the tables of operators say.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

test("docs/operators.md is fresh", async () => {
  const script = fileURLToPath(new URL("../../scripts/operators-doc.mjs", import.meta.url));
  await assert.doesNotReject(promisify(execFile)(process.execPath, [script, "--check"]));
});
