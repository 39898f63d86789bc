import type { CheckDefinition, ColumnDefinition, KeyDefinition } from '../../catalog/table-definition.js';
import { definitionOfTable } from '../../catalog/table-definition-of.js';
import type { LikeClause, TableConstraint } from '../../parser/index.js';
import { isIdentity, renewed } from './identity-columns.js';
import * as make from './make-syntax.js';
import { describeQueryOf } from './query-statement.js';
import { getTable } from './relation-names.js';
import type { StatementContext } from './statement-context.js';

export interface LikeTable extends Pick<LikeClause, 'columnsBefore'> {
  readonly columns: readonly ColumnDefinition[];
  readonly checks: readonly CheckDefinition[];
  readonly keys: readonly TableConstraint[];
  /** Of `CREATE TABLE t LIKE u`. */
  readonly partitionColumns: readonly string[];
}

/** What LIKE takes over: names, types and NOT NULL always, the rest where INCLUDING says so. */
export async function likeTables(context: StatementContext, likes: readonly LikeClause[]): Promise<LikeTable[]> {
  const tables: LikeTable[] = [];
  for (const { table, including, columnsBefore, withPartitions, position } of likes) {
    const { session } = context;
    const relation = await session.catalog
      .locate(table)
      .then((address) => session.catalog.get(address))
      .catch(() => undefined);
    if (relation?.kind === 'view') {
      const described = await describeQueryOf(
        context,
        make.selectOf([make.starOfAll], [make.tableOf(table)], undefined),
        [],
      );
      const columns = described.columns.map(({ name, type }) => ({ name, type, nullable: true }));
      tables.push({ columnsBefore, columns, checks: [], keys: [], partitionColumns: [] });
      continue;
    }
    const definition = definitionOfTable(await getTable(context, table));
    const columns = definition.columns.map((column): ColumnDefinition => {
      const { name, type, nullable, timePrecision, default: value, generated, comment } = column;
      return {
        name,
        type,
        nullable,
        timePrecision,
        ...(including.includes('identity') && isIdentity(column) && { identity: renewed(column) }),
        ...(including.includes('defaults') && value !== undefined && { default: value }),
        ...(including.includes('generated') && generated !== undefined && { generated }),
        ...(including.includes('comments') && comment !== undefined && { comment }),
      };
    });
    const checks = including.includes('constraints') ? (definition.checks ?? []) : [];
    const key = including.includes('indexes') ? definition.primaryKey : undefined;
    const keys = key === undefined ? [] : [keyClause(key, position)];
    const partitionColumns = withPartitions === true ? definition.partitionColumns : [];
    tables.push({ columnsBefore, columns, checks, keys, partitionColumns });
  }
  return tables;
}

/** Under a name of the new table's own, as in PostgreSQL. */
function keyClause({ columns }: KeyDefinition, position: number): TableConstraint {
  return {
    kind: 'tableConstraint',
    name: undefined,
    constraint: 'primary key',
    columns: columns.map((name) => make.identifier(name)),
    position,
  };
}
