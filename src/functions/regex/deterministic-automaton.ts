import { type Alphabet, AT_EDGE, AT_NEWLINE, AT_OTHER, AT_WORD } from './character-alphabet.js';
import type { NondeterministicAutomaton } from './nondeterministic-automaton.js';
import type { Assertion } from './regex-syntax.js';

/**
 * States and their transitions, one for each class of characters and one more for the end of the text, and all of them again
 * for every combination of what looks have found at the place before the character. Assertions look one character ahead: that
 * a match ends before a character is known from the transition on that character.
 */
export interface DeterministicAutomaton {
  readonly stateCount: number;
  /** By state × columns, which are combination × (classes + 1): the next state; DEAD when nothing can match any more. */
  readonly targets: Int32Array;
  /** By the same: does a match end before this character? */
  readonly accepts: Uint8Array;
  /** By what stands before the start: AT_EDGE … AT_OTHER. */
  readonly starts: readonly number[];
  /** By class, where nothing is asserted: may a match begin with it? */
  readonly begins: readonly boolean[];
}

export const DEAD = -1;

/** More states are not worth a table. */
const MOST_STATES = 20_000;
/** Nor are those that take longer to find: steps looked at. */
const MOST_WORK = 3_000_000;

/** `match`: one begins at the start. `search`: it may begin anywhere, and its first end is all that is asked for; `every`: all ends. */
export type AutomatonMode = 'match' | 'search' | 'every';

/** How many columns a state has. */
export const columnsOf = ({ classCount, looks }: Alphabet): number => (classCount + 1) << looks.length;

/** By subset construction. Undefined when there are too many states. */
export function deterministicAutomaton(
  { steps, start }: NondeterministicAutomaton,
  alphabet: Alphabet,
  mode: AutomatonMode,
): DeterministicAutomaton | undefined {
  const { classCount, kinds, hasAssertions } = alphabet;
  const columns = columnsOf(alphabet);
  const numbers = new Map<string, number>();
  /** Steps other than splits, ascending, and what stood before. */
  const states: { readonly steps: readonly number[]; readonly before: number }[] = [];
  const targets: number[] = [];
  const accepts: number[] = [];

  const reach = (from: readonly number[]): number[] => {
    const seen = new Set<number>();
    const pending = [...from];
    const found: number[] = [];
    for (let number = pending.pop(); number !== undefined; number = pending.pop()) {
      if (seen.has(number)) continue;
      seen.add(number);
      const step = steps[number]!;
      if (step.kind === 'split') pending.push(...step.next);
      else found.push(number);
    }
    return found.sort((a, b) => a - b);
  };
  const stateOf = (members: readonly number[], before: number): number => {
    const key = `${before}:${members.join()}`;
    let number = numbers.get(key);
    if (number === undefined) {
      number = states.length;
      numbers.set(key, number);
      states.push({ steps: members, before });
    }
    return number;
  };
  /** With the assertions that hold between the two. */
  const resolve = (members: readonly number[], before: number, after: number, found: number): readonly number[] => {
    let current = members;
    for (;;) {
      const passed = current.flatMap((number) => {
        const step = steps[number]!;
        const holds =
          step.kind === 'assert'
            ? holdsBetween(step.assertion, before, after)
            : step.kind === 'look' && ((found >> step.index) & 1) === (step.negated ? 0 : 1);
        return holds ? [(step as { next: number }).next] : [];
      });
      const next = passed.length === 0 ? current : reach([...current, ...passed]);
      if (next.length === current.length) return next;
      current = next;
    }
  };

  const initial = reach([start]);
  const starts = [AT_EDGE, AT_NEWLINE, AT_WORD, AT_OTHER].map((before) => stateOf(initial, hasAssertions ? before : 0));
  let work = 0;
  for (let number = 0; number < states.length; number++) {
    if (states.length > MOST_STATES || work > MOST_WORK) return undefined;
    const { steps: members, before } = states[number]!;
    const resolved = new Map<number, readonly number[]>();
    work += members.length * columns;
    for (let column = 0; column < columns; column++) {
      const place = column % (classCount + 1);
      const found = (column - place) / (classCount + 1);
      const after = !hasAssertions ? 0 : place === classCount ? AT_EDGE : kinds[place]!;
      // There are four kinds of what stands beside a place.
      let ready = resolved.get(found * 4 + after);
      if (!ready) {
        ready = resolve(members, before, after, found);
        resolved.set(found * 4 + after, ready);
      }
      // Step 0 accepts.
      const isMatch = ready[0] === 0;
      accepts.push(isMatch ? 1 : 0);
      if (place === classCount || (isMatch && mode === 'search')) {
        targets.push(DEAD);
        continue;
      }
      const next = ready.flatMap((index) => {
        const step = steps[index]!;
        return step.kind === 'character' && step.classes[place] ? [step.next] : [];
      });
      if (mode !== 'match') next.push(start);
      targets.push(next.length === 0 ? DEAD : stateOf(reach(next), after));
    }
  }
  const begins = Array.from({ length: classCount }, (_, column) =>
    initial.some((number) => {
      const step = steps[number]!;
      return step.kind !== 'character' || step.classes[column]!;
    }),
  );
  const automaton = {
    stateCount: states.length,
    targets: Int32Array.from(targets),
    accepts: Uint8Array.from(accepts),
    starts,
    begins,
  };
  removeDeadEnds(automaton, columns);
  return automaton;
}

function holdsBetween(assertion: Assertion, before: number, after: number): boolean {
  switch (assertion) {
    case 'textStart':
      return before === AT_EDGE;
    case 'textEnd':
      return after === AT_EDGE;
    case 'lineStart':
      return before === AT_EDGE || before === AT_NEWLINE;
    case 'lineEnd':
      return after === AT_EDGE || after === AT_NEWLINE;
    case 'wordStart':
      return before !== AT_WORD && after === AT_WORD;
    case 'wordEnd':
      return before === AT_WORD && after !== AT_WORD;
    case 'wordBoundary':
      return (before === AT_WORD) !== (after === AT_WORD);
    case 'notWordBoundary':
      return (before === AT_WORD) === (after === AT_WORD);
  }
}

/** Transitions to states from which no match can be reached become DEAD. */
function removeDeadEnds({ stateCount, targets, accepts }: DeterministicAutomaton, columns: number): void {
  const sources: number[][] = Array.from({ length: stateCount }, () => []);
  const isLive = new Uint8Array(stateCount);
  const pending: number[] = [];
  for (let state = 0; state < stateCount; state++) {
    for (let column = 0; column < columns; column++) {
      const at = state * columns + column;
      if (targets[at]! >= 0) sources[targets[at]!]!.push(state);
      if (accepts[at] === 1 && isLive[state] === 0) {
        isLive[state] = 1;
        pending.push(state);
      }
    }
  }
  for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
    for (const source of sources[state]!) {
      if (isLive[source] === 1) continue;
      isLive[source] = 1;
      pending.push(source);
    }
  }
  for (let at = 0; at < targets.length; at++) {
    if (targets[at]! >= 0 && isLive[targets[at]!] === 0) targets[at] = DEAD;
  }
}
