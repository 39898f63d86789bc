import { notSupportedError, userError } from '../../../common/errors.js';
import { doubleByteTable } from './double-byte-tables.js';

/*
 * Texts as bytes of other encodings. Those of one byte a character go both ways, by a table; of those with more only
 * texts are made, by TextDecoder.
 */

/** PostgreSQL's names, and those of the Encoding Standard, which TextDecoder knows. */
const LABELS: Readonly<Record<string, string>> = {
  UTF8: 'utf-8',
  LATIN1: '',
  SQLASCII: '',
  LATIN2: 'iso-8859-2',
  LATIN3: 'iso-8859-3',
  LATIN4: 'iso-8859-4',
  LATIN6: 'iso-8859-10',
  LATIN7: 'iso-8859-13',
  LATIN8: 'iso-8859-14',
  LATIN9: 'iso-8859-15',
  LATIN10: 'iso-8859-16',
  ISO88595: 'iso-8859-5',
  ISO88596: 'iso-8859-6',
  ISO88597: 'iso-8859-7',
  ISO88598: 'iso-8859-8',
  WIN866: 'ibm866',
  WIN874: 'windows-874',
  WIN1250: 'windows-1250',
  WIN1251: 'windows-1251',
  WIN1252: 'windows-1252',
  WIN1253: 'windows-1253',
  WIN1254: 'windows-1254',
  WIN1255: 'windows-1255',
  WIN1256: 'windows-1256',
  WIN1257: 'windows-1257',
  WIN1258: 'windows-1258',
  KOI8R: 'koi8-r',
  KOI8U: 'koi8-u',
  EUCJP: 'euc-jp',
  EUCKR: 'euc-kr',
  SJIS: 'shift_jis',
  BIG5: 'big5',
  GBK: 'gbk',
  GB18030: 'gb18030',
};

const OTHER_NAMES: Readonly<Record<string, string>> = {
  UNICODE: 'UTF8',
  ISO88591: 'LATIN1',
  ISO88592: 'LATIN2',
  ISO885915: 'LATIN9',
  WINDOWS1250: 'WIN1250',
  WINDOWS1251: 'WIN1251',
  WINDOWS1252: 'WIN1252',
  SHIFTJIS: 'SJIS',
};

/** Hosts differ in what they make of 0x80 … 0x9f in windows-1252. */
const WIN1252_FROM_80 = ['€', '', ...'‚ƒ„…†‡ˆ‰Š‹Œ', '', 'Ž', '', '', ...'‘’“”•–—˜™š›œ', '', 'ž', 'Ÿ'];

/** Of a byte or two a character, and more in some. */
const MULTIPLE_BYTES: ReadonlySet<string> = new Set(['EUCJP', 'EUCKR', 'SJIS', 'BIG5', 'GBK', 'GB18030']);

/** As PostgreSQL reads names: letters and digits count, whatever their case. */
export const plainName = (name: string): string => name.replace(/[^A-Za-z0-9]/g, '').toUpperCase();

/** The encoding of a plain name. */
export function encodingNamed(plain: string): string | undefined {
  const encoding = OTHER_NAMES[plain] ?? plain;
  return Object.hasOwn(LABELS, encoding) ? encoding : undefined;
}

export const hasOneByteACharacter = (encoding: string): boolean => encoding !== 'UTF8' && !MULTIPLE_BYTES.has(encoding);

const doubleByteTables = new Map<string, Uint8Array>();

/** The characters of several bytes; undefined for encodings that have none. */
export function doubleByteTableOf(encoding: string): Uint8Array | undefined {
  if (!MULTIPLE_BYTES.has(encoding)) return undefined;
  let table = doubleByteTables.get(encoding);
  if (table === undefined) {
    table = doubleByteTable(LABELS[encoding]!);
    doubleByteTables.set(encoding, table);
  }
  return table;
}

/** Throws 22023. */
export function encodingOf(name: string, place: 'source' | 'destination'): string {
  const encoding = encodingNamed(plainName(name));
  if (encoding !== undefined) return encoding;
  throw userError('22023', `invalid ${place} encoding name "${name}"`, {
    hint: 'Encodings are UTF8, LATIN1 to LATIN10, WIN1250 to WIN1258, KOI8R, SJIS, GBK and their like.',
  });
}

const hexOf = (bytes: Iterable<number>): string =>
  Array.from(bytes, (byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(' ');

const invalid = (encoding: string, bytes: Iterable<number>): Error =>
  userError('22021', `invalid byte sequence for encoding "${encoding}": ${hexOf(bytes)}`);

/** Throws 0A000: hosts may lack some. */
function decoderOf(
  encoding: string,
  options?: { fatal: boolean; ignoreBOM: boolean },
): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(LABELS[encoding]!, options);
  } catch {
    throw notSupportedError(`encoding "${encoding}" is not known here`);
  }
}

const tables = new Map<string, readonly string[]>();

/** The characters of the 256 bytes; empty where there is none. */
export function tableOf(encoding: string): readonly string[] {
  let table = tables.get(encoding);
  if (table === undefined) {
    const decoder = LABELS[encoding] === '' ? undefined : decoderOf(encoding);
    table = Array.from({ length: 256 }, (_, byte) => {
      if (encoding === 'WIN1252' && byte >= 0x80 && byte < 0xa0) return WIN1252_FROM_80[byte - 0x80]!;
      const character = decoder ? decoder.decode(Uint8Array.of(byte)) : String.fromCharCode(byte);
      return character === '\ufffd' || (encoding === 'SQLASCII' && byte > 127) ? '' : character;
    });
    tables.set(encoding, table);
  }
  return table;
}

export function textOfBytes(bytes: Uint8Array, encoding: string): string {
  if (bytes.includes(0)) throw invalid(encoding, [0]);
  if (encoding === 'UTF8' || MULTIPLE_BYTES.has(encoding)) {
    const decoder = decoderOf(encoding, { fatal: true, ignoreBOM: true });
    try {
      return decoder.decode(bytes);
    } catch {
      throw invalid(encoding, encoding === 'UTF8' ? firstInvalid(bytes) : bytes.subarray(0, 4));
    }
  }
  const table = tableOf(encoding);
  return Array.from(bytes, (byte) => {
    if (table[byte] === '') throw invalid(encoding, [byte]);
    return table[byte];
  }).join('');
}

/** As many bytes as the first of them says that its character has. */
function firstInvalid(bytes: Uint8Array): Uint8Array {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for (let at = 0; ; ) {
    const first = bytes[at]!;
    const count = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf8 ? 4 : 1;
    const character = bytes.subarray(at, at + count);
    try {
      decoder.decode(character);
    } catch {
      return character;
    }
    at += count;
  }
}

export function bytesOfText(text: string, encoding: string): Uint8Array {
  const utf8 = new TextEncoder();
  if (encoding === 'UTF8') return utf8.encode(text);
  if (MULTIPLE_BYTES.has(encoding)) {
    throw notSupportedError(`converting to encoding "${encoding}" is not supported`, {
      hint: 'Texts become bytes of UTF8 and of the encodings that have a byte a character.',
    });
  }
  const table = tableOf(encoding);
  return Uint8Array.from([...text], (character) => {
    const byte = table.indexOf(character);
    if (byte >= 0) return byte;
    throw userError(
      '22P05',
      `character with byte sequence ${hexOf(utf8.encode(character))} in encoding "UTF8" has no equivalent in encoding "${encoding}"`,
    );
  });
}
