import type { Alphabet } from './character-alphabet.js';
import type { Assertion, ParsedRegex, RegexNode } from './regex-syntax.js';

/** What an assertion is to one that reads from the end to the start. */
const MIRRORED: Partial<Record<Assertion, Assertion>> = {
  textStart: 'textEnd',
  textEnd: 'textStart',
  lineStart: 'lineEnd',
  lineEnd: 'lineStart',
  wordStart: 'wordEnd',
  wordEnd: 'wordStart',
};

/** One step; `next` are numbers of steps. */
export type Step =
  | { readonly kind: 'accept' }
  | { readonly kind: 'character'; readonly classes: readonly boolean[]; readonly next: number }
  | { readonly kind: 'assert'; readonly assertion: Assertion; readonly next: number }
  /** Of the alphabet's looks. */
  | { readonly kind: 'look'; readonly index: number; readonly negated: boolean; readonly next: number }
  | { readonly kind: 'split'; readonly next: number[] };

export interface NondeterministicAutomaton {
  readonly steps: readonly Step[];
  readonly start: number;
}

/** Counted repetitions are written out: more steps than this are not worth a table. */
const MOST_STEPS = 4000;

/**
 * After Thompson, built from the end to the start, or, of one that reads texts from their end, the other way round.
 * A back reference is as what it refers to: no finite automaton does more. Undefined for what only a huge one does.
 */
export function nondeterministicAutomaton(
  node: RegexNode,
  alphabet: Alphabet,
  groups: ParsedRegex['groups'],
  isReversed = false,
): NondeterministicAutomaton | undefined {
  const steps: Step[] = [{ kind: 'accept' }];
  const classes = new Map<readonly number[], readonly boolean[]>();
  const add = (step: Step): number => {
    steps.push(step);
    return steps.length - 1;
  };
  let isTooLarge = false;
  const build = (part: RegexNode, next: number): number => {
    if (steps.length > MOST_STEPS) isTooLarge = true;
    if (isTooLarge) return next;
    switch (part.kind) {
      case 'empty':
        return next;
      case 'set': {
        let members = classes.get(part.set);
        if (!members) {
          members = alphabet.classesOf(part.set);
          classes.set(part.set, members);
        }
        return add({ kind: 'character', classes: members, next });
      }
      case 'assert':
        return add({
          kind: 'assert',
          assertion: (isReversed ? MIRRORED[part.assertion] : undefined) ?? part.assertion,
          next,
        });
      case 'capture':
        return build(part.child, next);
      case 'concat':
        return isReversed
          ? part.items.reduce((after, item) => build(item, after), next)
          : part.items.reduceRight((after, item) => build(item, after), next);
      case 'alternate':
        return add({ kind: 'split', next: part.branches.map((branch) => build(branch, next)) });
      case 'repeat':
        return buildRepeat(part, next);
      case 'look':
        return add({ kind: 'look', index: alphabet.looks.indexOf(part), negated: part.negated, next });
      case 'backReference':
        return build(groups.get(part.index)!, next);
    }
  };
  const buildRepeat = ({ child, min, max }: RegexNode & { kind: 'repeat' }, next: number): number => {
    let start = next;
    if (max === Infinity) {
      const targets = [next];
      start = add({ kind: 'split', next: targets });
      targets.push(build(child, start));
    } else {
      for (let count = min; count < max && !isTooLarge; count++) {
        start = add({ kind: 'split', next: [next, build(child, start)] });
      }
    }
    for (let count = 0; count < min && !isTooLarge; count++) start = build(child, start);
    return start;
  };
  const start = build(node, 0);
  return isTooLarge ? undefined : { steps, start };
}
