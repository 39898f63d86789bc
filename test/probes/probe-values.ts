/** Literals of every scalar type: usual values and the edges. */
export const probeValues: Readonly<Record<string, readonly string[]>> = {
  boolean: ['true', 'false'],
  smallint: ['0', '1', '-7', '32767', '-32768'],
  integer: ['0', '3', '-7', '2147483647', '-2147483648'],
  bigint: ['0', '5', '-7', '9223372036854775807', '-9223372036854775808'],
  real: ['0', '1.5', '-2.5', '3.4028235e38', '1e-45', 'NaN', 'Infinity', '-0'],
  'double precision': [
    '0',
    '0.1',
    '-2.5',
    '1e15',
    '1.7976931348623157e308',
    '5e-324',
    'NaN',
    '-Infinity',
    '2147483647.5',
  ],
  'numeric(10,2)': ['0', '1.25', '-2.50', '99999999.99'],
  text: ['', 'abc', '12', ' 7 ', 't', '2024-02-29', '1.5', '12:30', '1 day', '\\x41'],
  'varchar(3)': ['', 'abc', 'ab ', '12'],
  'char(4)': ['', 'ab', 'abcd', '12'],
  bytea: ['\\x', '\\x00ff', 'abc', '\\101\\\\'],
  date: ['2024-02-29', '1999-12-31', '0044-03-15 BC', 'infinity', '-infinity', '4713-11-24 BC', '5874897-12-31'],
  time: ['00:00', '12:34:56.789', '23:59:59.999999', '24:00'],
  timestamp: [
    '2024-02-29 12:34:56.789',
    '1969-12-31 23:59:59.999999',
    '2000-01-01 00:00',
    'infinity',
    '-infinity',
    '0001-01-01 00:00 BC',
  ],
  timestamptz: [
    '2024-02-29 12:34:56.789+00',
    '2024-07-01 00:00+02',
    '1969-12-31 23:59:59+00',
    'infinity',
    '1900-01-01 00:00:00+00',
  ],
  interval: [
    '0',
    '1 day',
    '-1 month 3 days 04:05:06.5',
    '1 year 2 months',
    '100 hours',
    '-00:00:00.000001',
    '178000000 years',
  ],
  uuid: ['00000000-0000-0000-0000-000000000000', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
};

export const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export const typedLiterals: readonly string[] = Object.entries(probeValues).flatMap(([type, values]) =>
  values.map((value) => `${quote(value)}::${type}`),
);
