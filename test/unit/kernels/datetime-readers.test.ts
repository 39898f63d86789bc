import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MillraceError } from '../../../src/common/errors.js';
import { STATUS_DECLINED, STATUS_REJECTED, STATUS_ZONE } from '../../../src/exec/expression/argument-block.js';
import { ZoneNames } from '../../../src/exec/expression/zone-names.js';
import { parseInterval } from '../../../src/functions/casts/datetime/parse-interval.js';
import { parseDate, parseTime, parseTimestamp } from '../../../src/functions/casts/datetime/parse-timestamp.js';
import { abbreviationOffset } from '../../../src/functions/zones/zone-abbreviations.js';
import { zoneBytes } from '../../../src/functions/zones/zone-layout.js';
import { canonicalZoneName } from '../../../src/functions/zones/zone-names.js';
import { requiredZone } from '../../../src/functions/zones/zone-of.js';
import { dateTimeText, intervalText } from '../../support/datetime-texts.js';
import { PROPERTY_ROUNDS } from '../../support/property-rounds.js';
import { KernelMemory } from './kernel-memory.js';
import { toInterval } from './value-arbitraries.js';

// Kernels read all that TypeScript reads, with the same result, and reject all that it refuses.

const memory = new KernelMemory();
const { generated, kernels, scope, shared } = memory;
const RUNS = { numRuns: 3000 * PROPERTY_ROUNDS };
const BERLIN = requiredZone('Europe/Berlin');

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];
const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** All that are so short, and longer ones. */
const ABBREVIATIONS = [
  ...LETTERS.flatMap((a) =>
    ['', ...LETTERS].flatMap((b) => ['', ...LETTERS].flatMap((c) => ['', ...LETTERS].map((d) => a + b + c + d))),
  ).filter((word) => abbreviationOffset(word) !== undefined),
  ...words(`azost wetdst cetdst metdst eetdst easst omsst yekst almst krast novst irkst acwst awsst ulast acsst vlast
    aesst magst anast petst chast chadt`),
];

const DATE_WORDS =
  words(`january february march april may june july august september october november december jan feb mar
  apr jun jul aug sep sept oct nov dec sun sunday mon monday tue tues tuesday wed weds wednesday thu thur thurs thursday
  fri friday sat saturday am pm ad bc at on t dst j jd julian d dow doy h isodow isoyear m mm s y allballs epoch infinity
  +infinity -infinity +x septembre wednesdaz yesterdax infinityx`);

const UNITS = words(`microsecon us usec usecond useconds usecs millisecon ms msec msecond mseconds msecs s sec second
  seconds secs m min mins minute minutes h hour hours hr hrs d day days w week weeks mon mons month months y year years
  yr yrs dec decade decades decs c cent centuries century mil millennia millennium mils ago at on infinity -infinity
  +infinity microsecond millisecondss centurie centuriesx millennial fortnight`);

/** Links of the tz database, which Intl does not list, and rules after POSIX. */
const LINKS = words(`Cuba Egypt Eire GB GB-Eire Greenwich Hongkong Iceland Iran Israel Jamaica Japan Kwajalein Libya
  Navajo NZ NZ-CHAT Poland Portugal PRC ROC ROK Singapore Turkey Universal W-SU EST5EDT CST6CDT MST7MDT PST8PDT GMT+0
  GMT-0 GMT0 US/Eastern Brazil/East Canada/Pacific Chile/Continental Mexico/General Etc/GMT+5 Etc/Zulu`);

/** Rules of two offsets, and what looks like one. */
const RULES =
  words(`EST5EDT x5y x5:30y x5:3y x5:345 a1b2 a-3b+4 a1b-2 x200y x5y200 x5y9 x05:30y x5.0 a1b2c x5:30:15y4 x5y4z
  x5/y x5:60y a+1b+2 _1_ x.5.6`);

type Read = (block: number, text: bigint) => unknown;

interface Reader {
  readonly name: string;
  readonly kernel: Read;
  readonly twin: (text: string) => unknown;
}

const dateTimeReaders: readonly Reader[] = [
  { name: 'date', kernel: (block, text) => generated.textToDate(block, text), twin: (text) => parseDate(text) },
  { name: 'time', kernel: (block, text) => generated.textToTime(block, text), twin: (text) => parseTime(text) },
  {
    name: 'timestamp',
    kernel: (block, text) => generated.textToTimestamp(block, text, 0),
    twin: (text) => parseTimestamp(text, 'timestamp'),
  },
  {
    name: 'timestamptz',
    kernel: (block, text) => generated.textToTimestamp(block, text, 1),
    twin: (text) => parseTimestamp(text, 'timestamptz'),
  },
  {
    name: 'timestamptz in Berlin',
    kernel: (block, text) => generated.zoneInstantOfText(block, text, memory.bytes(zoneBytes(BERLIN))),
    twin: (text) => parseTimestamp(text, 'timestamptz', BERLIN),
  },
];

