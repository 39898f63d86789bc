import type { ColumnDefinition } from '../../catalog/table-definition.js';
import { userError } from '../../common/errors.js';
import type { Identifier, InsertStatement, Query, Expression as Syntax } from '../../parser/index.js';
import { outputPosition } from '../../planner/binder/output-position.js';
import type { SqlType } from '../../types/sql-type.js';
import { arrayOfParts, type Part, partsOf, withPart } from './assigned-parts.js';
import { columnNamed } from './insert-target.js';
import * as make from './make-syntax.js';
import { isQuery } from './numbered-rows.js';
import { describeQueryOf } from './query-statement.js';
import { getTable } from './relation-names.js';
import type { StatementContext } from './statement-context.js';

/** A column, and which of the written values it consists of. */
interface AssembledColumn {
  readonly name: Identifier;
  readonly definition: ColumnDefinition;
  readonly values: { readonly place: number; readonly parts: readonly Part[] }[];
}

const GIVEN = 'given';

/** `INSERT INTO t (a[1], a[2], c.field)`: as if the columns were listed whole, and their values put together. */
export async function withWholeColumns(
  context: StatementContext,
  statement: InsertStatement,
  parameterTypes: readonly (SqlType | undefined)[],
): Promise<InsertStatement> {
  const { columns, parts, source } = statement;
  if (parts === undefined || source === undefined) return { ...statement, parts: undefined };
  const table = await getTable(context, statement.table, 'insert into');
  const assembled: AssembledColumn[] = [];
  for (const [place, name] of columns.entries()) {
    const definition = columnNamed(table, name, new Map());
    const value = { place, parts: partsOf(parts[place]) };
    const known = assembled.find((column) => column.definition === definition);
    if (known === undefined) assembled.push({ name, definition, values: [value] });
    else if (value.parts.length > 0 && known.values.every((other) => other.parts.length > 0)) known.values.push(value);
    else throw userError('42701', `column "${name.name}" specified more than once`, { position: name.position });
  }
  const whole = { ...statement, parts: undefined, columns: assembled.map(({ name }) => name) };
  const valuesOf = (given: (place: number) => Syntax): Syntax[] => assembled.map((column) => valueFor(column, given));
  const { body } = source;
  if (body.kind === 'values' && !isQuery(source)) {
    for (const row of body.rows) checkWidth(row.length, columns, (place) => row[place]?.position);
    return {
      ...whole,
      source: { ...source, body: { ...body, rows: body.rows.map((row) => valuesOf((i) => row[i]!)) } },
    };
  }
  const { length } = (await describeQueryOf(context, source, parameterTypes)).columns;
  checkWidth(length, columns, (place) => outputPosition(source, place));
  const names = columns.map((_, i) => String(i));
  const query: Query = make.query(
    valuesOf((i) => make.columnOf(GIVEN, names[i]!)),
    [make.lateral(source, GIVEN, names)],
    undefined,
  );
  return { ...whole, source: query };
}

function valueFor({ name, definition, values }: AssembledColumn, given: (place: number) => Syntax): Syntax {
  const { type } = definition;
  const { position } = name;
  const written = values.map(({ place, parts }) => ({ parts, value: given(place) }));
  const array = arrayOfParts(type, written, name);
  if (array !== undefined) return array;
  const nothing: Syntax = {
    kind: 'assigned',
    operand: { kind: 'nullLiteral', position },
    column: name.name,
    type,
    position,
  };
  return written.reduce<Syntax>((base, { parts, value }) => {
    return parts.length === 0 ? value : withPart(base, type, parts, value, name);
  }, nothing);
}

function checkWidth(
  width: number,
  columns: readonly Identifier[],
  positionOf: (place: number) => number | undefined,
): void {
  if (width === columns.length) return;
  const tooFew = width < columns.length;
  const what = tooFew ? 'more target columns than expressions' : 'more expressions than target columns';
  const position = tooFew ? columns[width]!.position : positionOf(columns.length);
  throw userError('42601', `INSERT has ${what}`, { position });
}
