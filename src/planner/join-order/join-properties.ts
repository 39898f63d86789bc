import type { OrderedJoinKind } from './join-region.js';
import { overlaps, type RelationSet } from './relation-set.js';

/** What decides whether two joins may change places. */
export interface JoinTraits {
  readonly kind: OrderedJoinKind;
  /** Relations one of whose columns is NULL only where the conditions are not true. */
  readonly rejecting: RelationSet;
}

/*
 * Moerkotte, Fender, Eich: On the correct and complete enumeration of the core search space (SIGMOD 2013), tables 2 and
 * 3. Inner joins go with everything on the side of a join whose rows that join keeps or drops one by one; scopes see to
 * it that they stay on the other side. Where NULLs must be rejected, they are those of a whole input that found no match.
 */

/** (e1 a e2) b e3 = e1 a (e2 b e3), b's conditions being over e2 and e3. */
export function areAssociative(a: JoinTraits, b: JoinTraits, e2: RelationSet): boolean {
  if (b.kind === 'left') return (a.kind === 'left' || a.kind === 'full') && rejects(b, e2);
  return b.kind === 'full' && a.kind === 'full' && rejects(a, e2) && rejects(b, e2);
}

/** (e1 a e2) b e3 = (e1 b e3) a e2, b's conditions being over e1 and e3. */
export function areLeftExchangeable(a: JoinTraits, b: JoinTraits, e1: RelationSet): boolean {
  if (a.kind === 'full' && b.kind === 'full') return rejects(a, e1) && rejects(b, e1);
  if (a.kind === 'full') return b.kind === 'left' && rejects(b, e1);
  if (b.kind === 'full') return a.kind === 'left' && rejects(a, e1);
  return true;
}

/** e1 a (e2 b e3) = e2 b (e1 a e3), a's conditions being over e1 and e3. */
export function areRightExchangeable(a: JoinTraits, b: JoinTraits, e3: RelationSet): boolean {
  return a.kind === 'full' && b.kind === 'full' && rejects(a, e3) && rejects(b, e3);
}

const rejects = (join: JoinTraits, relations: RelationSet): boolean => overlaps(join.rejecting, relations);
