import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MillraceError } from '../../../src/common/errors.js';
import { STATUS_DECLINED } from '../../../src/exec/expression/argument-block.js';
import type { FunctionValue } from '../../../src/functions/function-types.js';
import {
  datetimeToChar,
  toDate,
  zonedFormatter,
  zonedReader,
} from '../../../src/functions/scalar/dates/datetime-formatting.js';
import { zoneBytes } from '../../../src/functions/zones/zone-layout.js';
import { requiredZone } from '../../../src/functions/zones/zone-of.js';
import { INTERVAL, type SqlType, TEXT, TIMESTAMP, TIMESTAMPTZ } from '../../../src/types/sql-type.js';
import { anyTemplate, templateAndText } from '../../support/datetime-templates.js';
import { fallbackOf } from '../../support/fallback-agreement.js';
import { PROPERTY_ROUNDS } from '../../support/property-rounds.js';
import { KernelMemory } from './kernel-memory.js';
import { fromInterval } from './value-arbitraries.js';

// Kernels do all that TypeScript does of templates, with the same result, and decline what it refuses.

const memory = new KernelMemory();
const { generated, scope } = memory;
const RUNS = { numRuns: 6000 * PROPERTY_ROUNDS };
const BERLIN = requiredZone('Europe/Berlin');
const UTC = requiredZone('UTC');
const readInZone = zonedReader();
const readDate = fallbackOf(toDate.overloads[0]!.implementation)!([TEXT, TEXT], TEXT);

type Call = (block: number, text: bigint, template: bigint) => unknown;

const readers: readonly { readonly kernel: Call; readonly twin: (text: string, template: string) => FunctionValue }[] =
  [
    {
      kernel: (...args) => generated.dateByTemplate(...args),
      twin: (text, template) => readDate([text, template]),
    },
    {
      kernel: (...args) => generated.timestampByTemplate(...args),
      twin: (text, template) => readInZone(UTC, text, template),
    },
    {
      kernel: (...args) => generated.zoneInstantByTemplate(...args, memory.bytes(zoneBytes(BERLIN))),
      twin: (text, template) => readInZone(BERLIN, text, template),
    },
  ];

function outcomeOf(read: () => FunctionValue): unknown {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return read();
  } catch (error) {
    assert.ok(error instanceof MillraceError && error.kind === 'user', String(error));
    return 'declined';
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

test('texts are read by templates of any kind', () => {
  let read = 0;
  fc.assert(
    fc.property(templateAndText, ({ template, text }) => {
      for (const { kernel, twin } of readers) {
        const expected = outcomeOf(() => twin(text, template));
        const block = memory.block(1000);
        const value = kernel(block.pointer, memory.text(Buffer.from(text)), memory.text(Buffer.from(template)));
        const status = block.takeStatus();
        scope.reset();
        const actual = status === STATUS_DECLINED ? 'declined' : value;
        // Halves of characters of UTF-16 are left to TypeScript.
        if (actual === 'declined' && text.includes('😀')) continue;
        assert.deepEqual(actual, expected, `${JSON.stringify(text)} by ${JSON.stringify(template)}`);
        if (expected !== 'declined') read++;
      }
    }),
    RUNS,
  );
  assert.ok(read > RUNS.numRuns / 3, `${read} of ${RUNS.numRuns} were read`);
});

const DAY = 86_400_000_000n;
const timestamp = fc.oneof(
  fc.bigInt(-800_000n * DAY, 200_000n * DAY),
  fc.bigInt(0n, 40_000n).map((days) => days * DAY),
  fc.bigInt(-210_866_803_200_000_000n, 9_223_371_331_199_999_999n),
);
const interval = fc.record({
  months: fc.oneof(fc.integer({ min: -30, max: 300 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
  days: fc.oneof(fc.integer({ min: -40, max: 400 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
  microseconds: fc.oneof(fc.bigInt(-DAY, 3n * DAY), fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)),
});

const formats = (type: SqlType, place: number): ((value: FunctionValue, template: string) => FunctionValue) => {
  const format = fallbackOf(datetimeToChar[place]!.implementation)!([type, TEXT], TEXT);
  return (value, template) => format([value, template]);
};
const formatInZone = zonedFormatter();
const [ofTimestamp, ofInstant, ofInterval] = [formats(TIMESTAMP, 0), formats(TIMESTAMPTZ, 1), formats(INTERVAL, 2)];

test('times and intervals are printed by templates of any kind', () => {
  fc.assert(
    fc.property(timestamp, interval, anyTemplate, (instant, span, template) => {
      const agree = (expected: unknown, kernel: (block: number, pattern: bigint) => bigint): void => {
        const block = memory.block(8000);
        const value = kernel(block.pointer, memory.text(Buffer.from(template)));
        const status = block.takeStatus();
        const actual = status === STATUS_DECLINED ? 'declined' : Buffer.from(memory.readText(value)).toString();
        scope.reset();
        // Declined are no errors only the NULL of no template, names of zones, and intervals of years before 1.
        if (actual === 'declined' && (template === '' || /tz|y,yyy/i.test(template))) return;
        assert.equal(
          actual,
          expected,
          `${instant}, ${JSON.stringify(String(span.months))} ${span.days} by ${JSON.stringify(template)}`,
        );
      };
      agree(ofTimestamp(instant, template), (block, pattern) => generated.timestampToChar(block, instant, pattern));
      agree(ofInstant(instant, template), (block, pattern) => generated.instantToChar(block, instant, pattern));
      agree(
        outcomeOf(() => formatInZone(BERLIN, 'Europe/Berlin', instant, template)),
        (block, pattern) => generated.zoneToChar(block, instant, pattern, memory.bytes(zoneBytes(BERLIN))),
      );
      agree(
        outcomeOf(() => ofInterval(span, template)),
        (block, pattern) => generated.intervalToChar(block, fromInterval(span), pattern),
      );
    }),
    RUNS,
  );
});