const intervalReader: Reader = {
  name: 'interval',
  kernel: (block, text) => toInterval(generated.textToInterval(block, text) as bigint),
  twin: (text) => parseInterval(text),
};

type Outcome = { readonly value: unknown } | 'rejected' | 'declined';

function byKernel({ kernel }: Reader, text: string): Outcome {
  const block = memory.block(1000);
  const names = new ZoneNames(shared, scope, block.pointer);
  const view = memory.text(Buffer.from(text));
  let value = kernel(block.pointer, view);
  let status = block.takeStatus();
  if (status === STATUS_ZONE) {
    names.answer();
    kernels.putZone(block.pointer);
    value = kernel(block.pointer, view);
    status = block.takeStatus();
  }
  scope.reset();
  if (status === STATUS_DECLINED) return 'declined';
  if (status === STATUS_REJECTED) return 'rejected';
  assert.equal(status, 0);
  return { value };
}

function byTwin({ twin }: Reader, text: string): Outcome {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return { value: twin(text) };
  } catch (error) {
    assert.ok(error instanceof MillraceError && error.kind === 'user', `${JSON.stringify(text)}: ${error}`);
    return 'rejected';
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function agree(reader: Reader, text: string): void {
  assert.deepEqual(byKernel(reader, text), byTwin(reader, text), `${reader.name} of ${JSON.stringify(text)}`);
}

test('dates and times of any form', () => {
  fc.assert(
    fc.property(dateTimeText, (text) => {
      for (const reader of dateTimeReaders) agree(reader, text);
    }),
    RUNS,
  );
});

test('every word of dates', () => {
  for (const word of [...ABBREVIATIONS, ...DATE_WORDS]) {
    for (const text of [
      word,
      `2024-03-05 10:00 ${word}`,
      `${word} 5 2024`,
      `10:00${word}`,
      `2024-${word}-05`,
      `${word}8`,
    ]) {
      for (const reader of dateTimeReaders) agree(reader, text);
    }
  }
});

test('names of zones, and what begins like them', () => {
  // Readers find names in the same way: they take turns.
  for (const [i, name] of [...Intl.supportedValuesOf('timeZone'), ...LINKS].entries()) {
    assert.notEqual(canonicalZoneName(name), undefined, name);
    agree(dateTimeReaders[i % dateTimeReaders.length]!, `2024-07-05 10:00 ${name}`);
  }
  const others = words('x europa n/a nz- gb-eir japans utcx x_y a/b usa/x x-1-2 Europe/Nowhere US/ Europe//Berlin');
  for (const word of [...others, ...RULES, 'Europe/Berlin']) {
    const texts = [`2024-07-05 10:00 ${word}`, `10:00 ${word}`, `${word} 2024-01-05`, `0001-01-01 ${word}`];
    const more = [`2024-10-27 02:30 ${word} dst`, `294247-01-01 23:59:59 ${word}`, `infinity ${word}`, `5 ${word} BC`];
    for (const text of [...texts, ...more, `2024-07-05 ${word} ${word}`, `99999-03-31 02:30${word}`])
      for (const reader of dateTimeReaders) agree(reader, text);
  }
});

test('a zone is asked for once', () => {
  const block = memory.block(100_000);
  const names = new ZoneNames(shared, scope, block.pointer);
  const asked: string[] = [];
  for (let round = 0; round < 3; round++) {
    for (const name of ['Europe/Berlin', 'europe/berlin', 'EST5EDT', 'Europe/Nowhere', 'US/Pacific']) {
      for (const { kernel } of dateTimeReaders) {
        const view = memory.text(Buffer.from(`2024-07-05 10:00 ${name}`));
        kernel(block.pointer, view);
        if (block.takeStatus() !== STATUS_ZONE) continue;
        asked.push(name);
        names.answer();
        kernels.putZone(block.pointer);
      }
    }
  }
  assert.deepEqual(asked, ['Europe/Berlin', 'EST5EDT', 'Europe/Nowhere', 'US/Pacific']);
  scope.reset();
});

test('what the clock has to be asked for, and texts longer than any date, are left to TypeScript', () => {
  for (const text of ['now', 'today', 'TOMORROW', 'yesterday 10:00', `2024-01-01${' '.repeat(300)}`]) {
    assert.equal(byKernel(dateTimeReaders[2]!, text), 'declined');
  }
  assert.equal(byKernel(dateTimeReaders[2]!, 'now 2024-01-01'), 'rejected');
});

test('intervals of any form', () => {
  fc.assert(
    fc.property(intervalText, (text) => agree(intervalReader, text)),
    RUNS,
  );
});

test('every unit of intervals', () => {
  for (const word of UNITS) {
    for (const text of [`1 ${word}`, `-1.5${word} ago`, `${word} 1`, `${word}x 1`, `1 ${word}s`])
      agree(intervalReader, text);
  }
});
