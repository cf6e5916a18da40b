import { writeFileSync } from 'node:fs';

/** A reporter of node:test that leaves `N passed, N failed` in the file that LINTEL_TOTALS names. */
export default async function* totals(events) {
  let passed = 0;
  let failed = 0;
  for await (const { type, data } of events) {
    const isSuite = data?.details?.type === 'suite';
    if (type === 'test:pass' && !isSuite && !data.skip) {
      passed += 1;
    } else if (type === 'test:fail' && !isSuite) {
      failed += 1;
    }
  }
  writeFileSync(process.env.LINTEL_TOTALS, `${passed} passed, ${failed} failed\n`);
  yield '';
}
