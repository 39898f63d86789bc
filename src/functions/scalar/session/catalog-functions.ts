import { userError } from '../../../common/errors.js';
import { BIGINT, BOOLEAN, type SqlTypeKind, TEXT } from '../../../types/sql-type.js';
import type { ScalarFunction, ScalarOverloadDeclaration, VectorCreate } from '../../function-types.js';

/*
 * What clients ask of PostgreSQL's catalog. A lake has neither users with privileges nor numbers of objects: whoever is
 * connected may do everything.
 */

const PRIVILEGES: ReadonlySet<string> = new Set(
  'select insert update delete truncate references trigger maintain usage create connect temporary temp execute set member'.split(
    ' ',
  ),
);

/** Names of privileges, separated by commas, each with what lets it be handed on. */
const hasPrivilege: VectorCreate = () => (args) => {
  for (const written of (args.at(-1) as string).split(',')) {
    const name = written.trim().replace(/ with (grant|admin) option$/i, '');
    if (!PRIVILEGES.has(name.toLowerCase())) {
      throw userError('22023', `unrecognized privilege type: "${written.trim()}"`);
    }
  }
  return true;
};

/** `places` are the kinds of what comes before the privilege; a user may come before all. */
function privilege(
  name: string,
  what: string,
  example: string,
  places: readonly (readonly SqlTypeKind[])[],
  differs?: string,
): ScalarFunction {
  const lists = places.flatMap((kinds): SqlTypeKind[][] => [
    [...kinds, 'text'],
    ['text', ...kinds, 'text'],
  ]);
  return {
    name,
    doc: `May the user ${what}? Always: a lake knows no privileges.`,
    example: { sql: example, result: 't', ...(differs === undefined ? {} : { differs }) },
    overloads: lists.map((args) => ({
      args,
      returns: BOOLEAN,
      fallible: true,
      volatility: 'stable',
      implementation: { kind: 'vector', create: hasPrivilege },
    })),
  };
}

const description = (name: string, of: string, example: string, ...lists: SqlTypeKind[][]): ScalarFunction => ({
  name,
  doc: `The comment on ${of} of that number: NULL, since nothing has a number here. SHOW CREATE TABLE shows comments.`,
  example: { sql: example, result: 'NULL' },
  overloads: lists.map((args) => ({
    args,
    returns: TEXT,
    implementation: { kind: 'spelled', sql: 'null::text' },
    strict: false,
  })),
});

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;
const UNIT_BYTES = 1024;

/**
 * Up to 10240 of a unit, halves away from zero. From 10 kB on PostgreSQL counts in halves of a unit, cut towards zero:
 * `halves` are those of so many bytes each, `half` rounds them away.
 */
function prettySize(
  kind: SqlTypeKind,
  halves: (byteCount: number) => string,
  half: (count: string) => string,
): ScalarOverloadDeclaration {
  const last = UNITS.length - 1;
  const branches = UNITS.slice(1).map((unit, i) => {
    const count = halves(UNIT_BYTES ** (i + 1) / 2);
    const size = `${half(`(${count} + case when ${count} < 0 then -1 else 1 end)`)} || ' ${unit}'`;
    return i + 1 === last ? `else ${size}` : `when ${count} between -20478 and 20478 then ${size}`;
  });
  const sql = `case when $1 is null then null when $1 > -10240 and $1 < 10240 then $1 || ' bytes' ${branches.join(' ')} end`;
  return { args: [kind], returns: TEXT, strict: false, implementation: { kind: 'spelled', sql } };
}

function bytesOfSize(text: string): bigint {
  const match = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*([A-Za-z]*)\s*$/.exec(text);
  const invalid = (): Error => userError('22023', `invalid size: "${text}"`);
  if (match === null) throw invalid();
  const name = match[2]!.toLowerCase();
  const power = name === '' || name === 'b' ? 0 : UNITS.findIndex((unit) => unit.toLowerCase() === name);
  if (power < 0) {
    throw userError('22023', `invalid size: "${text}"`, {
      detail: `Invalid size unit: "${match[2]}".`,
      hint: 'Valid units are "bytes", "B", "kB", "MB", "GB", "TB", and "PB".',
    });
  }
  const [, sign, whole, fraction = '', exponent = '0'] = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(match[1]!)!;
  const shift = Number(exponent) - fraction.length;
  if (Math.abs(shift) > 100) throw invalid();
  const digits = BigInt(whole! + fraction) * BigInt(UNIT_BYTES) ** BigInt(power);
  const tens = 10n ** BigInt(Math.abs(shift));
  const bytes = shift >= 0 ? digits * tens : (digits + tens / 2n) / tens;
  const result = sign === '-' ? -bytes : bytes;
  if (BigInt.asIntN(64, result) !== result) throw userError('22003', 'bigint out of range');
  return result;
}

export const catalogFunctions: readonly ScalarFunction[] = [
  privilege('has_table_privilege', 'use a table', "has_table_privilege('pg_class', 'SELECT')", [['text'], ['bigint']]),
  privilege('has_any_column_privilege', 'use columns', "has_any_column_privilege('pg_class', 'SELECT')", [
    ['text'],
    ['bigint'],
  ]),
  privilege('has_column_privilege', 'use a column', "has_column_privilege('pg_class', 'relname', 'SELECT')", [
    ['text', 'text'],
    ['bigint', 'text'],
    ['text', 'smallint'],
    ['bigint', 'smallint'],
  ]),
  privilege('has_schema_privilege', 'use a schema', "has_schema_privilege('public', 'USAGE')", [['text'], ['bigint']]),
  privilege('has_database_privilege', 'use a database', "has_database_privilege('template1', 'CONNECT')", [
    ['text'],
    ['bigint'],
  ]),
  privilege(
    'has_sequence_privilege',
    'use a sequence',
    "has_sequence_privilege('s', 'USAGE')",
    [['text'], ['bigint']],
    'A sequence must exist there.',
  ),
  privilege('has_function_privilege', 'call a function', "has_function_privilege('now()', 'EXECUTE')", [
    ['text'],
    ['bigint'],
  ]),
  privilege('pg_has_role', 'act as a role', "pg_has_role('analyst', 'USAGE')", [['text'], ['bigint']]),
  description('obj_description', 'the object', "obj_description(1, 'pg_class')", ['bigint', 'text'], ['bigint']),
  description('col_description', 'the column of the table', 'col_description(1, 1)', ['bigint', 'integer']),
  description('shobj_description', 'the database', "shobj_description(0, 'pg_database')", ['bigint', 'text']),
  {
    name: 'pg_size_pretty',
    doc: 'A number of bytes in the unit in which it is short.',
    example: { sql: 'pg_size_pretty(10240::bigint), pg_size_pretty(123456789012)', result: '10 kB\t115 GB' },
    overloads: [
      prettySize(
        'bigint',
        (byteCount) => `($1 / ${byteCount})`,
        (count) => `${count} / 2`,
      ),
      prettySize(
        'decimal',
        (byteCount) => `div($1, ${byteCount})`,
        (count) => `div(${count}, 2)`,
      ),
    ],
  },
  {
    name: 'pg_size_bytes',
    doc: 'The number of bytes that a size with a unit is.',
    example: { sql: "pg_size_bytes('1.5 kB')", result: '1536' },
    overloads: [
      {
        args: ['text'],
        returns: BIGINT,
        fallible: true,
        implementation: {
          kind: 'kernel',
          kernel: 'textToSize',
          block: true,
          fallback: () => (args) => bytesOfSize(args[0] as string),
        },
      },
    ],
  },
];
