import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  cutText,
  fitColumns,
  formatHeader,
  formatRecord,
  formatTableRow,
  makePrintable,
  measureColumns,
  type TableColumn,
  type TableStyle,
} from '../../../src/cli/formats/table-layout.js';

const plain: TableStyle = { width: Number.POSITIVE_INFINITY, useColor: false };
const columns: readonly TableColumn[] = [
  { name: 'city', alignRight: false, mayBeCut: true },
  { name: 'flights', alignRight: true, mayBeCut: false },
];

test('numbers are aligned to the right, and wide characters take two columns', () => {
  const rows = [
    ['東京', '7'],
    ['Zürich', '1234567890'],
    [undefined, undefined],
  ];
  const widths = measureColumns(columns, rows);
  assert.deepEqual(widths, [6, 10]);
  const text =
    formatHeader(columns, widths, plain) + rows.map((row) => formatTableRow(row, columns, widths, plain)).join('');
  assert.equal(
    text,
    [
      ' city   │    flights',
      '────────┼────────────',
      ' 東京   │          7',
      ' Zürich │ 1234567890',
      ' NULL   │       NULL',
      '',
    ].join('\n'),
  );
});

test('NULL is dim on a terminal, which does not disturb the columns', () => {
  const style = { width: 80, useColor: true };
  assert.equal(formatTableRow([undefined, '1'], columns, [6, 3], style), ' \u001b[2mNULL\u001b[22m   │   1\n');
});

test('a table too wide is cut in its widest text columns, never in its numbers', () => {
  const wide: readonly TableColumn[] = [...columns, { name: 'comment', alignRight: false, mayBeCut: true }];
  const style = { width: 40, useColor: false };
  const widths = fitColumns(wide, [20, 10, 60], style)!;
  assert.equal(widths[1], 10);
  assert.equal(widths[0]! + widths[1]! + widths[2]! + 3 * 3 - 1, 40);
  const row = formatTableRow(['x'.repeat(20), '1', 'y'.repeat(60)], wide, widths, style);
  assert.ok(row.includes('…'));
  assert.ok(row.length <= 41, row);
});

test('a table that cannot be cut enough is shown as records', () => {
  const many = Array.from({ length: 12 }, (_, index) => ({
    name: `column_${index}`,
    alignRight: true,
    mayBeCut: false,
  }));
  assert.equal(fitColumns(many, new Array<number>(12).fill(10), { width: 80, useColor: false }), undefined);
  assert.equal(
    formatRecord(['a', undefined], 3, columns, { width: 20, useColor: false }),
    '─ row 3 ────────────\n city    │ a\n flights │ NULL\n',
  );
});

test('a single column is never cut, nor is anything when nobody looks at a screen', () => {
  assert.deepEqual(fitColumns([columns[0]!], [200], { width: 80, useColor: false }), [200]);
  assert.deepEqual(fitColumns(columns, [500, 500], plain), [500, 500]);
  assert.equal(formatTableRow(['too long', '1'], columns, [4, 1], plain), ' too long │ 1\n');
});

test('a row is one line, whatever is in it', () => {
  assert.equal(makePrintable('a\nb\r\nc\td\u0007'), 'a↵b↵c d·');
  assert.equal(cutText('abcdef', 4), 'abc…');
  assert.equal(cutText('東京都', 4), '東…');
  assert.equal(cutText('abc', 4), 'abc');
});
