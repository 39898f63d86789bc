import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatValue } from '../../../src/functions/format-value.js';
import type { FunctionImplementation } from '../../../src/functions/function-types.js';
import { listFunctions, resolveScalarFunction, scalarOverload } from '../../../src/functions/registry.js';
import type { ConstantValue, Expression } from '../../../src/planner/expression.js';
import { arrayOf, decimal, type SqlType, TEXT } from '../../../src/types/sql-type.js';
import { fallbackOf, hold } from '../../support/fallback-agreement.js';
import {
  brokenJson,
  dollarPath,
  jsonbDocument,
  jsonDocument,
  jsonKey,
  jsonPath,
} from '../../support/json-arbitraries.js';
import { regexPattern, regexText } from '../../support/regex-arbitraries.js';
import { DAY, interval, shortText, text, timestamp, uuid } from '../../support/value-arbitraries.js';

// A kernel that may decline rows has its twin in the fallback that does them: the two must agree on every other row.

const needle = fc.oneof(
  fc.constantFrom('', 'a', 'b', 'aa', 'ab', '/', 'é', 'aba', '%a%', 'A_b', 'éa', 'aé😀', '«»'),
  shortText,
);
const integer = fc.oneof(fc.integer({ min: -6, max: 6 }), fc.integer({ min: -50, max: 50 }));
const date = fc.oneof(fc.integer({ min: -800_000, max: 4_000_000 }), fc.constantFrom(2147483647, -2147483648));
const unit = fc.constantFrom(
  ...['year', 'YEAR', 'years', 'month', 'Months', 'day', 'days', 'hour', 'minute', 'second', 'seconds', 'week'],
  ...['quarter', 'quarters', 'decade', 'decades', 'century', 'centuries', 'millennium', 'milliseconds', 'epoch', 'dow'],
  ...['isodow', 'doy', 'isoyear', 'dows', 'epochs', 'fortnight', '', 'microseconds', 'yearss', 's', 'hou', 'mons'],
  ...['julian', 'millennia', 'timezone', 'Timezone_Hour', 'timezone_m', 'timezone_minutes', 'usec', 'millisecond'],
);

/** Base64 and hexadecimal with spaces between, and what is neither; escapes. */
const spacedCode = fc.oneof(
  fc
    .tuple(
      fc.uint8Array({ maxLength: 20 }),
      fc.constantFrom('hex', 'base64'),
      fc.constantFrom(' ', '\n', '\r\n', '=', '\v'),
    )
    .map(([bytes, form, space]) =>
      Buffer.from(bytes)
        .toString(form as BufferEncoding)
        .replace(/.{4}/g, `$&${space}`),
    ),
  fc.array(fc.constantFrom('a', '\\\\', '\\', '\\000', '\\377', '\\400', '\\12', 'é')).map((parts) => parts.join('')),
);

const datePattern = fc
  .array(
    fc.constantFrom(
      'YYYY',
      'MM',
      'DD',
      'HH24',
      'MI',
      'SS',
      'MS',
      'US',
      '-',
      ':',
      ' ',
      '/',
      'é',
      '"at"',
      'Mon',
      'MON',
      'mon',
      'mOn',
      'MOn',
      'Dy',
      'DY',
      'dy',
      'dY',
      'Q',
      'D',
      'S',
    ),
    {
      maxLength: 6,
    },
  )
  .map((parts) => parts.join(''));

const seconds = fc.oneof(
  fc.integer({ min: 0, max: 61_000_000 }).map((micros) => micros / 1e6),
  fc.double({ min: -1e12, max: 1e13, noNaN: true }),
  fc.constantFrom(Number.NaN, Infinity, -Infinity, 0.5, 59.9999996, 60, 1e300),
);
/** Ends of series that are not too long, and steps that go one way. */
const seriesEnd = fc.oneof(
  fc.bigInt(-400n, 400n).map((hours) => hours * 3_600_000_000n),
  fc.bigInt(18_000n, 18_400n).map((day) => day * DAY + 1n),
);
const seriesStart = fc.oneof(seriesEnd, seriesEnd, fc.constantFrom(2n ** 63n - 1n, -(2n ** 63n), 9n * 10n ** 18n));
const seriesStep = fc
  .tuple(fc.nat(3), fc.nat(40), fc.nat(40), fc.constantFrom(1, -1))
  .map(([months, days, hours, sign]) => ({
    months: months * sign,
    days: days * sign,
    microseconds: BigInt(hours * sign) * 3_600_000_000n,
  }));
