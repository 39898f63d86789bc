import { BIGINT, TEXT } from '../../../types/sql-type.js';
import type {
  FunctionExample,
  KernelImplementation,
  ScalarFunction,
  ScalarOverloadDeclaration,
  VectorCreate,
} from '../../function-types.js';
import { sha224, sha256, sha384, sha512, sha512Constants } from './sha2.js';

// Checksums of bytes: kernels, and the TypeScript that is their twin and does what they leave.

const encoder = new TextEncoder();
const bytesOf = (value: unknown): Uint8Array =>
  typeof value === 'string' ? encoder.encode(value) : (value as Uint8Array);

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** FIPS 180-4, section 6.1. */
function sha1(message: Uint8Array): string {
  const bytes = new Uint8Array(((message.length + 8) >> 6) * 64 + 64);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const input = new DataView(bytes.buffer);
  input.setBigUint64(bytes.length - 8, BigInt(message.length) * 8n);
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  const words = new Int32Array(80);
  const rotate = (word: number, by: number): number => (word << by) | (word >>> (32 - by));
  for (let block = 0; block < bytes.length; block += 64) {
    for (let t = 0; t < 16; t++) words[t] = input.getInt32(block + t * 4);
    for (let t = 16; t < 80; t++) {
      words[t] = rotate(words[t - 3]! ^ words[t - 8]! ^ words[t - 14]! ^ words[t - 16]!, 1);
    }
    let [a, b, c, d, e] = state as [number, number, number, number, number];
    for (let t = 0; t < 80; t++) {
      const mixed = t < 20 ? (b & c) ^ (~b & d) : t < 40 || t >= 60 ? b ^ c ^ d : (b & c) ^ (b & d) ^ (c & d);
      const constant = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6][Math.floor(t / 20)]!;
      const next = (rotate(a, 5) + mixed + e + constant + words[t]!) | 0;
      [e, d, c, b, a] = [d, c, rotate(b, 30), a, next];
    }
    for (const [i, word] of [a, b, c, d, e].entries()) state[i] = (state[i]! + word) | 0;
  }
  return state.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

const digests = new Map([
  [224, sha224],
  [256, sha256],
  [0, sha256],
  [384, sha384],
  [512, sha512],
]);

const sha2: VectorCreate = () => (args) => {
  const digest = digests.get(args[1] as number);
  return digest === undefined ? null : hex(digest(bytesOf(args[0])));
};

const overloads = (
  returns: typeof TEXT | typeof BIGINT,
  create: VectorCreate,
  kernel: Pick<KernelImplementation, 'kernel'>,
): ScalarOverloadDeclaration[] =>
  (['text', 'bytea'] as const).map((kind) => ({
    args: [kind],
    returns,
    fallible: true,
    implementation: { kind: 'kernel', ...kernel, block: true, fallback: create },
  }));

/** Without a twin of its own: nothing is declined. */
const ofPolynomial = (polynomial: number): ScalarOverloadDeclaration[] =>
  (['text', 'bytea'] as const).map((kind) => ({
    args: [kind],
    returns: BIGINT,
    implementation: { kind: 'kernel', kernel: 'textChecksum', parameters: [polynomial | 0] },
  }));

const declare = (
  name: string,
  doc: string,
  example: FunctionExample,
  list: readonly ScalarOverloadDeclaration[],
  aliases: readonly string[] = [],
): ScalarFunction => ({ name, doc, example, aliases, overloads: list });

export const checksumFunctions: readonly ScalarFunction[] = [
  declare(
    'crc32',
    'The CRC-32 checksum of bytes, or of the bytes of a text.',
    { sql: "crc32('The quick brown fox jumps over the lazy dog.'::bytea)", result: '1368401385' },
    ofPolynomial(0xedb88320),
  ),
  declare(
    'crc32c',
    'The CRC-32C checksum of bytes, or of the bytes of a text.',
    { sql: "crc32c('The quick brown fox jumps over the lazy dog.'::bytea)", result: '419469235' },
    ofPolynomial(0x82f63b78),
  ),
  declare(
    'sha1',
    'The SHA-1 digest of a text or bytes, in hexadecimal, as Spark has it.',
    {
      sql: "sha1('millrace')",
      result: 'bb8585afdfb7db14694fefe63b578096821c398b',
    },
    overloads(
      TEXT,
      () =>
        ([value]) =>
          sha1(bytesOf(value)),
      { kernel: 'textSha1' },
    ),
    ['sha'],
  ),
  declare(
    'sha2',
    'The SHA-2 digest of a text or bytes in hexadecimal, of 224, 256, 384 or 512 bits, as Spark has it; 0 is 256.',
    { sql: "left(sha2('abc', 256), 8)", result: 'ba7816bf' },
    (['text', 'bytea'] as const).map((kind) => ({
      args: [kind, 'integer'],
      returns: TEXT,
      fallible: true,
      implementation: { kind: 'memory', kernel: 'textSha2', fallback: sha2, constant: sha512Constants },
    })),
  ),
];
