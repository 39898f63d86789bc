import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { encodeDelta } from '../../../../src/kernels/reference/delta.js';
import { encodeHybrid } from '../../../../src/kernels/reference/parquet-encode.js';
import { type HandMadeColumn, type HandMadePage, handMadeFile } from './hand-made-file.js';
import { createEngine, readParquet, type TestValue } from './read-parquet.js';

const engine = createEngine(64 * 2 ** 20);
after(() => assert.equal(engine.shared.allocatedChunks, 0));

const [INT32, INT64, INT96, BYTE_ARRAY, FIXED] = [1, 2, 3, 6, 7];
const [PLAIN, RLE, BIT_PACKED, DELTA, DELTA_LENGTH, DELTA_STRINGS, RLE_DICTIONARY, SPLIT] = [0, 3, 4, 5, 6, 7, 8, 9];
const [CONVERTED_DECIMAL, CONVERTED_INTERVAL] = [5, 21];
const CODEC_GZIP = 2;
const [LOGICAL_UUID, LOGICAL_FLOAT16] = [14, 15];
const ROWS = 300;
const rows = Array.from({ length: ROWS }, (_, row) => row);

async function read(column: HandMadeColumn, pages: readonly HandMadePage[]): Promise<TestValue[]> {
  const file = handMadeFile(column, pages);
  const { columns } = await readParquet(file, engine, { windows: [70, 1, 2048] });
  const selected = await readParquet(file, engine, { windows: [70, 1, 2048], select: () => true });
  assert.deepEqual(selected.columns.get('x'), columns.get('x'));
  return columns.get('x')!;
}

const dataPage = (encoding: number, body: Uint8Array, rowCount = ROWS): HandMadePage => ({
  kind: 'data',
  rowCount,
  encoding,
  body,
});
const plainStrings = (strings: readonly Uint8Array[]): Buffer =>
  Buffer.concat(strings.flatMap((bytes) => [Uint8Array.from([bytes.length, 0, 0, 0]), bytes]));
const lengths = (values: readonly number[]): Uint8Array => encodeDelta(values.map(BigInt), 32);

/** DELTA_BYTE_ARRAY. */
function deltaStrings(strings: readonly Buffer[]): Buffer {
  const prefixes = strings.map((bytes, index) => {
    const previous = strings[index - 1] ?? Buffer.alloc(0);
    let prefix = 0;
    while (prefix < bytes.length && prefix < previous.length && bytes[prefix] === previous[prefix]) prefix++;
    return prefix;
  });
  const suffixes = strings.map((bytes, index) => bytes.subarray(prefixes[index]));
  return Buffer.concat([lengths(prefixes), lengths(suffixes.map((bytes) => bytes.length)), ...suffixes]);
}

/** BYTE_STREAM_SPLIT. */
function split(values: Uint8Array, width: number): Uint8Array {
  const count = values.length / width;
  return Uint8Array.from(values, (_, index) => values[(index % count) * width + Math.floor(index / count)]!);
}

test('strings: DELTA_BYTE_ARRAY and DELTA_LENGTH_BYTE_ARRAY', async () => {
  const strings = rows.map((row) => Buffer.from(`prefix ${Math.floor(row / 7)} ${'y'.repeat(row % 11)}`));
  const expected = strings.map((bytes) => bytes.toString('latin1'));
  assert.deepEqual(await read({ type: BYTE_ARRAY }, [dataPage(DELTA_STRINGS, deltaStrings(strings))]), expected);
  const body = Buffer.concat([lengths(strings.map((bytes) => bytes.length)), ...strings]);
  assert.deepEqual(await read({ type: BYTE_ARRAY }, [dataPage(DELTA_LENGTH, body)]), expected);
  for (const cut of [1, 20, body.length - 10]) {
    const broken = dataPage(DELTA_LENGTH, body.subarray(0, body.length - cut));
    await assert.rejects(read({ type: BYTE_ARRAY }, [broken]), { code: 'XX001', message: /column "x".* page 1/ });
  }
});