const zone = fc.constantFrom(
  ...['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca', 'Asia/Kolkata', 'CET', ':CET'],
  ...['UTC', '+03:30', 'EST5EDT,M3.2.0,M11.1.0', 'Nowhere'],
);
const instantText = fc.oneof(
  timestamp.map((value) => formatValue(value, { kind: 'timestamp' })),
  fc
    .tuple(
      timestamp.map((value) => formatValue(value, { kind: 'timestamp' })),
      fc.constantFrom('Z', '+02', '-05:30', ' PST', '+17'),
    )
    .map((parts) => parts.join('')),
);

const readTemplate = fc.oneof(
  fc.constantFrom(
    ...['YYYY-MM-DD', 'YYYYMMDD', 'YYYY-MM-DD HH24:MI:SS', 'DD Mon YYYY', 'MM/DD/YYYY', 'YYYY-MM-DD HH24:MI:SS.MS'],
    ...['YYYYMMDDHH24MISS', 'DD.MM.YYYY', 'YYYY-MM-DD"T"HH24:MI:SS', 'YYYYMM', 'DD-MON-YYYY', 'YYYY.US', 'MM', 'DDTH'],
  ),
  fc
    .array(
      fc.constantFrom(
        ...[
          'YYYY',
          'MM',
          'DD',
          'HH24',
          'MI',
          'SS',
          'MS',
          'US',
          '-',
          ' ',
          '/',
          'Mon',
          'mon',
          'MONTH',
          'Y',
          'D',
          'S',
          'th',
        ],
      ),
      { maxLength: 6 },
    )
    .map((parts) => parts.join('')),
);
const twoDigits = (most: number): fc.Arbitrary<string> =>
  fc.integer({ min: 0, max: most }).map((value) => String(value).padStart(2, '0'));
/** Dates and times in the order of one of the templates, or with something in between that does not belong there. */
const templateText = fc
  .tuple(
    fc.constantFrom('2024', '1999', '0001', '0000', '24', '12345', '2000'),
    fc.oneof(twoDigits(13), fc.constantFrom('5', 'Mar', 'feb', 'March', 'NOV')),
    fc.oneof(twoDigits(32), fc.constant('7')),
    fc.option(fc.tuple(twoDigits(25), twoDigits(61), twoDigits(61), fc.constantFrom('', '.5', '.123', '.123456'))),
    fc.constantFrom('-', '/', ' ', '', '.', '  '),
    fc.constantFrom(0, 0, 1, 2),
    fc.constantFrom('', '', '', ' ', 'x', '-'),
  )
  .map(([year, month, day, time, separator, order, tail]) => {
    const parts = [
      [year, month, day],
      [day, month, year],
      [month, day, year],
    ][order]!;
    const clock = time === null ? '' : ` ${time.slice(0, 3).join(separator === '' ? '' : ':')}${time[3]}`;
    return parts.join(separator) + clock + tail;
  });
const longText = fc.array(text, { maxLength: 30 }).map((parts) => parts.join(''));
const encodedText = fc.oneof(
  fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes).toString('hex')),
  fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  fc.constantFrom('', '=', '==', 'A===', 'AB==', 'A=B=', 'ABC', 'AB CD', 'Ab+/', 'ABCé', '12\n34', 'zz'),
);

