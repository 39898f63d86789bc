import { userError } from '../../common/errors.js';
import type { CloseCursorStatement, DeclareCursorStatement, FetchCursorStatement } from '../../parser/index.js';
import type { ConstantExpression } from '../../planner/expression.js';
import { Cursor } from '../cursors.js';
import { ScrollCursor } from '../scroll-cursor.js';
import type { StatementResult } from '../statement-result.js';
import { planQueryOf } from './query-statement.js';
import type { StatementContext } from './statement-context.js';

export async function declareCursor(
  context: StatementContext,
  { name, scroll, hold, query }: DeclareCursorStatement,
  parameters: readonly ConstantExpression[],
): Promise<StatementResult> {
  const { session, engine } = context;
  if (!hold && !session.transaction.isOpen) {
    throw userError('25P01', 'DECLARE CURSOR can only be used in transaction blocks', {
      hint: 'Write BEGIN before it, or declare it WITH HOLD.',
    });
  }
  session.cursors.assertFree(name.name);
  const { plan, columns } = await planQueryOf(context, query, parameters);
  const savepoints = session.transaction.savepointCount;
  const Kind = scroll === true ? ScrollCursor : Cursor;
  const cursor = new Kind(engine.executor, { name: name.name, plan, columns, hold, savepoints });
  cursor.isInBlock = session.transaction.isOpen;
  session.cursors.add(cursor);
  return { kind: 'done', completion: { command: 'DECLARE CURSOR', rowCount: undefined } };
}

/** FETCH gives rows, MOVE only counts them. */
export function fetchCursor({ session }: StatementContext, statement: FetchCursorStatement): StatementResult {
  const cursor = session.cursors.find(statement.cursor.name);
  if (cursor instanceof ScrollCursor) return { kind: 'scroll', cursor, motion: statement, moves: statement.move };
  const { skip, count } = distanceOf(statement, cursor);
  return { kind: 'fetch', cursor, skip, count, moves: statement.move };
}

function distanceOf(
  { direction, count, position }: FetchCursorStatement,
  cursor: Cursor,
): { readonly skip: number; readonly count: number } {
  const rows = count === 'all' ? Number.POSITIVE_INFINITY : count;
  if (direction === 'forward' && rows > 0) return { skip: 0, count: rows };
  const distance = direction === 'absolute' ? rows - cursor.rowsBefore : rows;
  const isForward = direction === 'relative' || (direction === 'absolute' && rows > 0);
  if (isForward && distance > 0) return { skip: distance - 1, count: 1 };
  throw userError('55000', 'cursor can only scan forward', {
    position,
    hint: 'Declare it with SCROLL option to enable backward scan.',
  });
}

export async function closeCursor(
  { session }: StatementContext,
  { cursor }: CloseCursorStatement,
): Promise<StatementResult> {
  if (cursor === undefined) await session.cursors.closeAll();
  else await session.cursors.close(cursor.name);
  const command = cursor === undefined ? 'CLOSE CURSOR ALL' : 'CLOSE CURSOR';
  return { kind: 'done', completion: { command, rowCount: undefined } };
}
