import { BIGINT, BOOLEAN, INTEGER, type SqlType, type SqlTypeKind, TEXT } from '../../../types/sql-type.js';
import type {
  FunctionExample,
  KernelImplementation,
  ScalarFunction,
  ScalarOverloadDeclaration,
  VectorCreate,
} from '../../function-types.js';
import { sparkHash, sparkHashWide } from './spark-hash.js';
import * as js from './spark-text-functions-js.js';
import * as url from './url-functions-js.js';

// Functions of Spark that are no other words for anything of PostgreSQL's.

type NullRules = Partial<Pick<KernelImplementation, 'nullable' | 'nullsByLength' | 'declinedIsNull'>>;

function of(
  args: readonly SqlTypeKind[],
  returns: SqlType,
  kernel: string,
  fallback: VectorCreate,
  nulls: NullRules = {},
): ScalarOverloadDeclaration {
  const implementation = { kind: 'kernel', kernel, block: true, fallback, ...nulls } as const;
  return { args, returns, fallible: true, implementation };
}

const nullText = { nullable: true, nullsByLength: true } as const;

function hash(name: string, doc: string, result: string, returns: SqlType, kernel: string, fallback: VectorCreate) {
  return {
    name,
    doc: `${doc} of any values, with Spark's seed 42 and its bytes of each type: equal in Spark for equal types. A literal with a point is a numeric, as there.`,
    example: { sql: `${name}('Spark', array[123], 2)`, result },
    overloads: [
      {
        args: ['any'],
        variadic: true,
        returns,
        strict: false,
        fallible: true,
        implementation: { kind: 'memory', kernel, fallback },
      },
    ],
  } as const satisfies ScalarFunction;
}

const declared = (
  name: string,
  doc: string,
  sql: string,
  result: string,
  ...overloads: readonly ScalarOverloadDeclaration[]
): ScalarFunction => ({ name, doc, example: { sql, result } satisfies FunctionExample, overloads });

export const sparkTextFunctions: readonly ScalarFunction[] = [
  hash('hash', 'The hash (Murmur3 of 32 bits)', '-1321691492', INTEGER, 'sparkHash', sparkHash),
  hash('xxhash64', 'The hash (XXH64)', '5602566077635097486', BIGINT, 'sparkHashWide', sparkHashWide),
  declared(
    'soundex',
    'A letter and three digits for how an English word sounds.',
    "soundex('Miller'), soundex('Mueller')",
    'M460\tM460',
    of(['text'], TEXT, 'textSoundex', js.soundex),
  ),
  declared(
    'hex',
    'A number, a text or bytes in hexadecimal digits, in capitals; a number in 64 bits.',
    "hex(17), hex('Spark SQL'), hex(-1)",
    '11\t537061726B2053514C\tFFFFFFFFFFFFFFFF',
    of(['bigint'], TEXT, 'bigintHex', js.hexOfNumber),
    of(['text'], TEXT, 'textHex', js.hexOfBytes),
    of(['bytea'], TEXT, 'textHex', js.hexOfBytes),
  ),
  declared(
    'luhn_check',
    "Is the last digit the check digit of Luhn's formula, as in numbers of cards?",
    "luhn_check('8112189876'), luhn_check('79927398714')",
    't\tf',
    of(['text'], BOOLEAN, 'textLuhnCheck', js.luhnCheck),
  ),
  declared(
    'url_encode',
    'A text as part of a URL: a space becomes +, what is no letter, digit or one of .-*_ becomes % and two digits a byte.',
    "url_encode('a b/é')",
    'a+b%2F%C3%A9',
    of(['text'], TEXT, 'textUrlEncode', url.urlEncode),
  ),
  declared(
    'url_decode',
    'The text that url_encode was given.',
    "url_decode('a+b%2F%C3%A9')",
    'a b/é',
    of(['text'], TEXT, 'textUrlDecode', url.urlDecode),
  ),
  declared(
    'try_url_decode',
    'As url_decode; NULL of what it would refuse.',
    "try_url_decode('a+b'), try_url_decode('%zz')",
    'a b\tNULL',
    of(['text'], TEXT, 'textUrlDecode', url.tryUrlDecode, { nullable: true, declinedIsNull: true }),
  ),
  declared(
    'parse_url',
    'A part of a URL: PROTOCOL, AUTHORITY, USERINFO, HOST, PATH, QUERY, REF or FILE (path and query). NULL where there is none, or no URL.',
    "parse_url('http://spark.apache.org:80/path?query=1', 'HOST')",
    'spark.apache.org',
    of(['text', 'text'], TEXT, 'textUrlPart', url.urlPart, nullText),
  ),
  {
    name: 'in_base',
    internal: true,
    doc: 'A number of one base in another. conv stands for it.',
    overloads: [of(['text', 'integer', 'integer'], TEXT, 'textInBase', js.inBase, nullText)],
  },
  {
    name: 'url_value',
    internal: true,
    doc: 'The value of a key in the query of a URL. parse_url stands for it.',
    overloads: [of(['text', 'text'], TEXT, 'textUrlValue', url.urlValue, nullText)],
  },
];