/** Of all versions, some with other bits than those of the standard. */
const baseText = fc.oneof(
  fc.bigInt(-(2n ** 70n), 2n ** 70n).map(String),
  fc.integer({ min: -300, max: 300 }).map((value) => value.toString(16)),
  fc.constantFrom('', '-', ' 12 ', 'zz', '1_0', '+5', 'FFFFFFFFFFFFFFFF', '-FFFFFFFFFFFFFFFF', '12é', '00', '7\t'),
);
const encodedBytes = fc.oneof(
  text.map((value) => new TextEncoder().encode(value)),
  fc.uint8Array({ maxLength: 5 }),
  fc
    .constantFrom([0xed, 0xa0, 0x80], [0xc0, 0x80], [0x61, 0], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82])
    .map((bytes) => Uint8Array.from(bytes)),
);
const numberLayout = fc.oneof(
  fc.constantFrom(
    ...['99G999D9S', '999,999.99', 'S9999', '9999MI', '9999PR', 'L999.9', '00000', 'FM999', '99V9', '9.9.9', ''],
  ),
  fc
    .array(
      fc.constantFrom(
        ...['9', '0', '.', ',', 'D', 'G', 'S', 'MI', 'PL', 'SG', 'PR', 'L', 'TH', 'FM', 'x', ' ', '"ab"', 'é'],
      ),
      {
        maxLength: 7,
      },
    )
    .map((parts) => parts.join('')),
);
const laidOutNumber = fc.oneof(
  fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value.toFixed(2)),
  fc.integer({ min: -99999, max: 99999 }).map((value) => value.toLocaleString('en')),
  fc.string({ unit: fc.constantFrom(...'0123456789.,-+< >$xé'), maxLength: 9 }),
  fc.constantFrom('<12>', '12-', ' - 5', '12345678901234567890', '$1.5', '1st', ''),
);
const luhnText = fc.oneof(fc.nat(1e9).map(String), fc.constantFrom('', '0', '8112189876', '79927398713', '12a', ' 0'));
const englishText = fc.string({ unit: fc.constantFrom(...'abcdfhlmnrstwzABCHMSW -é1'), maxLength: 12 });
const urlPart = fc.constantFrom(
  ...[
    'PROTOCOL',
    'AUTHORITY',
    'USERINFO',
    'HOST',
    'PATH',
    'QUERY',
    'REF',
    'FILE',
    'host',
    '',
    'AUTHORITYX',
    'PROTOCOLS',
  ],
);
const urlText = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('', 'http:', 'https:', ':', 'mailto:', 'a/b:'),
      fc.constantFrom('', '/', '//', '///'),
      fc.constantFrom('', 'u@', 'u:p@', '@', 'a@b@'),
      fc.constantFrom('', 'a.org', 'a_b.org', '[::1]', '[', '1.2.3.4', 'bücher.de'),
      fc.constantFrom('', ':80', ':', ':x', ':80:90'),
      fc.constantFrom('', '/', '/p/q', '/é', '/%20', '/%2', '/a b', '/a|b'),
      fc.constantFrom('', '?', '?a=1&b=2', '?ab=&a=%41', '?a', '?é=ü&&a=1'),
      fc.constantFrom('', '#', '#r', '#r?a#b'),
    )
    .map((parts) => parts.join('')),
  fc.string({ unit: fc.constantFrom(...'ab:/?#@[]=&%2+ é\\"'), maxLength: 12 }),
  fc.constantFrom('%C3%A9', '%c3%28', '%E2%82%AC', '%ED%A0%80', '%F0%9F%98%80', '%C0%80', 'a+b', '%', '%4', 'a=1&a=2'),
);

const accentedText = fc
  .array(
    fc.oneof(
      shortText,
      fc.constantFrom('plain text of sixteen bytes', 'é', 'e\u0301', 'ª½', 'ſ', 'Ａ', '한', 'ǅ', 'Å', '\u0300'),
    ),
    {
      maxLength: 4,
    },
  )
  .map((parts) => parts.join(''));
const objectText = fc
  .array(
    fc
      .tuple(fc.oneof(shortText, fc.constantFrom('a', 'b', 'a"', 'é')), fc.constantFrom('1', '{"a":1, "a" : 2}', '[]'))
      .map(([key, value]) => `${JSON.stringify(key)} : ${value}`),
    { maxLength: 5 },
  )
  .map((entries) => `{${entries.join(', ')}}`);
const sizeText = fc
  .tuple(
    fc.constantFrom('', '', ' ', '\t-', '+', '-', ' - '),
    fc.oneof(
      fc.nat(2000).map(String),
      fc.bigInt(0n, 10n ** 19n).map(String),
      fc.tuple(fc.nat(9999), fc.nat(99999)).map((parts) => parts.join('.')),
      fc.constantFrom('', '.', '5.', '.5', '1e3', '1.5E-2', '0.0004882812', '8191.9999999', '1.2.3'),
    ),
    fc.constantFrom('', ' ', '  ', '\u00a0'),
    fc.constantFrom('', 'kB', 'KB', 'mb', 'GB', 'TB', 'PB', 'bytes', 'B', 'b', 'k', 'kbb', 'EB', 'byte', 'kilobytes12'),
    fc.constantFrom('', '', ' ', '\n', 'x'),
  )
  .map((parts) => parts.join(''));
