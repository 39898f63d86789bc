import type { ColumnDefinition } from '../../catalog/table-definition.js';
import type { TableRelation } from '../../catalog/table-snapshot.js';
import type * as Ast from '../../parser/index.js';
import { mapNodes } from '../../parser/index.js';
import { identityColumns, nextNumbers, numberAt } from './identity-columns.js';
import { droppingOnFailure, type KeptRows, keepRows, keptColumn } from './kept-rows.js';
import * as make from './make-syntax.js';
import { countRows } from './query-rows.js';
import { planQueryOf } from './query-statement.js';
import type { StatementContext } from './statement-context.js';
import { withoutPositions } from './without-positions.js';

/** By the names of identity columns, which of the rows that were kept are to get a number: what DEFAULT stood for. */
export type WantedNumbers = ReadonlyMap<string, Ast.Expression>;

/** The columns under which rows are kept until they have their numbers. */
export function withoutNumbers(columns: readonly ColumnDefinition[], wanted: WantedNumbers): ColumnDefinition[] {
  return columns.map((column) => (wanted.has(column.name) ? { ...column, nullable: true } : column));
}

/** Reserves the numbers that are wanted, and keeps the rows anew with them, in `columns`; what was kept before is dropped. */
export async function withWantedNumbers(
  context: StatementContext,
  table: TableRelation,
  kept: KeptRows,
  columns: readonly ColumnDefinition[],
  wanted: WantedNumbers,
): Promise<KeptRows> {
  if (wanted.size === 0) return kept;
  return await droppingOnFailure(kept, async () => {
    const values = new Map<string, Ast.Expression>();
    for (const column of identityColumns(table)) {
      const isWanted = wanted.get(column.name);
      if (isWanted === undefined) continue;
      const count = await countRows(context, make.query([make.countAll], [kept.rows], isWanted));
      if (count === 0) continue;
      const first = await nextNumbers(context, table, column, count);
      const number = mapNodes(numberAt('place', column, first), (node) =>
        node.kind === 'columnReference' ? make.rowNumber([isWanted]) : undefined,
      );
      values.set(column.name, make.choice(isWanted, number, keptColumn(column.name)));
    }
    const items = columns.map(({ name }) => values.get(name) ?? keptColumn(name));
    const options = { targetTypes: columns.map(({ type }) => type), targetNames: columns.map(({ name }) => name) };
    const rows = make.query(items, [kept.rows], undefined);
    const planned = await withoutPositions(() => planQueryOf(context, rows, [], options));
    const numbered = await keepRows(context, planned, columns);
    await kept.drop();
    return numbered;
  });
}
