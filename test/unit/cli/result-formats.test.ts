import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCsvRow } from '../../../src/cli/formats/csv-writer.js';
import { createValueFormatter, formatJsonRow } from '../../../src/cli/formats/json-writer.js';
import { decodeTextRows } from '../../../src/exec/result/decode-text-rows.js';
import { encodeDataRow } from '../../../src/kernels/reference/postgres-text.js';
import type { SqlType } from '../../../src/types/sql-type.js';

test('rows are decoded from DataRow messages', () => {
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  const bytes = Buffer.concat([encodeDataRow([text('größe'), null]), encodeDataRow([text(''), text('2')])]);
  assert.deepEqual(
    [...decodeTextRows(bytes)].map((row) => [row[0], row[1]]),
    [
      ['größe', undefined],
      ['', '2'],
    ],
  );
});

test('CSV: NULL is empty, the empty string is quoted, quotes are doubled', () => {
  assert.equal(
    formatCsvRow(['a', undefined, '', 'x,y', 'say "hi"', 'two\nlines']),
    'a,,"","x,y","say ""hi""","two\nlines"\n',
  );
  assert.equal(formatCsvRow(['\\.']), '"\\."\n');
});

test('JSON: numbers keep their digits, what JSON has no number for is text', () => {
  const row = (type: SqlType, value: string | undefined): string =>
    formatJsonRow([createValueFormatter({ name: 'v', type })], [value]);
  assert.equal(row({ kind: 'bigint' }, '9223372036854775807'), '{"v":9223372036854775807}');
  assert.equal(row({ kind: 'decimal', precision: 9, scale: 2 }, '-0.10'), '{"v":-0.10}');
  assert.equal(row({ kind: 'double' }, '1e+20'), '{"v":1e+20}');
  assert.equal(row({ kind: 'double' }, 'NaN'), '{"v":"NaN"}');
  assert.equal(row({ kind: 'double' }, '-Infinity'), '{"v":"-Infinity"}');
  assert.equal(row({ kind: 'boolean' }, 't'), '{"v":true}');
  assert.equal(row({ kind: 'jsonb' }, '{"a": [1]}'), '{"v":{"a": [1]}}');
  assert.equal(row({ kind: 'text' }, 'say "hi"\n'), '{"v":"say \\"hi\\"\\n"}');
  assert.equal(row({ kind: 'text' }, undefined), '{"v":null}');
});
