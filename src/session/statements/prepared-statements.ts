import { notSupportedError, userError } from '../../common/errors.js';
import type { DeallocateStatement, ExecuteStatement, PrepareStatement, Statement } from '../../parser/index.js';
import { plainQuery } from '../../parser/index.js';
import { bindTypeName } from '../../planner/binder/bind-type-name.js';
import type { ConstantExpression } from '../../planner/expression.js';
import { findPreparedStatement } from '../find-prepared-statement.js';
import type { PreparedStatement } from '../session.js';
import type { StatementResult } from '../statement-result.js';
import { describeStatement } from './describe-statement.js';
import { constantRow, planQueryOf } from './query-statement.js';
import type { StatementContext } from './statement-context.js';

/** What PREPARE takes: the statements that have parameters. */
const PREPARABLE: ReadonlySet<Statement['kind']> = new Set(['queryStatement', 'insert', 'delete', 'update', 'merge']);

/** PREPARE: the statement is bound now, so that its mistakes are known now; it is planned when it is executed. */
export async function prepare(context: StatementContext, statement: PrepareStatement): Promise<StatementResult> {
  const { session, sql, sqlOffset } = context;
  const { name, parameterTypes, statement: inner } = statement;
  if (!PREPARABLE.has(inner.kind)) {
    throw notSupportedError('PREPARE takes a query, an INSERT, DELETE, UPDATE or MERGE', {
      position: inner.position,
      hint: 'Other statements have no parameters: run them as they are.',
    });
  }
  if (session.preparedStatements.has(name.name)) {
    throw userError('42P05', `prepared statement "${name.name}" already exists`, {
      position: name.position,
      hint: `DEALLOCATE ${name.name} removes it.`,
    });
  }
  const described = await describeStatement(
    context,
    inner,
    parameterTypes.map((type) => bindTypeName(type)),
  );
  const text = sql.slice(inner.position - sqlOffset, inner.end - sqlOffset);
  session.preparedStatements.set(name.name, {
    statement: { text, offset: inner.position, syntax: inner },
    ...described,
  });
  return { kind: 'done', completion: { command: 'PREPARE', rowCount: undefined } };
}

export interface StatementToExecute {
  readonly prepared: PreparedStatement;
  readonly context: StatementContext;
  readonly statement: Statement;
  readonly parameters: readonly ConstantExpression[];
}

/** The statement that EXECUTE names, and the values of its parameters. */
export async function statementToExecute(
  context: StatementContext,
  statement: ExecuteStatement,
  outer: readonly ConstantExpression[],
): Promise<StatementToExecute> {
  const prepared = findPreparedStatement(context.session, statement.name);
  const { text, offset, syntax } = prepared.statement;
  return {
    prepared,
    context: { ...context, sql: text, sqlOffset: offset },
    statement: syntax as Statement,
    parameters: await argumentsOf(context, statement, prepared, outer),
  };
}

async function argumentsOf(
  context: StatementContext,
  statement: ExecuteStatement,
  { parameterTypes }: PreparedStatement,
  outer: readonly ConstantExpression[],
): Promise<readonly ConstantExpression[]> {
  const { args, name, position } = statement;
  if (args.length !== parameterTypes.length) {
    throw userError('42601', `wrong number of parameters for prepared statement "${name.name}"`, {
      detail: `Expected ${parameterTypes.length} parameters but got ${args.length}.`,
      position,
    });
  }
  if (args.length === 0) return [];
  const query = plainQuery({ kind: 'values', rows: [args], position }, statement.end);
  const { plan } = await planQueryOf(context, query, outer, {
    targetTypes: parameterTypes,
    targetNames: parameterTypes.map((_, index) => `$${index + 1}`),
  });
  const row = constantRow(context, plan);
  if (row !== undefined) return row;
  throw notSupportedError('the arguments of EXECUTE must be constants', {
    position: args[0]!.position,
    hint: 'Compute them in a query first, or write the query without PREPARE.',
  });
}

export function deallocate({ session }: StatementContext, { name }: DeallocateStatement): StatementResult {
  if (name === undefined) session.preparedStatements.clear();
  else if (!session.preparedStatements.delete(name.name)) {
    throw userError('26000', `prepared statement "${name.name}" does not exist`, { position: name.position });
  }
  const command = name === undefined ? 'DEALLOCATE ALL' : 'DEALLOCATE';
  return { kind: 'done', completion: { command, rowCount: undefined } };
}