const escapedText = fc
  .array(
    fc.constantFrom(
      ...[
        'a',
        'é',
        'xyz',
        'a text that is longer',
        '\\\\',
        '\\0041',
        '\\00e9',
        '\\+01F600',
        '\\u20AC',
        '\\U0001f600',
        '',
      ],
      ...[
        '\\0000',
        '\\d83d\\de00',
        '\\ud83d',
        '\\004',
        '\\+00004',
        '\\U00110000',
        '\\Uffffffff',
        '\\',
        '\\x',
        '\\u00g1',
      ],
    ),
    { maxLength: 5 },
  )
  .map((parts) => parts.join(''));
const nameText = fc
  .array(
    fc.constantFrom(
      ...['a', 'Ab', 'É', '_x1', '$', '9', '.', '.', '.', '"', '"', '"a b"', '"A"".b"', '""', ' ', '\n', '(', 'a$9'],
    ),
    { maxLength: 7 },
  )
  .map((parts) => parts.join(''));
/** With factors in common, of any number of digits. */
const decimals = fc
  .tuple(
    fc.integer({ min: 0, max: 37 }),
    fc.bigInt(-(10n ** 37n), 10n ** 37n),
    fc.constantFrom(1n, 1n, 2n ** 33n, 3n ** 30n, 6n ** 20n),
  )
  .map(([dropped, value, factor]) => (value / 10n ** BigInt(dropped)) * factor)
  .filter((value) => value < 10n ** 38n && value > -(10n ** 38n));

/** Which operand is the name of a time zone. */
function zoneOperand(name: string, count: number): number | undefined {
  if (/^(try_)?timezone$/.test(name)) return 0;
  if (/^((try_)?zoned_|date_add|date_subtract|extract_timezone)/.test(name)) return count - 1;
  if (name === 'series_array') return count === 4 ? 3 : undefined;
  return name === 'date_trunc' && count === 3 ? 2 : undefined;
}

