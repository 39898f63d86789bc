import { closure, type ScopeConflicts } from './conflicts.js';
import type { JoinEdge } from './join-graph.js';
import type { JoinRegion, RegionScope } from './join-region.js';
import { isSubset, type RelationSet, relationsOf, setOf } from './relation-set.js';

/**
 * Edges without a condition where the others do not connect all relations: between the smallest parts first. A part is
 * what can be joined without them, so that a cross product never stands where there is a join.
 */
export function connectGraph(
  region: JoinRegion,
  scopes: ReadonlyMap<RegionScope, ScopeConflicts>,
  edges: readonly JoinEdge[],
  rows: readonly number[],
): JoinEdge[] {
  let parts = region.relations.map((_, relation) => setOf(relation));
  const crossEdges: JoinEdge[] = [];
  for (;;) {
    parts = joinParts(parts, [...edges, ...crossEdges]);
    if (parts.length === 1) return crossEdges;
    const cross = cheapestCross(parts, [...scopes.values()], rows);
    if (!cross) return crossEdges;
    crossEdges.push(cross);
  }
}

/** Joins parts along edges as long as there is one. */
function joinParts(parts: readonly RelationSet[], edges: readonly JoinEdge[]): RelationSet[] {
  let joined = [...parts];
  const partWith = (relations: RelationSet): RelationSet | undefined =>
    joined.find((part) => isSubset(relations, part));
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    for (const edge of edges) {
      const [left, right] = [partWith(edge.left), partWith(edge.right)];
      if (left === undefined || right === undefined || left === right) continue;
      joined = [...joined.filter((part) => part !== left && part !== right), left | right];
      isChanged = true;
    }
  }
  return joined;
}

/** Two parts that may meet: of one scope, and with all that must be joined before. */
function cheapestCross(
  parts: readonly RelationSet[],
  scopes: readonly ScopeConflicts[],
  rows: readonly number[],
): JoinEdge | undefined {
  const size = (part: RelationSet): number => relationsOf(part).reduce((product, i) => product * rows[i]!, 1);
  let best: { readonly edge: JoinEdge; readonly rows: number } | undefined;
  parts.forEach((left, i) => {
    for (const right of parts.slice(i + 1)) {
      const scope = smallestScope(left | right, scopes);
      const closed = scope && closure(left, scope.rules) === left && closure(right, scope.rules) === right;
      const product = size(left) * size(right);
      if (closed && (best === undefined || product < best.rows)) {
        best = { edge: { left, right, isHashed: false, isCross: true }, rows: product };
      }
    }
  });
  return best?.edge;
}

function smallestScope(relations: RelationSet, scopes: readonly ScopeConflicts[]): ScopeConflicts | undefined {
  return scopes
    .filter((scope) => isSubset(relations, scope.relations))
    .reduce<ScopeConflicts | undefined>(
      (least, scope) => (!least || isSubset(scope.relations, least.relations) ? scope : least),
      undefined,
    );
}
