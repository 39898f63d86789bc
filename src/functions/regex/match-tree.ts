import type { ParsedRegex, RegexNode, RepeatNode } from './regex-syntax.js';

/*
 * How a match of known extent is taken apart to find what the parentheses matched: PostgreSQL's rules (docs 9.7.3.5), as
 * its engine applies them. A node splits its text in two, left before right, the left as long as possible or as short as
 * possible; what no parentheses are in (`leaf`) is not looked into.
 */
export type MatchNode = (
  | { readonly kind: 'leaf' }
  | { readonly kind: 'concat'; readonly left: MatchNode; readonly right: MatchNode }
  /** The first branch that matches the text. */
  | { readonly kind: 'alternate'; readonly branches: readonly MatchNode[] }
  | { readonly kind: 'iterate'; readonly child: MatchNode; readonly min: number; readonly max: number }
  | { readonly kind: 'capture'; readonly child: MatchNode; readonly index: number }
  | { readonly kind: 'backReference'; readonly index: number; readonly min: number; readonly max: number }
) & {
  /** What it matches. */
  readonly regex: RegexNode;
  /** Its text is to be short. */
  readonly shortest: boolean;
  readonly flags: number;
};

// What is known of a part, after PostgreSQL's names: its own preference, and what is somewhere in it.
const LONGER = 1;
const SHORTER = 2;
const MIXED = 4;
const CAPTURES = 8;
const REFERS = 16;
const PREFERENCE = LONGER | SHORTER;

/** What a whole has of a part: not its preference, but that parts differ in theirs. */
function upward(flags: number): number {
  const differs = (flags & PREFERENCE) === PREFERENCE;
  return (flags & ~PREFERENCE) | (differs ? MIXED : 0);
}

/** Of two parts in a row: the preference is the first one's that has any. */
function combined(first: number, second: number): number {
  return upward(first | second) | (first & PREFERENCE || second & PREFERENCE);
}

/** Must it be looked into? */
const isMessy = (flags: number): boolean => (flags & (MIXED | CAPTURES | REFERS)) !== 0;

const EMPTY: RegexNode = { kind: 'empty' };

type Shape = MatchNode extends infer Node
  ? Node extends MatchNode
    ? Omit<Node, 'regex' | 'shortest' | 'flags'>
    : never
  : never;

function make(shape: Shape, regex: RegexNode, flags: number): MatchNode {
  return { ...shape, regex, flags, shortest: (flags & SHORTER) !== 0 } as MatchNode;
}

export function matchTreeOf({ node }: ParsedRegex): MatchNode {
  return treeOf(node);
}

function treeOf(node: RegexNode): MatchNode {
  if (node.kind === 'alternate') return treeOfBranches(node);
  return treeOfItems(node.kind === 'concat' ? node.items : node.kind === 'empty' ? [] : [node]);
}

function treeOfBranches(node: RegexNode & { readonly kind: 'alternate' }): MatchNode {
  const branches = node.branches.map(treeOf);
  let flags = LONGER;
  for (const branch of branches) flags |= upward(flags | branch.flags);
  return make(isMessy(flags) ? { kind: 'alternate', branches } : { kind: 'leaf' }, node, flags);
}

/** A branch: what need not be looked into goes together, up to the first part that must be; then that, then the rest. */
function treeOfItems(items: readonly RegexNode[]): MatchNode {
  let flags = 0;
  for (const [place, item] of items.entries()) {
    const repeat: RepeatNode =
      item.kind === 'repeat' ? item : { kind: 'repeat', child: item, min: 1, max: 1, greedy: undefined };
    if (repeat.max === 0) continue;
    const atom = atomOf(repeat.child);
    const own = repeat.greedy === undefined ? atom.flags & PREFERENCE : repeat.greedy ? LONGER : SHORTER;
    const isQuantified = item.kind === 'repeat';
    const together = flags | (isQuantified ? own : 0) | atom.flags;
    if (atom.kind !== 'capture' && atom.kind !== 'backReference' && !isMessy(upward(together))) {
      flags = together;
      continue;
    }
    const quantified = treeOfRepeat(repeat, atom, isQuantified ? own : 0, item);
    const rest = items.slice(place + 1);
    const tail = rest.length === 0 ? quantified : concat(quantified, treeOfItems(rest));
    if (place === 0) return tail;
    return concat(make({ kind: 'leaf' }, sequence(items.slice(0, place)), flags), tail);
  }
  return make({ kind: 'leaf' }, sequence(items), flags);
}

function concat(left: MatchNode, right: MatchNode): MatchNode {
  return make({ kind: 'concat', left, right }, sequence([left.regex, right.regex]), combined(left.flags, right.flags));
}

function sequence(items: readonly RegexNode[]): RegexNode {
  return items.length === 1 ? items[0]! : items.length === 0 ? EMPTY : { kind: 'concat', items };
}

function atomOf(node: RegexNode): MatchNode {
  if (node.kind === 'capture') {
    const child = treeOf(node.child);
    return make({ kind: 'capture', child, index: node.index }, node, child.flags | CAPTURES);
  }
  if (node.kind === 'backReference') {
    return make({ kind: 'backReference', index: node.index, min: 1, max: 1 }, node, REFERS);
  }
  const isGroup = node.kind === 'alternate' || node.kind === 'concat' || node.kind === 'repeat';
  return isGroup ? treeOf(node) : make({ kind: 'leaf' }, node, 0);
}

function treeOfRepeat({ min, max }: RepeatNode, atom: MatchNode, own: number, regex: RegexNode): MatchNode {
  const flags = combined(own, atom.flags);
  if (atom.kind === 'backReference') return make({ ...atom, min, max }, regex, flags);
  const ofAtom = atom.flags & (PREFERENCE | MIXED);
  if (min === 1 && max === 1 && (own === 0 || ofAtom === 0 || own === ofAtom)) return atom;
  if ((atom.flags & (CAPTURES | REFERS)) === 0) return make({ kind: 'leaf' }, regex, flags);
  if (min === 0 || (atom.flags & REFERS) !== 0) return make({ kind: 'iterate', child: atom, min, max }, regex, flags);
  // Only what the last repetition captures counts: all before it need not be looked into.
  const before: RegexNode = { kind: 'repeat', child: atom.regex, min: min - 1, max: max - 1, greedy: undefined };
  return make({ kind: 'concat', left: make({ kind: 'leaf' }, before, flags & PREFERENCE), right: atom }, regex, flags);
}
