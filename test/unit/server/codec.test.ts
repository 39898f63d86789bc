import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { serialize } from 'pg-protocol';
import { encodeBinary } from '../../../src/kernels/reference/format.js';
import { characterPosition } from '../../../src/server/protocol/error-fields.js';
import { FrontendDecoder } from '../../../src/server/protocol/frontend-decoder.js';
import type { FrontendMessage } from '../../../src/server/protocol/frontend-messages.js';
import { decodeParameter } from '../../../src/server/protocol/parameter-values.js';
import { createScramVerifier, ScramExchange } from '../../../src/server/protocol/scram.js';
import { parseOptions, StartupNegotiation } from '../../../src/server/protocol/startup-negotiation.js';
import { decimal } from '../../../src/types/sql-type.js';

function regularDecoder(maxMessageBytes = 1 << 20): FrontendDecoder {
  const decoder = new FrontendDecoder(maxMessageBytes);
  decoder.phase = 'regular';
  return decoder;
}

function decodeAll(decoder: FrontendDecoder): FrontendMessage[] {
  const messages: FrontendMessage[] = [];
  for (let message = decoder.next(); message !== undefined; message = decoder.next()) messages.push(message);
  return messages;
}

const CONVERSATION = [
  serialize.query('select 1'),
  serialize.parse({ name: 's', text: 'select $1, $2', types: [23, 0] }),
  serialize.bind({ portal: 'p', statement: 's', values: ['1', null], binary: true }),
  serialize.describe({ type: 'P', name: 'p' }),
  serialize.execute({ portal: 'p', rows: 10 }),
  serialize.close({ type: 'S', name: 's' }),
  serialize.flush(),
  serialize.sync(),
  serialize.end(),
];

test('what pg-protocol writes is read back, however the bytes are cut', () => {
  const bytes = Buffer.concat(CONVERSATION);
  const whole = regularDecoder();
  whole.push(bytes);
  const expected = decodeAll(whole);
  assert.deepEqual(
    expected.map(({ kind }) => kind),
    ['query', 'parse', 'bind', 'describe', 'execute', 'close', 'flush', 'sync', 'terminate'],
  );
  assert.deepEqual(expected[2], {
    kind: 'bind',
    portal: 'p',
    statement: 's',
    parameterFormats: [0, 0],
    parameters: [Buffer.from('1'), null],
    resultFormats: [1],
  });
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 20 }), (cuts) => {
      const decoder = regularDecoder();
      const messages: FrontendMessage[] = [];
      let position = 0;
      for (const cut of cuts) {
        decoder.push(bytes.subarray(position, position + cut));
        position += cut;
        messages.push(...decodeAll(decoder));
      }
      decoder.push(bytes.subarray(position));
      messages.push(...decodeAll(decoder));
      assert.deepEqual(messages, expected);
      assert.equal(decoder.bufferedBytes, 0);
    }),
    { numRuns: 50 },
  );
});

test('random and damaged bytes end in an error or in waiting, never in a crash', () => {
  const good = Buffer.concat(CONVERSATION);
  const damaged = fc
    .array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
    .map((changes) => {
      const bytes = Buffer.from(good);
      for (const [position, value] of changes) bytes[position] = value;
      return bytes;
    });
  const random = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
  const phase = fc.constantFrom<'startup' | 'regular' | 'authentication'>('startup', 'regular', 'authentication');
  fc.assert(
    fc.property(fc.oneof(damaged, random), phase, (bytes, startPhase) => {
      const decoder = new FrontendDecoder(1 << 16);
      decoder.phase = startPhase;
      decoder.push(bytes);
      try {
        assert.ok(decodeAll(decoder).length <= bytes.length);
      } catch (error) {
        assert.match((error as { code: string }).code, /^(08P01|22021|54000)$/);
      }
    }),
    { numRuns: 2000 },
  );
});

test('a body that contradicts its length is an error at its place; the next message is read', () => {
  const decoder = regularDecoder();
  const bad = serialize.query('select 1');
  bad[bad.length - 1] = 0x31; // no terminating zero
  decoder.push(Buffer.concat([bad, serialize.sync()]));
  const messages = decodeAll(decoder);
  assert.deepEqual(
    messages.map(({ kind }) => kind),
    ['malformed', 'sync'],
  );
});

