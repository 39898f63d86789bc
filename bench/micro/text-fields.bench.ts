// Fields of text files read as values: kernels, and `parseValue`, which reads what they decline.
import { parseValue } from '../../src/functions/casts/parse-value.js';
import { powersOfTenTable } from '../../src/kernels/constant-tables.js';
import { loadKernels } from '../../src/kernels/kernels.js';
import { BIGINT, BOOLEAN, DATE, DOUBLE, decimal, INTEGER, type SqlType, TIMESTAMP } from '../../src/types/sql-type.js';
import { Scope } from '../../src/vector/scope.js';
import { SharedMemory } from '../../src/vector/shared-memory.js';
import { createRandomStream, drawInteger } from '../tpch/random.js';
import { type Candidate, compareCandidates, type MicroBenchmark } from './micro-benchmark.js';

const ROWS = 4096;

export const benchmark: MicroBenchmark = async () => {
  const shared = SharedMemory.create(2 ** 24);
  const kernels = loadKernels(shared.memory);
  const powers = powersOfTenTable(shared);
  const scope = new Scope(shared, shared.createOwner());
  const [target, validity, declined] = [ROWS * 16, ROWS, ROWS * 4].map((bytes) => scope.allocate(bytes)) as [
    number,
    number,
    number,
  ];
  const work = scope.allocate(1024);
  shared.u8.fill(1, validity, validity + ROWS);
  const random = createRandomStream('micro text fields');
  let draws = 0;
  const draw = (least: number, most: number): number => drawInteger(random, draws++, least, most);
  const pad = (value: number): string => String(value).padStart(2, '0');
  const day = (): string => `20${pad(draw(0, 29))}-${pad(draw(1, 12))}-${pad(draw(1, 28))}`;
  const time = (): string => `${pad(draw(0, 23))}:${pad(draw(0, 59))}:${pad(draw(0, 59))}.${draw(100_000, 999_999)}`;
  const cents = (): string => `${draw(-99_999, 99_999)}.${pad(draw(0, 99))}`;
  type Read = (fields: number) => number;
  const columns: readonly (readonly [string, SqlType, () => string, Read])[] = [
    [
      'integer',
      INTEGER,
      () => String(draw(-999_999, 999_999)),
      (fields) => kernels.fieldsToIntegers(fields, ROWS, 4, -(2n ** 31n), 2n ** 31n - 1n, target, validity, declined),
    ],
    [
      'bigint',
      BIGINT,
      () => `${draw(1, 999_999_999)}${draw(100_000_000, 999_999_999)}`,
      (fields) => kernels.fieldsToIntegers(fields, ROWS, 8, -(2n ** 63n), 2n ** 63n - 1n, target, validity, declined),
    ],
    [
      'numeric(12,2)',
      decimal(12, 2),
      cents,
      (fields) => kernels.fieldsToDecimals(fields, ROWS, 8, 12, 2, target, validity, declined),
    ],
    [
      'double precision',
      DOUBLE,
      cents,
      (fields) => kernels.fieldsToDoubles(fields, ROWS, target, validity, declined, powers),
    ],
    [
      'boolean',
      BOOLEAN,
      () => (draw(0, 1) === 1 ? 'true' : 'false'),
      (fields) => kernels.fieldsToBooleans(fields, ROWS, target, validity, declined),
    ],
    ['date', DATE, day, (fields) => kernels.fieldsToDates(fields, ROWS, target, validity, declined, work)],
    [
      'timestamp',
      TIMESTAMP,
      () => `${day()} ${time()}`,
      (fields) => kernels.fieldsToTimestamps(fields, ROWS, 0, 0, target, validity, declined, work),
    ],
  ];
  const candidates = columns.flatMap(([name, type, make, read]): Candidate[] => {
    const texts = Array.from({ length: ROWS }, make);
    const fields = scope.allocate(ROWS * 8);
    texts.forEach((text, row) => {
      const bytes = Buffer.from(text);
      const pointer = scope.allocate(bytes.length);
      shared.u8.set(bytes, pointer);
      shared.u32.set([pointer, bytes.length], fields / 4 + row * 2);
    });
    if (read(fields) !== 0) throw new Error(`the kernel declined fields of type ${name}`);
    return [
      { name, run: () => read(fields) },
      { name: `${name}, in TypeScript`, run: () => texts.filter((text) => parseValue(text, type) !== null).length },
    ];
  });
  return compareCandidates(candidates, { title: 'fields of text files', rowCount: ROWS, rounds: 5, roundMs: 10 });
};
