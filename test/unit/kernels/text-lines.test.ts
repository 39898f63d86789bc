import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatLine, type LineStyle } from '../../../src/kernels/reference/text-lines.js';
import { KernelMemory } from './kernel-memory.js';

const memory = new KernelMemory();
const { kernels, scope, shared } = memory;

const texts = fc.option(
  fc.oneof(
    fc.string({ unit: fc.constantFrom(...'ab,"\\\n\r\t;\u0001\u000bé'), maxLength: 40 }),
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.constantFrom('', '\\.', 'NaN', '-Infinity', '1.5', 't', 'f', 'NULL', '\\N'),
  ),
  { nil: null },
);
const STYLES = ['csv', 'text', 'json'] as const;
const JSON_KINDS = ['text', 'number', 'boolean', 'json'] as const;

/** DataRow messages, as `encodePostgresRows` writes them. */
function dataRows(rows: readonly (readonly (string | null)[])[]): Buffer {
  return Buffer.concat(
    rows.map((values) => {
      const fields = values.map((value) => {
        const bytes = Buffer.from(value ?? '');
        const length = Buffer.alloc(4);
        length.writeInt32BE(value === null ? -1 : bytes.length);
        return Buffer.concat([length, bytes]);
      });
      const body = Buffer.concat(fields);
      const head = Buffer.alloc(7);
      head.write('D');
      head.writeInt32BE(6 + body.length, 1);
      head.writeInt16BE(values.length, 5);
      return Buffer.concat([head, body]);
    }),
  );
}

function write(text: string): [pointer: number, byteLength: number] {
  const bytes = Buffer.from(text);
  return [memory.bytes(bytes), bytes.length];
}

test('rows become lines as by the twin, framed or not', () => {
  const cases = fc.record({
    rows: fc
      .integer({ min: 1, max: 4 })
      .chain((count) =>
        fc.array(fc.array(texts, { minLength: count, maxLength: count }), { minLength: 1, maxLength: 5 }),
      ),
    style: fc.constantFrom(...STYLES),
    delimiter: fc.constantFrom(',', ';', '\t'),
    escapeCharacter: fc.constantFrom('"', '\\'),
    nullText: fc.constantFrom('', 'NULL', '\\N'),
    isQuoted: fc.boolean(),
    isFramed: fc.boolean(),
  });
  fc.assert(
    fc.property(cases, ({ rows, style, delimiter, escapeCharacter, nullText, isQuoted, isFramed }) => {
      const names = rows[0]!.map((_, index) => `c "${index}"`);
      const kinds = names.map((_, index) =>
        style === 'json' ? JSON_KINDS[index % 4]! : style === 'csv' && isQuoted ? 'quoted' : 'plain',
      );
      const line: LineStyle = { style, delimiter, quote: '"', escapeCharacter, nullText, kinds, names };
      const columns = scope.allocateCleared(names.length * 16);
      for (const [index, kind] of kinds.entries()) {
        const key = write(`${index === 0 ? '{' : ','}${JSON.stringify(names[index])}:`);
        const number = style === 'json' ? JSON_KINDS.indexOf(kind as (typeof JSON_KINDS)[number]) : Number(isQuoted);
        shared.u32.set([number, ...key], columns / 4 + index * 4);
      }
      const task = scope.allocateCleared(20);
      const bytes = [delimiter, '"', escapeCharacter].map((text) => text.charCodeAt(0));
      shared.u8.set([STYLES.indexOf(style), ...bytes], task);
      shared.u32.set([Number(isFramed), columns, ...write(nullText)], task / 4 + 1);
      const encoded = dataRows(rows);
      const source = memory.bytes(encoded);
      const target = scope.allocate(encoded.length * 6 + rows.length * 400);
      const length = kernels.encodeLines(source, source + encoded.length, task, target);
      const expected = rows.map((values) => {
        const bytes = Buffer.from(formatLine(values, line));
        if (!isFramed) return bytes;
        const head = Buffer.alloc(5);
        head.write('d');
        head.writeInt32BE(4 + bytes.length, 1);
        return Buffer.concat([head, bytes]);
      });
      assert.equal(
        Buffer.from(shared.u8.slice(target, target + length)).toString('latin1'),
        Buffer.concat(expected).toString('latin1'),
      );
      scope.reset();
    }),
    { numRuns: 2000 },
  );
});
