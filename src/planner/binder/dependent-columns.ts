import type { ColumnExpression } from '../expression.js';
import type { ColumnIds, LogicalColumn, ProjectItem } from '../logical/logical-plan.js';
import type { GroupKeys } from './bind-group-by.js';
import type { Namespace, ScopeTable } from './scope.js';

/**
 * Columns that a SELECT may use as they are since it groups by what determines them, as in PostgreSQL: those of a table by
 * its primary key, and a column of USING by the side whose value it is, in another type. They
 * become keys themselves: were rows to differ though their key is the same, which nothing prevents, each stays a group.
 */
export class DependentColumns {
  private readonly candidates: ReadonlyMap<number, LogicalColumn>;
  private readonly items = new Map<number, ProjectItem>();
  private readonly ids: ColumnIds;

  constructor(keys: GroupKeys | undefined, { tables, visible }: Namespace, ids: ColumnIds) {
    this.ids = ids;
    const grouped = keys ? columnsOfAllSets(keys) : new Set<number>();
    const isGrouped = ({ key }: ScopeTable): boolean => key?.every((column) => grouped.has(column)) ?? false;
    const columns = [
      ...tables.filter(isGrouped).flatMap((table) => table.columns),
      ...visible.filter(({ determinedBy }) => determinedBy !== undefined && grouped.has(determinedBy)),
    ];
    this.candidates = new Map(columns.map(({ column }) => [column.id, column]));
  }

  /** The key that a column becomes; undefined where no key determines it. */
  find(reference: ColumnExpression): ProjectItem | undefined {
    const id = reference.column;
    const known = this.items.get(id);
    const column = this.candidates.get(id);
    if (known !== undefined || column === undefined) return known;
    const item = { column: this.ids.column(column.name, column.type, true), expression: reference };
    this.items.set(id, item);
    return item;
  }

  /** The keys of GROUP BY and, in each of its sets, those that have been found. */
  with(keys: GroupKeys): GroupKeys {
    if (this.items.size === 0) return keys;
    const added = [...this.items.values()];
    const places = added.map((_, i) => keys.items.length + i);
    return { ...keys, items: [...keys.items, ...added], sets: keys.sets?.map((set) => [...set, ...places]) };
  }
}

/** Columns that each grouping set has as keys. */
function columnsOfAllSets({ items, sets }: GroupKeys): ReadonlySet<number> {
  const isInAll = (index: number): boolean => sets?.every((set) => set.includes(index)) ?? true;
  return new Set(
    items.flatMap(({ expression }, i) => (expression.kind === 'column' && isInAll(i) ? [expression.column] : [])),
  );
}
