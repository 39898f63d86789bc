import fc from 'fast-check';

/*
 * Texts for casts to dates, times, timestamps and intervals, right and wrong in every way that one can think of; without
 * words that only the clock or the tz database knows the meaning of.
 */

const pick = (words: string): fc.Arbitrary<string> => fc.constantFrom(...words.split(' '));
const joined = (...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((texts) => texts.join(''));
const padded = (most: number, width = 2): fc.Arbitrary<string> =>
  fc.nat(most).map((value) => String(value).padStart(width, '0'));

const year = fc.oneof(pick('2024 1999 2000 1900 24 99 69 70 0 1 0001 0000 9999 12345 294247 5874897'), padded(9999, 4));
const month = fc.oneof(padded(12), padded(14, 1));
const day = fc.oneof(padded(31), padded(33, 1));
const monthName = pick('Jan january FEB mar Apr may jun jul aug Sept september Oct nov DEC december decem janu');
const dayName = pick('Sun monday Tues wed weds Thurs friday SAT saturdays wednesday');
const abbreviation = pick('UTC z Zulu GMT PST pdt EST cet CEST msk ist NPT acst chadt lint yekst dst met');
const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 9 });
const manyDigits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 18 });
const fraction = fc.oneof(
  pick('. .5 .123 .123456 .1234567 .9999995 .9999994999 .0000005 .999999999 .12345650000000000000'),
  manyDigits.map((text) => `.${text}`),
);
const noText = fc.constant('');

const date = fc.oneof(
  fc.tuple(year, month, day, pick('- / . -/ -.')).map(([y, m, d, by]) => `${y}${by[0]}${m}${by.at(-1)}${d}`),
  fc.tuple(month, day, year, pick('- / .')).map((parts) => parts.slice(0, 3).join(parts[3])),
  fc
    .tuple(day, monthName, year, fc.constantFrom('-', '/', '.', ' ', ', '))
    .map((parts) => parts.slice(0, 3).join(parts[3])),
  fc.tuple(monthName, day, year, fc.constantFrom('-', ' ', ', ', '/')).map((parts) => parts.slice(0, 3).join(parts[3])),
  fc.tuple(year, monthName, day, fc.constantFrom('-', ' ', '')).map((parts) => parts.slice(0, 3).join(parts[3])),
  joined(fc.constantFrom('2024', '1999', '24', '0', '12345'), month, day),
  joined(fc.constantFrom('20240105', '240105', '123456', '000101', '991231', '19991301')),
  joined(
    fc.constantFrom('2024', '99', '0044'),
    fc.constantFrom('-', ' ', '.'),
    fc.nat(400).map((at) => String(at).padStart(3, '0')),
  ),
  joined(
    fc.constantFrom('J', 'julian ', 'JD', 'j.'),
    fc.oneof(fc.constantFrom('2451187', '0', '2460000'), digits),
    fc.oneof(noText, fraction),
  ),
  joined(dayName, fc.constantFrom(' ', ', '), monthName, fc.constant(' '), day, fc.constant(' '), year),
  pick('epoch Infinity -infinity +infinity allballs infinit 01/02 2024 2024-01 Jan 99 5'),
);
const clock = fc.oneof(
  fc
    .tuple(padded(24), padded(60), fc.option(padded(61)))
    .map(([h, m, s]) => (s === null ? `${h}:${m}` : `${h}:${m}:${s}`)),
  joined(fc.nat(25).map(String), fc.constant(':'), fc.nat(60).map(String)),
  pick(
    '24:00 24:00:00 23:59:60 23:59:60.5 24:00:01 040506 0405 04:05:06: :05 04: 04:05: 4 12 1:2:3:4 99999999999999999999:00',
  ),
);
const meridian = pick('AM PM am p.m. a pm.');
const offset = fc.oneof(
  pick('Z +00 -08 +2 +0530 +05:30 -05:30:15 +15:59 +16 -1559 +1:2 +05:60 +05:30: +: - + 2'),
  joined(pick('+ -'), digits),
  abbreviation,
  joined(
    pick('UTC x Foo GMT est a/b'),
    fc.option(pick('+ -'), { nil: '' }),
    fc.oneof(padded(200, 1), pick('5:30 05:30:00 1:60 1:2:3')),
  ),
);
const junk = pick(
  'x x123 n/a unknown null abc ? # 2024-13-45 2024-01-99 2024-01- BC AD bc at on T of d m h y mm s dow isoyear @ " ( ) é ß \u0000 \u0001 12.5 .5 -5 +-',
);
const space = fc.constantFrom(' ', ' ', ' ', '', '  ', '\t', '\n ', 'T', 't', ',', ' at ', '\u00a0', '\u3000', '_');

