import type { Expression } from '../expression.js';
import type { LogicalJoin, LogicalNode } from '../logical/logical-plan.js';

/**
 * A part of a plan in which joins may change places: relations, the operators between them, and conditions.
 *
 * A _scope_ is a part of the region in which the conditions of inner joins and filters can wait: they hold for every row
 * that leaves it. What is left of a left, semi or anti join belongs to the scope of the join; its right side, and both
 * sides of a full join, are scopes of their own.
 */
export interface JoinRegion {
  readonly relations: readonly LogicalNode[];
  readonly root: RegionScope;
}

export interface RegionScope {
  readonly tree: RegionTree;
  /** Of inner joins and filters, in the order of the plan. */
  readonly conjuncts: readonly Expression[];
}

export type RegionTree = RegionRelation | RegionProduct | RegionOperator;

export interface RegionRelation {
  readonly kind: 'relation';
  /** Index in the region's relations. */
  readonly relation: number;
}

/** An inner join whose conditions are the scope's. */
export interface RegionProduct {
  readonly kind: 'product';
  readonly left: RegionTree;
  readonly right: RegionTree;
}

/** A join that keeps or drops rows of its own accord, with the scopes it opens. */
export interface RegionOperator {
  readonly kind: 'operator';
  readonly join: OrderedJoin;
  /** A scope of its own below a full join, otherwise a part of the scope around. */
  readonly left: RegionTree;
  readonly leftScope: RegionScope | undefined;
  readonly right: RegionScope;
}

export type OrderedJoinKind = 'left' | 'full' | 'semi' | 'anti' | 'nullAwareAnti';

export type OrderedJoin = LogicalJoin & { readonly joinKind: OrderedJoinKind };

const ORDERED: ReadonlySet<string> = new Set<OrderedJoinKind>(['left', 'full', 'semi', 'anti', 'nullAwareAnti']);

const isOrdered = (node: LogicalJoin): node is OrderedJoin => ORDERED.has(node.joinKind);

/** Is there a join at the top, below filters, that can be reordered? Mark and single-row joins cannot. */
export function isRegion(node: LogicalNode): boolean {
  if (node.kind === 'join') return node.joinKind === 'inner' || isOrdered(node);
  if (node.kind === 'filter' || isHandOn(node)) return isRegion(node.input);
  return false;
}

/** A projection that only leaves columns out. */
export function isHandOn(node: LogicalNode): node is LogicalNode & { kind: 'project' } {
  return (
    node.kind === 'project' &&
    node.items.every(({ column, expression }) => expression.kind === 'column' && expression.column === column.id)
  );
}

/** The region at the top of a plan; without `operators`, all joins that are not inner joins are below it. */
export function collectRegion(node: LogicalNode, operators: boolean = true): JoinRegion {
  const relations: LogicalNode[] = [];

  function scopeOf(top: LogicalNode): RegionScope {
    const conjuncts: Expression[] = [];
    return { tree: treeOf(top, conjuncts), conjuncts };
  }

  function treeOf(part: LogicalNode, conjuncts: Expression[]): RegionTree {
    if (part.kind === 'filter' && isRegion(part.input)) {
      const tree = treeOf(part.input, conjuncts);
      conjuncts.push(...part.conjuncts);
      return tree;
    }
    if (isHandOn(part) && isRegion(part.input)) return treeOf(part.input, conjuncts);
    if (part.kind === 'join' && part.joinKind === 'inner') {
      const left = treeOf(part.left, conjuncts);
      const right = treeOf(part.right, conjuncts);
      conjuncts.push(...part.conditions);
      return { kind: 'product', left, right };
    }
    if (part.kind === 'join' && isOrdered(part) && operators) return operatorOf(part, conjuncts);
    relations.push(part);
    return { kind: 'relation', relation: relations.length - 1 };
  }

  function operatorOf(join: OrderedJoin, conjuncts: Expression[]): RegionOperator {
    const leftScope = join.joinKind === 'full' ? scopeOf(join.left) : undefined;
    const left = leftScope?.tree ?? treeOf(join.left, conjuncts);
    return { kind: 'operator', join, left, leftScope, right: scopeOf(join.right) };
  }

  return { root: scopeOf(node), relations };
}
