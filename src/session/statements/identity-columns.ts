import { randomBytes } from 'node:crypto';
import type { ColumnDefinition, IdentityDefinition } from '../../catalog/table-definition.js';
import type { TableRelation } from '../../catalog/table-snapshot.js';
import { notSupportedError, userError } from '../../common/errors.js';
import type * as Ast from '../../parser/index.js';
import { parseExpression } from '../../parser/index.js';
import type { SqlType } from '../../types/sql-type.js';
import type { StatementContext } from './statement-context.js';

/** A column with numbers of its own: their state is kept beside the table, and survives its being renamed. */
export type IdentityColumn = ColumnDefinition & { readonly identity: IdentityDefinition };

export function identityColumns({ columns }: Pick<TableRelation, 'columns'>): readonly IdentityColumn[] {
  return columns.filter(isIdentity);
}

export function isIdentity(column: ColumnDefinition): column is IdentityColumn {
  return column.identity !== undefined;
}

const BOUNDS: Readonly<Partial<Record<SqlType['kind'], readonly [least: bigint, greatest: bigint]>>> = {
  smallint: [-(2n ** 15n), 2n ** 15n - 1n],
  integer: [-(2n ** 31n), 2n ** 31n - 1n],
  bigint: [-(2n ** 63n), 2n ** 63n - 1n],
};

/** The column as it is kept: NOT NULL, and with numbers that nobody has had. */
export function identityOf(
  { type, name }: ColumnDefinition,
  { always, options, position }: Ast.IdentityClause,
): IdentityDefinition {
  const bounds = BOUNDS[type.kind];
  const invalid = (message: string): Error => userError('22023', message, { position });
  if (bounds === undefined) throw invalid('identity column type must be smallint, integer, or bigint');
  if (options.cycles) {
    throw notSupportedError('numbers of identity columns that begin anew are not supported', {
      position,
      hint: 'Leave CYCLE out.',
    });
  }
  const increment = BigInt(options.increment ?? '1');
  if (increment === 0n) throw invalid('INCREMENT must not be zero');
  const isAscending = increment > 0n;
  const least = options.least === undefined ? (isAscending ? 1n : bounds[0]) : BigInt(options.least);
  const greatest = options.greatest === undefined ? (isAscending ? bounds[1] : -1n) : BigInt(options.greatest);
  if (least < bounds[0]) throw invalid(`MINVALUE (${least}) is out of range for sequence data type ${type.kind}`);
  if (greatest > bounds[1]) throw invalid(`MAXVALUE (${greatest}) is out of range for sequence data type ${type.kind}`);
  if (least >= greatest) throw invalid(`MINVALUE (${least}) must be less than MAXVALUE (${greatest})`);
  const start = options.start === undefined ? (isAscending ? least : greatest) : BigInt(options.start);
  if (start < least) throw invalid(`START value (${start}) cannot be less than MINVALUE (${least})`);
  if (start > greatest) throw invalid(`START value (${start}) cannot be greater than MAXVALUE (${greatest})`);
  const numbers = { start, increment, least, greatest };
  const asText = Object.fromEntries(Object.entries(numbers).map(([key, value]) => [key, String(value)]));
  return { id: newId(name), always, ...(asText as { readonly [Key in keyof typeof numbers]: string }) };
}

/** The same numbers from the beginning, for another table, or from `restart` on. */
export function renewed({ identity, name }: IdentityColumn, restart?: string): IdentityDefinition {
  return { ...identity, id: newId(name), restart };
}

/** ALTER COLUMN … RESTART: numbers of another name, so that it goes with the commit of the definition. */
export function restarted(column: IdentityColumn, next: string | undefined, position: number): IdentityDefinition {
  const { least, greatest } = column.identity;
  if (next !== undefined && (BigInt(next) < BigInt(least) || BigInt(next) > BigInt(greatest))) {
    const isLess = BigInt(next) < BigInt(least);
    const bound = isLess ? `less than MINVALUE (${least})` : `greater than MAXVALUE (${greatest})`;
    throw userError('22023', `RESTART value (${next}) cannot be ${bound}`, { position });
  }
  return renewed(column, next);
}

/** The numbers of a column that gets another type: bounds that were the type's are those of the new one. */
export function retyped(
  identity: IdentityDefinition,
  from: SqlType,
  to: SqlType,
  position: number,
): IdentityDefinition {
  const bounds = BOUNDS[to.kind];
  const before = BOUNDS[from.kind]!.map(String);
  if (bounds === undefined) {
    throw userError('22023', 'identity column type must be smallint, integer, or bigint', { position });
  }
  const least = identity.least === before[0] ? String(bounds[0]) : identity.least;
  const greatest = identity.greatest === before[1] ? String(bounds[1]) : identity.greatest;
  if (BigInt(greatest) > bounds[1] || BigInt(least) < bounds[0]) {
    throw userError('22023', `MAXVALUE (${greatest}) is out of range for sequence data type ${to.kind}`, { position });
  }
  return { ...identity, least, greatest };
}

/** Names of columns may hold what names of files may not. */
function newId(name: string): string {
  return `${name.replace(/[^a-z0-9_]/g, '').slice(0, 40)}-${randomBytes(12).toString('hex')}`;
}

const SERIAL: Readonly<Record<string, string>> = {
  smallserial: 'int2',
  serial2: 'int2',
  serial: 'int4',
  serial4: 'int4',
  bigserial: 'int8',
  serial8: 'int8',
};

/** serial is an integer that is GENERATED BY DEFAULT AS IDENTITY, or nearly so: PostgreSQL calls its numbers a default. */
export function withoutSerial(column: Ast.ColumnDefinition): Ast.ColumnDefinition {
  const { type, position } = column;
  const [name, ...others] = type.name.parts;
  const integer = others.length === 0 && type.arrayDimensions.length === 0 ? SERIAL[name!.name] : undefined;
  if (integer === undefined || column.identity !== undefined) return column;
  if (column.default !== undefined || column.generated !== undefined) {
    throw userError('42601', `multiple default values specified for column "${column.name.name}"`, { position });
  }
  const parts = [{ ...name!, name: integer }];
  return {
    ...column,
    type: { ...type, name: { ...type.name, parts } },
    identity: { kind: 'identity', always: false, options: {}, position },
  };
}

/** The first of so many numbers of a column, which nobody else gets. */
export async function nextNumbers(
  { session }: StatementContext,
  table: TableRelation,
  { name, identity }: IdentityColumn,
  count: number,
): Promise<bigint> {
  const relation = table.displayName.slice(table.displayName.lastIndexOf('.') + 1);
  return await session.catalog.lakeOf(table).reserveNumbers(identity, count, `${relation}_${name}_seq`);
}

/** The number of a row, of those that begin with `first`: `place` is its place among the rows, from 1, in SQL. */
export function numberAt(place: string, { identity }: IdentityColumn, first: bigint | string): Ast.Expression {
  return parseExpression(`(${place} - 1) * (${identity.increment})::bigint + (${first})::bigint`);
}

export function numberSyntax(value: bigint, position: number): Ast.Expression {
  const digits: Ast.Expression = { kind: 'numericLiteral', text: String(value < 0n ? -value : value), position };
  return value < 0n ? { kind: 'unary', operator: '-', operand: digits, operatorSchema: undefined, position } : digits;
}
