import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { byWayOfText } from '../../../src/exec/expression/by-way-of-text.js';
import { castOf } from '../../../src/functions/casts/casts.js';
import { listFunctions } from '../../../src/functions/registry.js';
import { canCast } from '../../../src/types/coercion.js';
import { arrayOf, decimal, formatType, INTEGER, type SqlType, TEXT } from '../../../src/types/sql-type.js';

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

const types: readonly SqlType[] = [
  ...(['boolean', 'smallint', 'integer', 'bigint', 'real', 'double', 'text', 'varchar', 'date', 'time'] as const),
  ...(['timestamp', 'timestamptz', 'interval', 'uuid', 'json', 'jsonb', 'bytea'] as const),
]
  .map((kind): SqlType => ({ kind }))
  .concat([
    decimal(20, 3),
    { kind: 'varchar', length: 3 },
    { kind: 'char', length: 3 },
    arrayOf(INTEGER),
    arrayOf(arrayOf(TEXT)),
    { kind: 'struct', fields: [{ name: 'a', type: arrayOf({ kind: 'date' }) }] },
    { kind: 'struct', fields: [{ name: 'b', type: TEXT }] },
    { kind: 'map', key: TEXT, value: INTEGER },
    { kind: 'map', key: TEXT, value: { kind: 'date' } },
  ]);

test('no cast is done row by row, but those to maps that are errors', () => {
  const found: string[] = [];
  for (const from of types) {
    for (const type of types) {
      if (!canCast(from, type, 'explicit') || castOf(from, type).implementation.kind !== 'vector') continue;
      const cast = { kind: 'cast', type, input: { kind: 'column', type: from, column: 0 } } as const;
      if (byWayOfText(cast) === cast) found.push(`${formatType(from)} to ${formatType(type)}`);
    }
  }
  assert.deepEqual(
    found.filter((cast) => !/^(text|character.*) to map/.test(cast)),
    [],
  );
});
