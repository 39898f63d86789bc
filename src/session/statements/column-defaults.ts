import type { ColumnDefinition } from '../../catalog/table-definition.js';
import { MillraceError, notSupportedError, userError } from '../../common/errors.js';
import type * as Ast from '../../parser/index.js';
import { type DefaultClause, findNode, parseExpression } from '../../parser/index.js';
import type { Expression } from '../../planner/expression.js';
import { substituteColumns } from '../../planner/logical/expression-tree.js';
import type { PhysicalNode } from '../../planner/physical/physical-plan.js';
import type { SqlType } from '../../types/sql-type.js';
import { referencesIn } from './column-references.js';
import * as make from './make-syntax.js';
import { planQueryOf } from './query-statement.js';
import type { StatementContext } from './statement-context.js';
import { withoutPositions } from './without-positions.js';

/** The text of a DEFAULT clause, which is kept; fails where it is none for a column of that type. */
export async function defaultTextOf(
  context: StatementContext,
  clause: DefaultClause,
  name: string,
  type: SqlType,
): Promise<string> {
  assertStandsAlone(clause);
  await planDefault(context, clause.expression, name, type).catch((error: unknown) => {
    if (!(error instanceof MillraceError) || error.code !== '42804') throw error;
    const { message, hint } = error;
    throw userError('42804', message.replace('but expression', 'but default expression'), { hint, cause: error });
  });
  return sourceText(context, clause);
}

/** A part of the statement, as it was written. */
export function sourceText(
  { sql, sqlOffset }: StatementContext,
  { position, end }: { readonly position: number; readonly end: number },
): string {
  return sql.slice(position - sqlOffset, end - sqlOffset);
}

/** What stands for DEFAULT among the values of an INSERT. */
export function defaultSyntaxOf(column: ColumnDefinition | undefined, position: number): Ast.Expression {
  return column?.default === undefined ? { kind: 'nullLiteral', position } : parseExpression(column.default);
}

/** What a column gets that the query of an INSERT does not supply. */
export async function defaultExpressionOf(
  context: StatementContext,
  { name, type, default: text }: ColumnDefinition,
): Promise<Expression> {
  if (text === undefined) return { kind: 'constant', type, value: null };
  return await withoutPositions(() => planDefault(context, parseExpression(text), name, type));
}

/** An expression that reads no columns: it can be computed beside any row. */
async function planDefault(
  context: StatementContext,
  expression: Ast.Expression,
  name: string,
  type: SqlType,
): Promise<Expression> {
  const { plan } = await planQueryOf(context, make.query([expression], [], undefined), [], {
    targetTypes: [type],
    targetNames: [name],
  });
  const found = rowOf(plan)?.[0];
  if (found !== undefined) return found;
  throw notSupportedError('cannot use subquery in DEFAULT expression', { position: expression.position });
}

/** The expressions of the only row of a plan that reads nothing. */
function rowOf(plan: PhysicalNode): readonly Expression[] | undefined {
  if (plan.kind === 'values') return plan.rows.length === 1 ? plan.rows[0] : undefined;
  const input = plan.kind === 'project' ? rowOf(plan.input) : undefined;
  if (plan.kind !== 'project' || input === undefined) return undefined;
  const columns = new Map(input.entries());
  return plan.expressions.map((expression) => substituteColumns(expression, columns));
}

function assertStandsAlone({ expression }: DefaultClause): void {
  const [reference] = referencesIn(expression);
  const subquery = findNode(expression, (node) => 'query' in node);
  if (reference !== undefined && !(subquery && subquery.position <= reference.position)) {
    throw notSupportedError('cannot use column reference in DEFAULT expression', { position: reference.position });
  }
  if (subquery !== undefined) {
    throw notSupportedError('cannot use subquery in DEFAULT expression', { position: subquery.position });
  }
}
