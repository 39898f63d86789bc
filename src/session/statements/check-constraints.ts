import type { CheckDefinition, ColumnDefinition, TableDefinition } from '../../catalog/table-definition.js';
import { userError } from '../../common/errors.js';
import type * as Ast from '../../parser/index.js';
import { parseExpression } from '../../parser/index.js';
import type { RowViolation } from '../../planner/physical/physical-plan.js';
import { planRowPredicates } from '../../planner/plan-row-expressions.js';
import { sourceText } from './column-defaults.js';
import { columnsIn, namesIn } from './column-references.js';
import { plannerContext } from './query-statement.js';
import type { StatementContext } from './statement-context.js';
import { withoutPositionsNow } from './without-positions.js';

/** The checks that rows of a table must pass; undefined if there are none. */
export function violationsOf(
  context: StatementContext,
  table: string,
  definition: Pick<TableDefinition, 'checks' | 'columns'> | undefined,
): readonly RowViolation[] | undefined {
  const { checks = [], columns = [] } = definition ?? {};
  if (checks.length === 0) return undefined;
  const conditions = checks.map(({ expression }) => parseExpression(expression));
  const names = namesIn(conditions);
  const predicates = withoutPositionsNow(() =>
    planRowPredicates(conditions.map(negated), { names, columns }, plannerContext(context)),
  );
  return predicates.map((predicate, i) => ({ table, constraint: checks[i]!.name, predicate }));
}

/** The definitions of new CHECK constraints, with names; fails where one cannot be computed of the table's columns. */
export function checkDefinitions(
  context: StatementContext,
  table: string,
  columns: readonly ColumnDefinition[],
  checks: readonly Ast.CheckConstraint[],
  known: readonly Pick<CheckDefinition, 'name'>[] = [],
): CheckDefinition[] {
  planRowPredicates(
    checks.map(({ expression }) => expression),
    { names: [table], columns },
    plannerContext(context),
  );
  const names = new Set(known.map(({ name }) => name));
  return checks.map(({ name: written, expression, position, end }) => {
    if (written !== undefined && names.has(written.name)) {
      const isOld = known.some(({ name }) => name === written.name);
      const what = isOld
        ? `constraint "${written.name}" for relation "${table}"`
        : `check constraint "${written.name}"`;
      throw userError('42710', `${what} already exists`, {
        position: written.position,
        hint: 'Choose another name.',
      });
    }
    const name = written?.name ?? freeName(nameOf(table, expression), names);
    names.add(name);
    return { name, expression: sourceText(context, { position, end }) };
  });
}

/** As PostgreSQL calls a constraint that is given no name: after the column, if it reads only one. */
function nameOf(table: string, expression: Ast.Expression): string {
  const columns = columnsIn(expression);
  return columns.size === 1 ? `${table}_${[...columns][0]}_check` : `${table}_check`;
}

/** `name`, or with a number behind it. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let number = 1; ; number++) if (!taken.has(`${name}${number}`)) return `${name}${number}`;
}

function negated(operand: Ast.Expression): Ast.Expression {
  return { kind: 'not', operand, position: operand.position };
}
