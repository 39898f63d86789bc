import type { JoinEdge } from './join-graph.js';
import {
  EMPTY_SET,
  highestRelation,
  isSubset,
  lowestOf,
  lowestRelation,
  type RelationSet,
  setOf,
} from './relation-set.js';

/** What the enumeration asks and tells. */
export interface PairVisitor {
  /** Was a join of exactly these relations found? */
  isJoined(relations: RelationSet): boolean;
  /** Two sets that an edge connects, each in one order only; all that either can be made of came before. False: stop. */
  visitPair(one: RelationSet, other: RelationSet): boolean;
}

/**
 * All pairs of connected sets of relations that an edge connects (connected subgraph and complement), smaller ones first:
 * DPhyp of Moerkotte and Neumann, Dynamic Programming Strikes Back (SIGMOD 2008). Returns false if the visitor stopped.
 */
export function enumeratePairs(relationCount: number, edges: readonly JoinEdge[], visitor: PairVisitor): boolean {
  return new PairEnumeration(relationCount, edges, visitor).run();
}

class PairEnumeration {
  private readonly relationCount: number;
  private readonly visitor: PairVisitor;
  /** By relation: those that an edge of two single relations connects it to. */
  private readonly neighbours: RelationSet[];
  /** Edges of more than two relations, both ways. */
  private readonly wide: { readonly from: RelationSet; readonly to: RelationSet }[] = [];
  private isStopped = false;

  constructor(relationCount: number, edges: readonly JoinEdge[], visitor: PairVisitor) {
    this.relationCount = relationCount;
    this.visitor = visitor;
    this.neighbours = Array.from({ length: relationCount }, () => EMPTY_SET);
    for (const { left, right } of edges) {
      if (lowestOf(left) === left && lowestOf(right) === right) {
        this.neighbours[lowestRelation(left)]! |= right;
        this.neighbours[lowestRelation(right)]! |= left;
      } else {
        this.wide.push({ from: left, to: right }, { from: right, to: left });
      }
    }
  }

  run(): boolean {
    for (let relation = this.relationCount - 1; relation >= 0; relation--) {
      const start = setOf(relation);
      this.pairUp(start);
      this.grow(start, upTo(start));
    }
    return !this.isStopped;
  }

  /** Sets that grow from this one, without relations that are left out. */
  private grow(set: RelationSet, leftOut: RelationSet): void {
    const next = this.neighbourhood(set, leftOut);
    if (next === EMPTY_SET || this.isStopped) return;
    for (let more = lowestOf(next); more !== EMPTY_SET; more = nextPart(more, next)) {
      if (this.visitor.isJoined(set | more)) this.pairUp(set | more);
    }
    for (let more = lowestOf(next); more !== EMPTY_SET; more = nextPart(more, next)) {
      this.grow(set | more, leftOut | next);
    }
  }

  /** All complements of a set. */
  private pairUp(set: RelationSet): void {
    const leftOut = set | upTo(lowestOf(set));
    const next = this.neighbourhood(set, leftOut);
    for (let rest = next; rest !== EMPTY_SET && !this.isStopped; ) {
      const start = setOf(highestRelation(rest));
      rest &= ~start;
      if (this.areConnected(set, start)) this.visit(set, start);
      this.growComplement(set, start, leftOut | (upTo(start) & next));
    }
  }

  private growComplement(set: RelationSet, complement: RelationSet, leftOut: RelationSet): void {
    const next = this.neighbourhood(complement, leftOut);
    if (next === EMPTY_SET || this.isStopped) return;
    for (let more = lowestOf(next); more !== EMPTY_SET; more = nextPart(more, next)) {
      const grown = complement | more;
      if (this.visitor.isJoined(grown) && this.areConnected(set, grown)) this.visit(set, grown);
    }
    for (let more = lowestOf(next); more !== EMPTY_SET; more = nextPart(more, next)) {
      this.growComplement(set, complement | more, leftOut | next);
    }
  }

  private visit(one: RelationSet, other: RelationSet): void {
    if (!this.isStopped && !this.visitor.visitPair(one, other)) this.isStopped = true;
  }

  /** Where a set may grow to; of what a wide edge leads to, the lowest relation stands for all. */
  private neighbourhood(set: RelationSet, leftOut: RelationSet): RelationSet {
    const without = set | leftOut;
    let found = EMPTY_SET;
    for (let rest = set; rest !== EMPTY_SET; rest &= rest - 1) found |= this.neighbours[lowestRelation(rest)]!;
    found &= ~without;
    for (const { from, to } of this.wide) {
      if (isSubset(from, set) && (to & without) === EMPTY_SET && (to & found) === EMPTY_SET) found |= lowestOf(to);
    }
    return found;
  }

  private areConnected(one: RelationSet, other: RelationSet): boolean {
    for (let rest = one; rest !== EMPTY_SET; rest &= rest - 1) {
      if ((this.neighbours[lowestRelation(rest)]! & other) !== EMPTY_SET) return true;
    }
    return this.wide.some(({ from, to }) => isSubset(from, one) && isSubset(to, other));
  }
}

/** The relations up to this one, which has a set of its own. */
const upTo = (relation: RelationSet): RelationSet => relation | (relation - 1);

/** The part of a set that follows in the order of their numbers; empty after the whole. */
const nextPart = (part: RelationSet, whole: RelationSet): RelationSet => (part - whole) & whole;