function argument(
  name: string,
  type: SqlType,
  place: number,
  count: number,
  implementation: FunctionImplementation,
): fc.Arbitrary<Exclude<ConstantValue, null>> {
  if (name.endsWith('b_with_unique_keys') || name === 'json_with_unique_keys') return objectText;
  if (name === 'series_array') {
    if (type.kind === 'decimal') return fc.bigInt(-500n, 500n);
    if (type.kind === 'interval') return seriesStep;
    if (type.kind.startsWith('timestamp')) return place === 0 ? seriesStart : seriesEnd;
  }
  if (type.kind === 'decimal') return decimals;
  if (type.kind === 'json') return jsonDocument;
  if (type.kind === 'jsonb') return jsonbDocument;
  if (type.kind === 'array') return jsonPath;
  if (name === 'encode' || name === 'decode') {
    if (place === 1) return fc.constantFrom('hex', 'base64', 'HEX', 'escape', 'Base64', 'base32', '');
    return type.kind === 'bytea' ? fc.uint8Array({ maxLength: 130 }) : fc.oneof(encodedText, spacedCode);
  }
  if (count > 1 && /^(to_date|to_timestamp|zoned_to_timestamp)$/.test(name)) {
    return place === 0 ? templateText : place === 1 ? readTemplate : zone;
  }
  if (name === 'next_day' && place === 1)
    return fc.constantFrom('Mon', 'tuesday', 'WE', ' thu ', 'fr', 'x', 'sundays', 'SAT', 'Wednesday ', 'wednesdax');
  if (name === 'trunc' && place === 1) return fc.constantFrom('year', 'YY', 'quarter', 'MON', 'mm', 'week', 'day', '');
  if (/^[gs]et_bit$/.test(name) && place === 1) return fc.bigInt(-2n, 90n);
  if (type.kind === 'bigint') return fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n);
  if (/^convert_(from|to)$/.test(name)) {
    if (place === 1) return fc.constantFrom('UTF8', 'utf-8', 'Utf_8', 'UTF-8 ', 'unicode', 'LATIN1', 'UTF16', 'utf8é');
    return type.kind === 'bytea' ? encodedBytes : text;
  }
  if (/normalized?$/.test(name))
    return place === 0 ? accentedText : fc.constantFrom('NFC', 'nfc', 'NFD', 'Nfkd', 'NFKC', 'NFX', '', 'nfcc');
  if (name === 'pg_size_bytes') return sizeText;
  if (name === 'unistr') return escapedText;
  if (name === 'parse_ident' && place === 0) return nameText;
  if (name === 'to_number') return place === 0 ? laidOutNumber : numberLayout;
  if (name === 'in_base') return place === 0 ? baseText : fc.integer({ min: -40, max: 40 });
  if (name === 'luhn_check') return luhnText;
  if (name === 'soundex') return fc.oneof(englishText, text);
  if (name === 'parse_url') return place === 0 ? urlText : urlPart;
  if (name === 'url_value') return place === 0 ? urlText : fc.constantFrom('a', 'b', '', 'ab', 'é');
  if (/url_/.test(name)) return fc.oneof(text, urlText);
  if (name === 'sha2' && place === 1) return fc.constantFrom(256, 224, 0, 384, 512, 1);
  if (/^sha/.test(name)) return type.kind === 'bytea' ? fc.uint8Array({ maxLength: 140 }) : longText;
  if (type.kind === 'bytea') return fc.uint8Array({ maxLength: 10 });
  if (type.kind === 'uuid') return uuid;
  if (/^(->|\?|-$)/.test(name) && type.kind === 'text') return jsonKey;
  if (/^json_extract(_string)?$/.test(name)) return place === 0 ? brokenJson : dollarPath;
  if (name === 'is_json' && place === 1) return fc.constantFrom('value', 'scalar', 'object', 'array');
  if (type.kind === 'boolean') return fc.boolean();
  if (name === 'is_json' || name === 'json_valid') return brokenJson;
  if (name.startsWith('make_') && type.kind === 'integer')
    return fc.oneof(integer, fc.integer({ min: -5000, max: 300_000 }));
  if (type.kind === 'integer') return integer;
  if (type.kind === 'interval') return interval;
  if (type.kind === 'time') return fc.bigInt(0n, DAY - 1n);
  if (type.kind === 'double') return seconds;
  if (place === zoneOperand(name, count) && type.kind === 'text') return zone;
  if (/^(try_)?zoned_from_text$/.test(name)) return instantText;
  if (name === 'zoned_to_char') return type.kind === 'text' ? datePattern : timestamp;
  if (type.kind === 'timestamp' || type.kind === 'timestamptz') return timestamp;
  if (type.kind === 'date') return date;
  if (name.startsWith('date_') || name === 'zoned_date_part') return unit;
  if (name === 'to_char') return datePattern;
  if (implementation.kind === 'regex') {
    const { pattern, flags, similar } = implementation.places;
    if (place === flags) return fc.constantFrom('', 'i', 'n', 'g');
    if (place === pattern && !similar) return fc.oneof(needle, regexPattern('regular'), regexPattern('all'));
    if (place === 0) return fc.oneof(text, regexText);
    if (place > 0 && !similar) return fc.constantFrom('', '-', '<\\1\\2>', '\\\\\\&', '\\', 'é\\9');
  }
  if (name.endsWith('like') && place === 2) return fc.constantFrom('', '\\', '!', 'a', '%', '_', 'é', 'ab');
  return place === 0 ? text : needle;
}

test('kernels of functions agree with the TypeScript that does what they decline', () => {
  let held = 0;
  for (const { name, overloads } of listFunctions().scalar) {
    for (const { args, implementation } of overloads) {
      const fallback = fallbackOf(implementation);
      // Keys of nested values: test/unit/kernels/nested-sort-key.test.ts.
      if (!fallback || (name === 'sort_key' && /^(array|struct|map)$/.test(args[0]!))) continue;
      const types = args.map(
        (kind): SqlType =>
          kind === 'array' ? arrayOf(TEXT) : kind === 'decimal' ? decimal(38, 2) : ({ kind } as SqlType),
      );
      const { overload, returns } = resolveScalarFunction(name, types);
      assert.equal(scalarOverload(overload).implementation, implementation);
      const row = fc.tuple(...types.map((type, place) => argument(name, type, place, types.length, implementation)));
      const make = (operands: readonly Expression[]): Expression => ({
        kind: 'call',
        type: returns,
        overload,
        args: operands,
      });
      hold(overload, make, types, returns, fallback, row);
      held++;
    }
  }
  assert.ok(held >= 20, `only ${held} functions`);
});