test('NULLs between delta-encoded strings, pages of both versions', async () => {
  const present = rows.filter((row) => row % 3 !== 1);
  const strings = present.map((row) => Buffer.from(`text ${row}`));
  const levels = encodeHybrid(
    rows.map((row) => Number(row % 3 !== 1)),
    1,
  );
  const prefixed = Buffer.concat([Uint8Array.from([levels.length, 0, 0, 0]), levels]);
  const expected = rows.map((row) => (row % 3 !== 1 ? `text ${row}` : null));
  const column = { type: BYTE_ARRAY, nullable: true };
  const pages: HandMadePage[] = [
    dataPage(DELTA_STRINGS, Buffer.concat([prefixed, deltaStrings(strings)])),
    { kind: 'data-v2', rowCount: ROWS, encoding: DELTA_STRINGS, levels, body: deltaStrings(strings) },
    dataPage(PLAIN, Buffer.concat([prefixed, plainStrings(strings)])),
  ];
  assert.deepEqual(await read(column, pages), [...expected, ...expected, ...expected]);
});

test('a page of version 2 may be stored as it is in a compressed column', async () => {
  const levels = encodeHybrid(
    rows.map((row) => row & 1),
    1,
  );
  const values = Buffer.from(Int32Array.from({ length: ROWS / 2 }, (_, index) => index * 3).buffer);
  const page = { kind: 'data-v2', rowCount: ROWS, encoding: PLAIN, levels } as const;
  const compressed = { ...page, body: gzipSync(values), uncompressedBodyLength: values.length };
  const stored = { ...page, body: values, isCompressed: false };
  const column = { type: INT32, nullable: true, codec: CODEC_GZIP };
  const expected = rows.map((row) => ((row & 1) === 1 ? ((row - 1) / 2) * 3 : null));
  assert.deepEqual(await read(column, [compressed, stored, { ...compressed, isCompressed: true }]), [
    ...expected,
    ...expected,
    ...expected,
  ]);
  await assert.rejects(read(column, [{ ...stored, isCompressed: true }]), { code: 'XX001', message: /page 1/ });
});

test('a chunk may change its encoding from page to page', async () => {
  const dictionary: HandMadePage = {
    kind: 'dictionary',
    rowCount: 4,
    encoding: PLAIN,
    body: Buffer.from(Int32Array.of(10, 20, 30, 40).buffer),
  };
  const codes = dataPage(
    RLE_DICTIONARY,
    Buffer.concat([
      Uint8Array.of(2),
      encodeHybrid(
        rows.map((row) => row % 4),
        2,
      ),
    ]),
  );
  const plain = dataPage(PLAIN, Buffer.from(Int32Array.from(rows).buffer));
  const delta = dataPage(
    DELTA,
    encodeDelta(
      rows.map((row) => BigInt(row * row)),
      32,
    ),
  );
  const streams = dataPage(SPLIT, split(Buffer.from(Int32Array.from(rows, (row) => -row).buffer), 4));
  const fromCodes = rows.map((row) => (row % 4) * 10 + 10);
  const pages = [dictionary, codes, plain, codes, delta, streams];
  const expected = [
    ...fromCodes,
    ...rows,
    ...fromCodes,
    ...rows.map((row) => row * row),
    ...rows.map((row) => 0 - row),
  ];
  assert.deepEqual(await read({ type: INT32 }, pages), expected);
  const { columns } = await readParquet(handMadeFile({ type: INT32 }, pages), engine, { useCodes: true });
  assert.deepEqual(columns.get('x'), expected);
  await assert.rejects(read({ type: INT32 }, [codes]), { code: 'XX001', message: /no dictionary page/ });
  const beyond = dataPage(
    RLE_DICTIONARY,
    Buffer.concat([
      Uint8Array.of(3),
      encodeHybrid(
        rows.map((row) => row % 5),
        3,
      ),
    ]),
  );
  await assert.rejects(read({ type: INT32 }, [dictionary, beyond]), { code: 'XX001', message: /beyond the 4 entries/ });
});

