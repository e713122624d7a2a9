import { existsSync, readFileSync } from 'node:fs';

/** How many tests passed, failed and were skipped. */
export const none = Object.freeze({ passed: 0, failed: 0, skipped: 0 });

export function add(a, b) {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** A spec file that could not even be loaded holds tests that nobody counted: it is one failure. */
function fromJest(report) {
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** A test that passes only when tried again does not pass. */
function fromPlaywright({ stats, errors = [] }) {
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length, skipped: stats.skipped };
}

const fromNodeTest = ({ passed, failed, skipped }) => ({ passed, failed, skipped });

const readers = { jest: fromJest, playwright: fromPlaywright, node: fromNodeTest };

/** What a runner counted. One that crashed, failed without a failed test, or found no test at all is a failure. */
export function readResults(runner, file, exitCode) {
  let results = none;
  if (existsSync(file)) {
    try {
      results = readers[runner](JSON.parse(readFileSync(file, 'utf8')));
    } catch {
      return { ...none, failed: 1 }; // cut off: the runner died while writing
    }
  }
  const ran = results.passed + results.failed + results.skipped > 0;
  if (!ran || (exitCode !== 0 && results.failed === 0)) return { ...results, failed: results.failed + 1 };
  return results;
}

export const lastLine = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;
