/**
 * A jest reporter that writes how many tests passed and failed, and which failed and why, to .nx/tests/<project>.json. Nx keeps that
 * file with the cached run, so that the sum that `npm test` prints also counts the projects that did not have to run again.
 */
const fs = require('fs');
const path = require('path');

class CountReporter {
  onRunComplete(_contexts, results) {
    const project = process.env.NX_TASK_TARGET_PROJECT;
    if (!project || process.env.NX_TASK_TARGET_TARGET !== 'test') return;
    const counts = {
      project,
      passed: results.numPassedTests,
      // A suite that cannot even be loaded has no tests to fail; it counts as one.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
      failures: results.testResults.flatMap(failuresOf),
    };
    const file = path.join(__dirname, '..', '.nx', 'tests', `${project}.json`);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, JSON.stringify(counts));
  }
}

/** failuresOf is each failed test of a suite, and the suite itself when it could not be loaded: what it is called, and what was said. */
function failuresOf(suite) {
  const where = path.relative(path.join(__dirname, '..'), suite.testFilePath);
  const failed = suite.testResults.filter(({ status }) => status === 'failed');
  if (failed.length === 0 && suite.testExecError) return [{ name: where, said: suite.failureMessage || '' }];
  return failed.map((test) => ({ name: `${where}: ${test.fullName}`, said: test.failureMessages.join('\n') }));
}

module.exports = CountReporter;
