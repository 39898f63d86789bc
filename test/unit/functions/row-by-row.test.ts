import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { listFunctions } from '../../../src/functions/registry.js';

/** The overloads that a JavaScript function computes, row by row: as src/functions/README.md has them, by name. */
function listed(): ReadonlyMap<string, number> {
  const text = readFileSync(new URL('../../../../src/functions/README.md', import.meta.url), 'utf8');
  const table = text.slice(text.indexOf('## Row by row'));
  const counts = new Map<string, number>();
  for (const [, names] of table.matchAll(/^\| (`[^|]*) \|/gm)) {
    for (const [, name, count] of names!.matchAll(/`([^`]+)`(?: ×(\d+))?/g)) counts.set(name!, Number(count ?? 1));
  }
  return counts;
}

test('what TypeScript computes row by row is what the README lists', () => {
  const found = new Map<string, number>();
  for (const { name, overloads } of listFunctions().scalar) {
    const count = overloads.filter(({ implementation }) => implementation.kind === 'vector').length;
    if (count > 0) found.set(name, (found.get(name) ?? 0) + count);
  }
  const sorted = (counts: ReadonlyMap<string, number>): string[] =>
    [...counts].map(([name, count]) => `${name} ×${count}`).toSorted();
  assert.deepEqual(sorted(listed()), sorted(found));
});
