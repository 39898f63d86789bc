import type { Session } from '../../../src/session/session.js';
import { decodeDataRows } from '../../support/decode-data-rows.js';
import type { Answer } from './answer.js';

/** What a session of ours answers to one statement. */
export async function askMillrace(session: Session, sql: string): Promise<Answer> {
  try {
    const [statement] = session.parse(sql);
    const prepared = await session.prepare(statement!, []);
    const columns = prepared.columns ?? [];
    const format = { kind: 'postgres', formatCodes: columns.map(() => 0 as const) } as const;
    const execution = await session.execute(prepared, [], format);
    const rows: (string | null)[][] = [];
    for await (const chunk of execution.chunks()) rows.push(...decodeDataRows(chunk.bytes));
    await session.endStatementGroup('succeeded');
    const isFloat = columns.map(({ type }) => type.kind === 'double' || type.kind === 'real');
    return { columnNames: columns.map((column) => column.name), rows, isFloat };
  } catch (error) {
    await session.endStatementGroup('failed');
    throw error;
  }
}
