import type { ColumnDefinition } from '../../catalog/table-definition.js';
import { notSupportedError, userError } from '../../common/errors.js';
import { type Expression, mapNodes, type Query } from '../../parser/index.js';
import { planRowPredicates } from '../../planner/plan-row-expressions.js';
import { formatType, type SqlType } from '../../types/sql-type.js';
import { defaultSyntaxOf } from './column-defaults.js';
import { referencesIn } from './column-references.js';
import { isIdentity } from './identity-columns.js';
import * as make from './make-syntax.js';
import { plannerContext } from './query-statement.js';
import type { StatementContext } from './statement-context.js';

interface CopiedRows {
  /** One column for each of `columns`. */
  readonly query: Query;
  readonly columns: readonly ColumnDefinition[];
}

const CLAUSE = { one: 'COPY FROM WHERE condition', many: 'COPY FROM WHERE conditions' };

/**
 * COPY … FROM … WHERE: which rows of the file are written. As in PostgreSQL it sees the row as the table would have it,
 * with the defaults of columns that the file does not give, which are then those that are written.
 */
export function keptBy(
  context: StatementContext,
  condition: Expression,
  { query, columns }: CopiedRows,
  table: { readonly name: string; readonly columns: readonly ColumnDefinition[] },
): CopiedRows {
  const further = columnsNotGiven(condition, columns, table.columns);
  planRowPredicates([condition], { names: [table.name], columns: table.columns }, plannerContext(context), CLAUSE);
  const defaults = further.map((column) =>
    make.itemAs(make.castTo(defaultSyntaxOf(column, condition.position), readAs(column.type)), column.name),
  );
  const all = [...columns, ...further];
  const names = all.map(({ name }) => name);
  const completed = make.selectOf([make.starOfAll, ...defaults], [make.subqueryOf(query, table.name)], undefined);
  const rows = make.subqueryOf(completed, table.name, names);
  return { query: make.selectOf([make.starOfAll], [rows], withPaddedTexts(condition, all)), columns: all };
}

/** Columns that the condition reads and the file does not have. */
function columnsNotGiven(
  condition: Expression,
  given: readonly ColumnDefinition[],
  all: readonly ColumnDefinition[],
): readonly ColumnDefinition[] {
  const further = new Set<ColumnDefinition>();
  for (const { parts, position } of referencesIn(condition)) {
    const column = all.find(({ name }) => name === parts.at(-1)!.name);
    if (column === undefined || given.some(({ name }) => name === column.name)) continue;
    if (column.generated !== undefined) {
      throw userError('42P10', 'generated columns are not supported in COPY FROM WHERE conditions', {
        position,
        detail: `Column "${column.name}" is a generated column.`,
        hint: 'Write what it is computed of.',
      });
    }
    if (isIdentity(column)) {
      throw notSupportedError(`the numbers of column "${column.name}" are not known before rows are chosen`, {
        position,
        hint: 'Rows are numbered as they are written: choose them by the columns of the file.',
      });
    }
    further.add(column);
  }
  return [...further];
}

/** Texts of limited length are checked when they are assigned, not cut when they are cast. */
export function readAs(type: SqlType): string {
  return type.kind === 'varchar' || type.kind === 'char' ? 'text' : formatType(type);
}

/** Texts of the file have the blanks they were written with, which say nothing in a char(n). */
function withPaddedTexts(condition: Expression, columns: readonly ColumnDefinition[]): Expression {
  const types = new Map(columns.flatMap(({ name, type }) => (type.kind === 'char' ? [[name, formatType(type)]] : [])));
  if (types.size === 0) return condition;
  return mapNodes(condition, (node) => {
    const type = node.kind === 'columnReference' ? types.get(node.parts.at(-1)!.name) : undefined;
    return type === undefined ? undefined : make.castTo(node as Expression, type);
  });
}