test('messages are limited: 10,000 bytes before authentication, then as told', () => {
  const decoder = new FrontendDecoder(100_000);
  decoder.push(Buffer.from([0, 0, 0x27, 0x11, 0, 3, 0, 0]));
  assert.throws(() => decoder.next(), { code: '08P01' });
  const authenticating = new FrontendDecoder(100_000);
  authenticating.phase = 'authentication';
  authenticating.push(Buffer.from([0x70, 0, 1, 0, 0]));
  assert.throws(() => authenticating.next(), { code: '08P01' });
  const regular = regularDecoder(1000);
  regular.push(Buffer.from([0x51, 0, 0, 0x10, 0]));
  assert.throws(() => regular.next(), { code: '54000' });
  const browser = new FrontendDecoder(1000);
  browser.push(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
  assert.throws(() => browser.next(), { code: '08P01' });
});

test('start-up: encryption is asked for once each way; versions and options are negotiated', () => {
  const negotiation = new StartupNegotiation(false);
  assert.deepEqual(negotiation.next({ kind: 'gss-request' }), { kind: 'answer', byte: 'N' });
  assert.deepEqual(negotiation.next({ kind: 'ssl-request' }), { kind: 'answer', byte: 'N' });
  assert.throws(() => negotiation.next({ kind: 'ssl-request' }), { code: '0A000' });
  const start = negotiation.next({
    kind: 'startup',
    major: 3,
    minor: 9,
    parameters: new Map([
      ['user', 'ann'],
      ['client_encoding', "'utf-8'"],
      ['options', '-c geqo=off --search-path=a\\ b'],
      ['_pq_.x', '1'],
    ]),
  });
  assert.deepEqual(start, {
    kind: 'start',
    request: {
      user: 'ann',
      database: 'ann',
      settings: new Map([
        ['geqo', 'off'],
        ['search_path', 'a b'],
        ['client_encoding', 'utf-8'],
      ]),
    },
    minor: 2,
    negotiate: true,
    unknownOptions: ['_pq_.x'],
  });
  const parameters = new Map<string, string>();
  assert.throws(() => negotiation.next({ kind: 'startup', major: 2, minor: 0, parameters }), { code: '0A000' });
  assert.throws(() => negotiation.next({ kind: 'startup', major: 3, minor: 0, parameters }), { code: '28000' });
  assert.throws(() => parseOptions('-x'), { code: '42601' });
});

test('SCRAM: the exchange of RFC 7677, section 3', () => {
  const verifier = createScramVerifier('pencil', Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'));
  const exchange = (): ScramExchange => new ScramExchange(verifier, '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0');
  const first = 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO';
  const final =
    'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=';
  const right = exchange();
  assert.equal(
    right.start(first),
    'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
  );
  assert.equal(right.finish(final), 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=');
  const wrong = exchange();
  wrong.start(first);
  assert.equal(wrong.finish(final.replace('p=dHz', 'p=aHz')), undefined);
  const replayed = exchange();
  replayed.start(first);
  assert.throws(() => replayed.finish(final.replace('k0,p=', 'k1,p=')), { code: '08P01' });
  assert.throws(() => exchange().start('p=tls-server-end-point,,n=,r=abc'), { code: '08P01' });
  assert.throws(() => exchange().start('garbage'), { code: '08P01' });
});

test('binary parameters become values, whatever their bytes', () => {
  const numeric = decimal(38, 6);
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 37n), max: 10n ** 37n }), (value) => {
      const text = decodeParameter(encodeBinary(numeric, value), 1700, 1, 1) as string;
      assert.equal(BigInt(text.replace('.', '')), value);
      assert.match(text, /\.\d{6}$/);
    }),
  );
  assert.equal(decodeParameter(encodeBinary({ kind: 'date' }, 20_534), 1082, 1, 1), '2026-03-22');
  assert.equal(decodeParameter(encodeBinary({ kind: 'timestamp' }, 1n), 1114, 1, 1), '1970-01-01 00:00:00.000001');
  assert.equal(decodeParameter(encodeBinary({ kind: 'bigint' }, -5n), 20, 1, 1), -5n);
  assert.throws(() => decodeParameter(Buffer.from([1, 2]), 23, 1, 3), { code: '22P03', message: /parameter 3/ });
  assert.throws(() => decodeParameter(Buffer.from([0xff]), 25, 0, 1), { code: '22021' });
  fc.assert(
    fc.property(
      fc.constantFrom(16, 17, 20, 21, 23, 25, 700, 1082, 1083, 1114, 1186, 1700, 2950, 3802, 99),
      fc.uint8Array({ maxLength: 40 }),
      (oid, bytes) => {
        try {
          decodeParameter(bytes, oid, 1, 1);
        } catch (error) {
          assert.match((error as { code: string }).code, /^(22P03|22021|22008|0A000|XX000)$/);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('positions count characters, not UTF-16 code units', () => {
  assert.equal(characterPosition('select x', 7), 8);
  assert.equal(characterPosition("select '😀', x", 12), 12);
  assert.equal(characterPosition('', 0), 1);
  assert.equal(characterPosition('ab', 99), 3);
});
