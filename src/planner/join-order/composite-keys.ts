import { columnsOf } from '../logical/expression-tree.js';
import type { LogicalNode } from '../logical/logical-plan.js';
import { isUniqueOn } from '../optimizer/unique-keys.js';
import { estimate } from '../statistics/estimate.js';
import { type KeySide, keyCombinations } from '../statistics/key-combinations.js';
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
 * Columns that join two relations together have far fewer distinct combinations than independent ones would have, see
 * `keyCombinations`. Filters on other columns do not change that. The largest factors come first.
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
  const sides = relations.map((relation, side) =>
    keySideOf(
      relation,
      pairs.map((pair) => pair[side]!.column.id),
    ),
  );
  const combinations = keyCombinations(sides[0]!, sides[1]!);
  return combinations === undefined ? 1 : independent / Math.max(...each, combinations);
}

/** What a relation would have of its key columns if it were filtered by them alone. */
function keySideOf(relation: LogicalNode, ids: readonly number[]): KeySide {
  const { rows, columns } = estimate(filteredByKeys(relation, new Set(ids)));
  const distinct = ids.map((id) => columns.get(id)?.distinct ?? rows);
  return { rows, distinct, isUnique: isUniqueOn(relation, new Set(ids)) };
}

function filteredByKeys(relation: LogicalNode, ids: ReadonlySet<number>): LogicalNode {
  if (relation.kind !== 'scan') return relation;
  const onKeys = relation.filters.filter((filter) => [...columnsOf(filter)].every((id) => ids.has(id)));
  return onKeys.length === relation.filters.length ? relation : { ...relation, filters: onKeys };
}
