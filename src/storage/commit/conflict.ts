import { type MillraceError, resourceError } from '../../common/errors.js';
import type { ObjectStore } from '../object-store.js';
import { type Intent, readIntent, type TouchedPartitions } from './intent.js';
import type { TableAddress } from './lake-layout.js';
import { touchesOverlap } from './partition-set.js';
import type { TableHead } from './table-head.js';

/** What a commit about to be made asks of those made since it began. */
export interface ConflictRule {
  /** Partitions whose content is replaced; empty for one that only adds. */
  readonly replaces: TouchedPartitions;
  /** Not even a disjoint commit may come between. */
  readonly alone: boolean;
}

/**
 * Fails (40001) when a commit since `baseSequence` stands in the way: it touched a partition that this one replaces, or
 * changed the definition. A commit that only adds files never stands in the way of another such.
 */
export async function assertNoConflict(
  store: ObjectStore,
  table: TableAddress,
  baseSequence: number,
  head: TableHead | undefined,
  rule: ConflictRule,
): Promise<void> {
  if (head === undefined || head.sequence === baseSequence) return;
  if (rule.alone) throw conflictError(table);
  let fileName: string | null = head.intent;
  for (let sequence = head.sequence; sequence > baseSequence; sequence--) {
    const intent: Intent | undefined = fileName === null ? undefined : await readIntent(store, table, fileName);
    if (intent === undefined) throw conflictError(table);
    if (intent.changesDefinition || touchesOverlap(rule.replaces, intent.touches)) throw conflictError(table);
    fileName = intent.previous;
  }
}

export function conflictError(table: TableAddress): MillraceError {
  return resourceError('40001', `could not serialize access to table "${table.name}" due to a concurrent commit`, {
    detail: 'Another statement changed the same partitions, or the table itself, while this one ran.',
    hint: 'Nothing was changed. Run the statement again.',
  });
}