const time = joined(clock, fc.oneof({ weight: 3, arbitrary: noText }, fraction));
const zonedTime = joined(
  time,
  fc.oneof({ weight: 3, arbitrary: noText }, joined(fc.constantFrom(' ', '', '  '), meridian)),
  fc.oneof({ weight: 2, arbitrary: noText }, joined(fc.constantFrom(' ', '', '  '), offset)),
);
const loose = fc
  .array(fc.oneof(date, clock, time, offset, meridian, monthName, dayName, digits, junk, year, day, fraction), {
    maxLength: 5,
  })
  .chain((parts) =>
    fc
      .array(space, { minLength: parts.length, maxLength: parts.length })
      .map((spaces) => parts.map((part, at) => part + spaces[at]).join('')),
  );

/** Takes out, puts in or changes a character. */
const damaged = (texts: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(
      texts,
      fc.nat(40),
      fc.constantFrom(0, 1),
      fc.constantFrom('', '0', '9', 'x', ' ', '-', ':', '.', '/', '+', 'T', 'K', '\u212a', '\u2007'),
    )
    .map(([text, at, taken, put]) => text.slice(0, at) + put + text.slice(at + taken));
const inAnyCase = (texts: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(texts, fc.nat(8))
    .map(([text, way]) => (way === 0 ? text.toUpperCase() : way === 1 ? text.toLowerCase() : text));

const orderly = fc.oneof(
  date,
  zonedTime,
  joined(date, space, zonedTime),
  joined(date, fc.constant(' '), zonedTime, fc.constantFrom('', ' BC', ' AD', ' bc', ' PM', ' foo')),
  joined(zonedTime, fc.constant(' '), date),
);

export const dateTimeText: fc.Arbitrary<string> = inAnyCase(
  fc.oneof({ weight: 4, arbitrary: orderly }, { weight: 2, arbitrary: damaged(orderly) }, loose, junk),
);

const unit = pick(
  'us usec useconds microsecond microseconds microsecon microsecxx ms msec millisecond milliseconds s sec secs second seconds m min mins minute minutes h hr hrs hour hours d day days w week weeks mon mons month months y yr yrs year years dec decade decades decs c cent century centuries centurie mil mils millennium millennia millenniums fortnight dayss ago at on infinity',
);
const amount = joined(
  fc.constantFrom('', '', '', '-', '+', '- '),
  fc.oneof(
    padded(40, 1),
    digits,
    manyDigits,
    pick(
      '2147483647 2147483648 178956970 178956971 9223372036854775807 9223372036854775808 99999999999999999999 106751991167 2562047788 1-2 1-11 0-12 12-',
    ),
  ),
  fc.oneof({ weight: 3, arbitrary: noText }, fraction),
);
const clockOfInterval = joined(
  fc.constantFrom('', '-', '+'),
  fc.oneof(
    clock,
    fc.constantFrom('100:00', '2562047788:00:54.775807', '2562047788:00:54.775808', '9007199254740992:00', '0:59'),
  ),
  fc.oneof({ weight: 3, arbitrary: noText }, fraction),
);
const verbose = fc
  .tuple(
    fc.constantFrom('', '', '@ ', ' '),
    fc.array(joined(amount, fc.constantFrom(' ', '', '  '), unit), { maxLength: 4 }),
    fc.option(fc.oneof(clockOfInterval, amount)),
    fc.constantFrom('', '', '', ' ago', ' Ago ', ' infinity'),
    fc.constantFrom(' ', ' ', ', ', ''),
  )
  .map(([head, parts, tail, ago, by]) => head + [...parts, ...(tail === null ? [] : [tail])].join(by) + ago);
const isoPart = joined(amount, pick('Y M W D H M S T - : y x'));
const iso = fc.oneof(
  joined(
    fc.constantFrom('P', 'P', 'P', 'p', 'PT'),
    fc.array(isoPart, { maxLength: 4 }).map((parts) => parts.join('')),
    fc.oneof(
      noText,
      joined(
        fc.constant('T'),
        fc.array(isoPart, { maxLength: 3 }).map((parts) => parts.join('')),
      ),
    ),
  ),
  joined(
    fc.constant('P'),
    fc.oneof(
      noText,
      joined(padded(9999, 4), fc.constant('-'), padded(12), fc.constant('-'), padded(31)),
      padded(99999999, 8),
      padded(9999, 4),
    ),
    fc.oneof(noText, joined(fc.constant('T'), fc.oneof(clock, padded(235959, 6)), fc.oneof(noText, fraction))),
  ),
);

export const intervalText: fc.Arbitrary<string> = inAnyCase(
  fc.oneof(
    verbose,
    verbose,
    damaged(verbose),
    iso,
    damaged(iso),
    loose,
    joined(amount, fc.constant(' '), clockOfInterval),
  ),
);
