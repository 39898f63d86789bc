import type { CopyStatement } from '../../parser/index.js';
import type { ConstantExpression } from '../../planner/expression.js';
import type { StatementResult } from '../statement-result.js';
import { copyFrom } from './copy-from.js';
import { copyOptions } from './copy-options.js';
import { copyTo } from './copy-to.js';
import type { StatementContext } from './statement-context.js';

export async function copy(
  context: StatementContext,
  statement: CopyStatement,
  parameters: readonly ConstantExpression[],
): Promise<StatementResult> {
  const options = copyOptions(statement);
  if (statement.direction === 'to') return await copyTo(context, statement, options, parameters);
  context.session.assertMayWrite('COPY FROM');
  return await copyFrom(context, statement, options);
}
