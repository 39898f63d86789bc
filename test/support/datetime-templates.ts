import fc from 'fast-check';

/** Fields of templates with texts that they read, or nearly. */
const FIELDS: readonly (readonly [fields: string, texts: string])[] = [
  ['YYYY yyyy FMYYYY YYYYth', '2024 1999 0044 24 02024 -5 9999 0 20240131'],
  ['YYY YY Y y yy', '024 24 4 99 520 1 2024'],
  ['IYYY IYY IY I', '2024 024 24 4'],
  ['Y,YYY y,yyy', '2,024 1,9 12,345 2024 ,5'],
  ['MM mm FMMM MMth', '01 1 12 13 00 3rd 012'],
  ['Month MONTH month FMMonth TMMonth', 'January march MAY September sept Jan'],
  ['Mon MON mon', 'Jan sep DEC may June x'],
  ['RM rm', 'I iv VIII xii X q'],
  ['DD dd FMDD DDth DDTH', '01 31 5 30 05th 29 32 1st'],
  ['DDD IDDD ddd', '001 366 59 371 7'],
  ['Day DAY day FMDay', 'Monday friday WEDNESDAY mon'],
  ['Dy DY dy', 'Mon FRI sat x'],
  ['D ID', '1 7 4 0'],
  ['WW IW W iw', '01 53 5 9 0'],
  ['Q CC J cc', '3 20 21 2460000 -1'],
  ['HH24 hh24', '00 23 12 5 24'],
  ['HH12 HH hh12', '12 01 5 11 0 13'],
  ['MI mi SS ss', '00 59 5 60'],
  ['MS US FF1 FF2 FF3 FF4 FF5 FF6 ff3', '5 12 123 1234 999999 500000 45 1234567'],
  ['SSSS SSSSS', '00000 86399 3600 86400'],
  ['AM PM am pm', 'AM pm Am x'],
  ['A.M. P.M. p.m.', 'A.M. p.m. am'],
  ['BC AD bc', 'BC ad Bc x'],
  ['B.C. A.D.', 'B.C. a.d. bc'],
  ['TZ tz OF', '+01 -05:30 UTC pst CEST -3 +16 +01:99 Xyz'],
  ['TZH TZM', '+01 30 -05 7 5:30'],
];

const words = (text: string): readonly string[] => text.split(' ');
/** Of templates and of texts. */
const common = ['-', '/', ' ', ':', '.', '', '', ', ', '  ', 'T', 'é', '\u3000'] as const;
const separators = fc.constantFrom(...common, '"T"', '"at "', '"x\\"y"', '\\"');
const between = fc.constantFrom(...common, 'at ', 'x', '😀', '-5');

interface Pair {
  readonly template: string;
  readonly text: string;
}

const field: fc.Arbitrary<Pair> = fc
  .constantFrom(...FIELDS)
  .chain(([fields, texts]) =>
    fc.record({ template: fc.constantFrom(...words(fields)), text: fc.constantFrom(...words(texts)) }),
  );

const separator: fc.Arbitrary<Pair> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('-', '/', ' ', ':', '', ' ').map((text) => ({ template: text, text })) },
  { weight: 1, arbitrary: fc.record({ template: separators, text: between }) },
);

const random: fc.Arbitrary<Pair> = fc
  .tuple(
    fc.constantFrom('', '', '', '', '', '', 'FX', 'fx', ' '),
    fc.array(fc.tuple(field, separator), { maxLength: 5 }),
  )
  .map(([head, parts]) => ({
    template: head + parts.map(([one, behind]) => one.template + behind.template).join(''),
    text: parts.map(([one, behind]) => one.text + behind.text).join(''),
  }));

/** As they are written as a rule, and so that most texts are read. */
const usual: fc.Arbitrary<Pair> = fc
  .tuple(
    fc
      .constantFrom<readonly Pair[]>([
        { template: 'DD Month YYYY', text: '31 January 2024' },
        { template: 'DD Mon YYYY', text: '5 dec 2024' },
        { template: 'FMDay, FMDDth Month, YYYY', text: 'Friday, 5th January, 2024' },
        { template: 'MM/DD/YY', text: '1/5/70' },
        { template: 'YYYYMMDD', text: '20240229' },
        { template: 'YYYY-MM-DD', text: '2024-2-9' },
        { template: 'YYYY-DDD', text: '2024-366' },
        { template: 'IYYY-IW-ID', text: '2024-53-7' },
        { template: 'IYYY-"W"IW-ID', text: '2020-W53-1' },
        { template: 'J', text: '2460000' },
        { template: 'Y,YYY MM', text: '2,024 05' },
        { template: 'YYYY-MM-DD BC', text: '0044-03-15 BC' },
        { template: 'CC YY', text: '20 99' },
        { template: 'YYYY WW', text: '2024 09' },
        { template: 'YYYY MM W', text: '2024 02 3' },
        { template: 'RM YYYY', text: 'viii 2024' },
      ])
      .chain((pairs) => fc.constantFrom(...pairs)),
    fc
      .constantFrom<readonly Pair[]>([
        { template: '', text: '' },
        { template: ' HH24:MI:SS', text: ' 23:59:59' },
        { template: ' HH12:MI AM', text: ' 12:05 pm' },
        { template: ' HH:MI:SS.MS P.M.', text: ' 12:05:06.7 a.m.' },
        { template: '"T"HH24:MI:SS.USTZH:TZM', text: 'T10:11:12.123456+05:30' },
        { template: ' HH24MISS.FF2', text: ' 101112.995' },
        { template: ' HH24:MI:SS.FF1 TZ', text: ' 23:59:59.95 PDT' },
        { template: ' SSSSS', text: ' 86399' },
        { template: ' HH24:MI OF', text: ' 10:11 -03' },
      ])
      .chain((pairs) => fc.constantFrom(...pairs)),
    fc.constantFrom('', '', '', ' ', 'x', '  x'),
    fc.constantFrom('', '', '', '', 'FX', ' '),
  )
  .map(([date, time, tail, head]) => ({
    template: head + date.template + time.template,
    text: date.text + time.text + tail,
  }));

/** A template, and a text that follows it or nearly. */
export const templateAndText: fc.Arbitrary<Pair> = fc.oneof(
  usual,
  random,
  fc.tuple(usual, usual).map(([{ template }, { text }]) => ({ template, text })),
);

export const anyTemplate: fc.Arbitrary<string> = fc.oneof(
  random.map(({ template }) => template),
  usual.map(({ template }) => template),
  fc.constantFrom(
    'SP',
    'DDsp',
    'DDthSP',
    'F',
    'FM',
    'TM',
    'MOn',
    '"a',
    '"a\\',
    '\\',
    '\\x',
    '""',
    'YYYYY',
    'SSSSSS',
    'IDDDD',
    'HHH',
  ),
);
