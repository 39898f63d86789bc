import type { ColumnDefinition, TableDefinition } from '../../catalog/table-definition.js';
import { MillraceError, userError } from '../../common/errors.js';
import { scalarOverload } from '../../functions/registry.js';
import type * as Ast from '../../parser/index.js';
import { parseExpression } from '../../parser/index.js';
import { roundedTime } from '../../planner/binder/time-modifiers.js';
import type { Expression } from '../../planner/expression.js';
import { expressionKey, someExpression } from '../../planner/logical/expression-tree.js';
import { planRowExpressions } from '../../planner/plan-row-expressions.js';
import { columnsIn, namesIn } from './column-references.js';
import { plannerContext } from './query-statement.js';
import type { StatementContext } from './statement-context.js';
import { withoutPositionsNow } from './without-positions.js';

const CLAUSE = { one: 'column generation expression', many: 'column generation expressions' };

type Columns = readonly ColumnDefinition[];

/**
 * Columns GENERATED ALWAYS AS (…) are computed whenever their row is written, and stored: files say what they hold, to other
 * engines as well. Their expressions are immutable, so that a row that is written anew, because another of its table has
 * changed, keeps its values.
 */
export function hasGenerated({ columns }: Pick<TableDefinition, 'columns'>): boolean {
  return columns.some(({ generated }) => generated !== undefined);
}

/** The columns that are not generated: what `*` of MERGE means, and COPY of a table. */
export function givenColumns({ columns }: Pick<TableDefinition, 'columns'>): Columns {
  return columns.filter(({ generated }) => generated === undefined);
}

/** A row as it is written, of its columns by their ordinals: generated ones are computed, the others as they are. */
export function completedRow(context: StatementContext, columns: Columns): readonly Expression[] {
  const written = columns.flatMap((column) => (column.generated === undefined ? [] : [assigning(column)]));
  const planned = withoutPositionsNow(() =>
    planRowExpressions(
      written,
      { names: namesIn(written), columns },
      { ...plannerContext(context), timeZone: undefined },
      CLAUSE,
    ),
  );
  let next = 0;
  return columns.map(({ type, generated, timePrecision }, column) =>
    generated === undefined ? { kind: 'column', type, column } : roundedTime(planned[next++]!, timePrecision),
  );
}

function assigning({ name, type, generated }: ColumnDefinition): Ast.Expression {
  return { kind: 'assigned', operand: parseExpression(generated!), column: name, type, position: 0 };
}

/**
 * Fails where a generated column that is new cannot be computed of the others, or would not be the same each time; and where
 * one, be it copied from another table, would decide which partition its row is in: changes of other columns would move it.
 */
export function checkGenerated(
  context: StatementContext,
  table: string,
  { columns, partitionColumns }: Pick<TableDefinition, 'columns' | 'partitionColumns'>,
  clauses: ReadonlyMap<string, Ast.DefaultClause>,
): void {
  for (const { name, generated } of columns) {
    if (generated === undefined || !partitionColumns.includes(name)) continue;
    throw userError('42P17', 'cannot use generated column in partition key', {
      position: clauses.get(name)?.position,
      detail: `Column "${name}" is a generated column.`,
      hint: 'Compute the column in the query that writes the rows.',
    });
  }
  for (const [name, clause] of clauses) checkExpression(context, table, columns, name, clause);
}

function checkExpression(
  context: StatementContext,
  table: string,
  columns: Columns,
  name: string,
  { expression, position }: Ast.DefaultClause,
): void {
  const { type } = columns.find((column) => column.name === name)!;
  const used = columnsIn(expression);
  const generated = columns.find((column) => column.generated !== undefined && used.has(column.name));
  if (generated !== undefined) {
    throw userError('42P17', `cannot use generated column "${generated.name}" in column generation expression`, {
      position,
      detail: 'A generated column cannot reference another generated column.',
    });
  }
  const settings = plannerContext(context);
  const notImmutable = (): Error =>
    userError('42P17', 'generation expression is not immutable', {
      position,
      hint: 'It may not depend on the time, on the session, or on its time zone.',
    });
  const planIn = (timeZone: string | undefined): Expression => {
    const operand = { kind: 'assigned', operand: expression, column: name, type, position } as const;
    const [planned] = planRowExpressions(
      [operand],
      { names: [table], columns },
      {
        ...settings,
        timeZone,
        sessionValue: (value, args) => {
          if (settings.sessionValue(value, args) !== undefined) throw notImmutable();
          return undefined;
        },
      },
      CLAUSE,
    );
    return planned!;
  };
  try {
    const planned = planIn(undefined);
    const isImmutable = !someExpression(planned, isNotImmutable);
    // What reads clocks of the session's zone is another expression in another zone.
    if (!isImmutable || expressionKey(planned) !== expressionKey(planIn('Asia/Tokyo'))) throw notImmutable();
  } catch (error) {
    if (!(error instanceof MillraceError) || error.code !== '42804') throw error;
    const message = error.message.replace('but expression', 'but default expression');
    throw userError('42804', message, { position: error.position, hint: error.hint, cause: error });
  }
}

function isNotImmutable(part: Expression): boolean {
  return part.kind === 'call' && (scalarOverload(part.overload).volatility ?? 'immutable') !== 'immutable';
}

/** Generated columns that are computed of a column. */
export function generatedOf(columns: Columns, name: string): Columns {
  return columns.filter(({ generated }) => generated !== undefined && columnsIn(parseExpression(generated)).has(name));
}

/** Only DEFAULT may be written into a generated column, and into an identity column that is GENERATED ALWAYS. */
export function assertAssignable(
  { name, generated, identity }: ColumnDefinition,
  value: Pick<Ast.Expression, 'kind' | 'position'> | undefined,
  change: 'insert' | 'update',
): void {
  if ((generated === undefined && !identity?.always) || value?.kind === 'defaultValue') return;
  const message =
    change === 'insert'
      ? `cannot insert a non-DEFAULT value into column "${name}"`
      : `column "${name}" can only be updated to DEFAULT`;
  throw userError('428C9', message, {
    position: value?.position,
    detail:
      generated === undefined
        ? `Column "${name}" is an identity column defined as GENERATED ALWAYS.`
        : `Column "${name}" is a generated column.`,
    hint: hintOf(generated, change),
  });
}

function hintOf(generated: string | undefined, change: 'insert' | 'update'): string {
  if (generated !== undefined) {
    return change === 'insert' ? 'List the columns that have values, without it.' : `It is always ${generated}.`;
  }
  return change === 'insert' ? 'Use OVERRIDING SYSTEM VALUE to override.' : 'Its numbers stay as they were given.';
}
