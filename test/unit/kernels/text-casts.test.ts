import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { STATUS_HEAP } from '../../../src/exec/expression/argument-block.js';
import {
  formatDate,
  formatInterval,
  formatTime,
  formatTimestamp,
  formatValue,
} from '../../../src/kernels/reference/format.js';
import { decimal } from '../../../src/types/sql-type.js';
import { KernelMemory } from './kernel-memory.js';
import { fromInterval, i32s, i64s, i128s, intervals } from './value-arbitraries.js';

const memory = new KernelMemory();
const { generated, scope } = memory;
const decode = (view: bigint): string => Buffer.from(memory.readText(view)).toString();

function check<Values extends [unknown, ...unknown[]]>(property: fc.IPropertyWithHooks<Values>): void {
  fc.assert(
    property.afterEach(() => scope.reset()),
    { numRuns: 500 },
  );
}

test('values as text', () => {
  const scales = fc.nat(18);
  const wide = i128s.map((value) => value % 10n ** 38n);
  check(
    fc.property(i32s, i64s, wide, intervals, scales, fc.nat(38), (small, large, huge, interval, scale, wideScale) => {
      const bit = small & 1;
      const { pointer } = memory.block(2000);
      assert.equal(decode(generated.boolToText(pointer, bit)), bit === 1 ? 'true' : 'false');
      assert.equal(decode(generated.integerToText(pointer, small)), String(small));
      assert.equal(decode(generated.bigintToText(pointer, large)), String(large));
      assert.equal(decode(generated.dateToText(pointer, small)), formatDate(small));
      assert.equal(decode(generated.timestampToText(pointer, large, 0)), formatTimestamp(large, ''));
      assert.equal(decode(generated.timestampToText(pointer, large, 1)), formatTimestamp(large, '+00'));
      const time = BigInt.asUintN(63, large) % 86_400_000_001n;
      assert.equal(decode(generated.timeToText(pointer, time)), formatTime(time));
      assert.equal(decode(generated.intervalToText(pointer, fromInterval(interval))), formatInterval(interval));
      const uuid = new Uint8Array(new BigInt64Array([large, BigInt.asIntN(64, huge)]).buffer);
      const uuidValue = (BigInt.asIntN(64, huge) << 64n) | BigInt.asUintN(64, large);
      assert.equal(decode(generated.uuidToText(pointer, uuidValue)), formatValue({ kind: 'uuid' }, uuid));
      const narrow = large % 10n ** 18n;
      const printed = decode(generated.decimal64ToText(pointer, narrow, scale));
      assert.equal(printed, formatValue(decimal(18, scale), narrow));
      const widePrinted = decode(generated.decimal128ToText(pointer, huge, wideScale));
      assert.equal(widePrinted, formatValue(decimal(38, wideScale), huge));
    }),
  );
});

test('texts that follow each other on the heap stay whole, and a full heap says so', () => {
  check(
    fc.property(fc.array(i64s, { maxLength: 30 }), fc.nat(600), (values, room) => {
      const block = memory.block(room, 64);
      const written: [bigint, string][] = [];
      for (const value of values) {
        const view = generated.bigintToText(block.pointer, value);
        const status = block.takeStatus();
        if (status === STATUS_HEAP) break;
        assert.equal(status, 0);
        written.push([view, String(value)]);
      }
      for (const [view, text] of written) assert.equal(decode(view), text);
      if (room < 96) assert.equal(written.length, 0);
      if (room >= values.length * 96) assert.equal(written.length, values.length);
    }),
  );
});
