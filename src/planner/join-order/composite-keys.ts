import { columnsOf } from '../logical/expression-tree.js';
import type { LogicalNode } from '../logical/logical-plan.js';
import { estimate } from '../statistics/estimate.js';
import type { ClassMember } from './join-graph.js';
import { type RelationSet, setOf } from './relation-set.js';

/** Two relations that are joined by several columns at once. */
export interface CompositeKey {
  readonly relations: RelationSet;
  /** The one with the higher number: of several keys that it has, one counts. */
  readonly later: RelationSet;
  /** How many times as many rows there are as independent columns would make. */
  readonly factor: number;
}

type Classes = readonly (readonly ClassMember[])[];

/**
 * Columns that join two relations together have no more distinct combinations than either of them has rows: one refers
 * to the other's whole key. Filters on other columns do not change that. The largest factors come first.
 */
export function compositeKeys(
  classes: Classes,
  relations: readonly LogicalNode[],
  domainOf: (members: readonly ClassMember[]) => number,
): CompositeKey[] {
  const keys: CompositeKey[] = [];
  for (let one = 0; one < relations.length; one++) {
    for (let other = one + 1; other < relations.length; other++) {
      const pairs = classes.map((members) => membersOf(members, one, other)).filter((pair) => pair.length === 2);
      if (pairs.length < 2) continue;
      const factor = factorOf(pairs, [relations[one]!, relations[other]!], domainOf);
      if (factor > 1) keys.push({ relations: setOf(one) | setOf(other), later: setOf(other), factor });
    }
  }
  return keys.sort((a, b) => b.factor - a.factor);
}

const membersOf = (members: readonly ClassMember[], one: number, other: number): ClassMember[] =>
  [one, other].flatMap((relation) => members.find((member) => member.relation === relation) ?? []);

function factorOf(
  pairs: Classes,
  relations: readonly LogicalNode[],
  domainOf: (members: readonly ClassMember[]) => number,
): number {
  const each = pairs.map(domainOf);
  const independent = each.reduce((product, domain) => product * domain, 1);
  const combinations = relations.map((relation, side) => {
    const ids = pairs.map((pair) => pair[side]!.column.id);
    const columns = estimate(relation).columns;
    const rows = rowsWithKeys(relation, new Set(ids));
    return ids.reduce((product, id) => product * (columns.get(id)?.distinct ?? rows), 1) > rows ? rows : undefined;
  });
  const bounds = combinations.filter((rows) => rows !== undefined);
  if (bounds.length === 0) return 1;
  return independent / Math.max(...each, Math.min(...bounds));
}

/** Rows of a relation if it were filtered by its key columns alone. */
function rowsWithKeys(relation: LogicalNode, ids: ReadonlySet<number>): number {
  if (relation.kind !== 'scan') return estimate(relation).rows;
  const onKeys = relation.filters.filter((filter) => [...columnsOf(filter)].every((id) => ids.has(id)));
  return onKeys.length === relation.filters.length
    ? estimate(relation).rows
    : estimate({ ...relation, filters: onKeys }).rows;
}
