import { characterClass } from './character-classes.js';
import { type CharacterSet, contains, NEWLINE } from './character-set.js';
import type { LookNode, RegexNode } from './regex-syntax.js';

/** What stands before or after a place, as far as assertions ask. */
export const AT_EDGE = 0;
export const AT_NEWLINE = 1;
export const AT_WORD = 2;
export const AT_OTHER = 3;

/** The classes of code points that an expression cannot tell apart. */
export interface Alphabet {
  readonly classCount: number;
  /** Ascending; class `classes[i]` holds the code points from `starts[i]` up to the next start. */
  readonly starts: readonly number[];
  readonly classes: readonly number[];
  /** By class: AT_NEWLINE, AT_WORD or AT_OTHER. */
  readonly kinds: readonly number[];
  /** Do assertions ask what is beside them? */
  readonly hasAssertions: boolean;
  /** Whether what they look for is there is found out before, for every place of a text; those within others come first. */
  readonly looks: readonly LookNode[];
  classesOf(set: CharacterSet): readonly boolean[];
}

/** Of several expressions that share it. */
export function alphabetOf(node: RegexNode): Alphabet {
  const sets = new Set<CharacterSet>();
  const looks: LookNode[] = [];
  const asserts = collectSets(node, sets, looks);
  const word = asserts.words ? characterClass('word', false)! : [];
  const newline = asserts.lines ? NEWLINE : [];
  const all = [...sets, word, newline];
  const starts = [...new Set([0, ...all.flatMap(boundaries)])].sort((a, b) => a - b);
  const byMembership = new Map<string, number>();
  const kinds: number[] = [];
  const classes = starts.map((start) => {
    const membership = all.map((set) => (contains(set, start) ? 1 : 0)).join('');
    let number = byMembership.get(membership);
    if (number === undefined) {
      number = byMembership.size;
      byMembership.set(membership, number);
      kinds.push(contains(newline, start) ? AT_NEWLINE : contains(word, start) ? AT_WORD : AT_OTHER);
    }
    return number;
  });
  const classCount = byMembership.size;
  const classesOf = (set: CharacterSet): readonly boolean[] => {
    const members = new Array<boolean>(classCount).fill(false);
    starts.forEach((start, index) => {
      if (contains(set, start)) members[classes[index]!] = true;
    });
    return members;
  };
  return { classCount, starts, classes, kinds, hasAssertions: asserts.any, looks, classesOf };
}

function boundaries(set: CharacterSet): number[] {
  return set.map((point, index) => (index % 2 === 0 ? point : point + 1)).filter((point) => point <= 0x10ffff);
}

function collectSets(
  node: RegexNode,
  sets: Set<CharacterSet>,
  looks: LookNode[],
): { any: boolean; words: boolean; lines: boolean } {
  const found = { any: false, words: false, lines: false };
  const visit = (part: RegexNode): void => {
    switch (part.kind) {
      case 'set':
        sets.add(part.set);
        break;
      case 'assert':
        found.any = true;
        found.words ||= part.assertion.startsWith('word') || part.assertion === 'notWordBoundary';
        found.lines ||= part.assertion.startsWith('line');
        break;
      case 'concat':
        part.items.forEach(visit);
        break;
      case 'alternate':
        part.branches.forEach(visit);
        break;
      case 'look':
        found.any = true;
        visit(part.child);
        if (!looks.includes(part)) looks.push(part);
        break;
      case 'capture':
      case 'repeat':
        visit(part.child);
        break;
    }
  };
  visit(node);
  return found;
}