test('decimals as strings and as fixed bytes, whatever the encoding', async () => {
  const bigEndian = (value: number, width: number): Buffer => {
    const bytes = Buffer.alloc(width, value < 0 ? 0xff : 0);
    bytes.writeIntBE(value, width - 4, 4);
    return bytes;
  };
  const values = rows.map((row) => row * 12345 - 999_999);
  for (const [precision, width] of [
    [18, 8],
    [18, 5],
    [30, 13],
    [38, 16],
  ] as const) {
    const expected = values.map(BigInt);
    const decimal = { convertedType: CONVERTED_DECIMAL, precision, scale: 2 };
    const bytes = values.map((value) => bigEndian(value, width));
    const all = Buffer.concat(bytes);
    const asString = { type: BYTE_ARRAY, ...decimal };
    assert.deepEqual(await read(asString, [dataPage(PLAIN, plainStrings(bytes))]), expected);
    assert.deepEqual(await read(asString, [dataPage(DELTA_STRINGS, deltaStrings(bytes))]), expected);
    const asBytes = { type: FIXED, typeLength: width, ...decimal };
    assert.deepEqual(await read(asBytes, [dataPage(PLAIN, all)]), expected);
    assert.deepEqual(await read(asBytes, [dataPage(SPLIT, split(all, width))]), expected);
    assert.deepEqual(await read(asBytes, [dataPage(DELTA_STRINGS, deltaStrings(bytes))]), expected);
  }
  assert.deepEqual(
    await read({ type: INT32, convertedType: CONVERTED_DECIMAL, precision: 9, scale: 2 }, [
      dataPage(DELTA, encodeDelta(values.map(BigInt), 32)),
    ]),
    values.map(BigInt),
  );
});

test('INT96, intervals, half floats, uuids and raw bytes', async () => {
  const int96 = Buffer.alloc(24);
  int96.writeBigInt64LE(3_600_000_000_999n, 0);
  int96.writeInt32LE(2_440_588, 8);
  int96.writeBigInt64LE(1_000n, 12);
  int96.writeInt32LE(2_440_587, 20);
  assert.deepEqual(await read({ type: INT96 }, [dataPage(PLAIN, int96, 2)]), [3_600_000_000n, -86_399_999_999n]);

  const interval = Buffer.from(Uint32Array.of(14, 3, 5000).buffer);
  const intervals = { type: FIXED, typeLength: 12, convertedType: CONVERTED_INTERVAL };
  assert.deepEqual(await read(intervals, [dataPage(PLAIN, interval, 1)]), ['14 3 5000000']);

  const halves = Buffer.from(Uint16Array.of(0x3c00, 0xc000, 0x7c00, 1).buffer);
  const float16 = { type: FIXED, typeLength: 2, logicalType: LOGICAL_FLOAT16 };
  const expected = [1, -2, Number.POSITIVE_INFINITY, 2 ** -24];
  assert.deepEqual(await read(float16, [dataPage(PLAIN, halves, 4)]), expected);
  assert.deepEqual(await read(float16, [dataPage(SPLIT, split(halves, 2), 4)]), expected);

  const bytes = Buffer.from(rows.flatMap((row) => Array.from({ length: 16 }, (_, byte) => (row * 3 + byte) & 255)));
  const parts = rows.map((row) => bytes.subarray(row * 16, row * 16 + 16));
  const uuid = { type: FIXED, typeLength: 16, logicalType: LOGICAL_UUID };
  const raw = { type: FIXED, typeLength: 16 };
  for (const page of [
    dataPage(PLAIN, bytes),
    dataPage(SPLIT, split(bytes, 16)),
    dataPage(DELTA_STRINGS, deltaStrings(parts)),
  ]) {
    assert.deepEqual(
      await read(uuid, [page]),
      parts.map((part) => part.toString('hex')),
    );
    assert.deepEqual(
      await read(raw, [page]),
      parts.map((part) => part.toString('latin1')),
    );
  }
});

test('lies about counts are found', async () => {
  const plain = Buffer.from(BigInt64Array.from(rows, BigInt).buffer);
  for (const page of [
    dataPage(PLAIN, plain.subarray(8)),
    dataPage(DELTA, encodeDelta(rows.slice(1).map(BigInt), 64)),
    dataPage(DELTA, encodeDelta([...rows, 1].map(BigInt), 64)),
    dataPage(SPLIT, plain.subarray(8)),
    dataPage(SPLIT, Buffer.concat([plain, plain])),
    dataPage(RLE_DICTIONARY, Uint8Array.of(77)),
  ]) {
    await assert.rejects(read({ type: INT64 }, [page]), { code: 'XX001' });
  }
  await assert.rejects(read({ type: INT64 }, [dataPage(RLE, plain)]), { code: '0A000', message: /RLE of INT64/ });
  const levels: HandMadePage = { ...dataPage(PLAIN, plain), levelEncoding: BIT_PACKED };
  await assert.rejects(read({ type: INT64, nullable: true }, [levels]), { code: '0A000', message: /BIT_PACKED/ });
});
