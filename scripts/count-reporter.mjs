// A reporter for the browser tests: the names of skipped tests, and one closing line that counts.

function* testsOf(suite, path = []) {
  if (!suite) return;
  for (const test of suite.tests) yield { ...test, title: [...path, test.name].join(" › ") };
  for (const inner of suite.suites) yield* testsOf(inner, [...path, inner.name]);
}

export function countReporter() {
  return {
    onTestRunFinished({ sessions }) {
      const tests = [...sessions].flatMap((session) => [...testsOf(session.testResults)]);
      const broken = [...sessions].filter((session) => !session.passed && [...testsOf(session.testResults)].every((test) => test.passed || test.skipped)).length;
      const skipped = tests.filter((test) => test.skipped);
      for (const test of skipped) console.log(`skipped: ${test.title}`);
      const passed = tests.filter((test) => test.passed && !test.skipped).length;
      const failed = tests.length - passed - skipped.length + broken;
      console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
    },
  };
}
