import { type Alphabet, AT_EDGE, AT_NEWLINE, AT_OTHER, AT_WORD } from './character-alphabet.js';
import type { NondeterministicAutomaton } from './nondeterministic-automaton.js';
import type { Assertion } from './regex-syntax.js';

/**
 * States and their transitions, one for each class of characters and one more for the end of the text. Assertions look one
 * character ahead: that a match ends before a character is known from the transition on that character.
 */
export interface DeterministicAutomaton {
  readonly stateCount: number;
  /** By state × (classes + 1): the next state; DEAD when nothing can match any more. */
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
const MOST_STATES = 3000;

/**
 * By subset construction. `search`: a match may begin anywhere, and the first end of one is all that is asked for.
 * Undefined when there are too many states.
 */
export function deterministicAutomaton(
  { steps, start }: NondeterministicAutomaton,
  { classCount, kinds, hasAssertions }: Alphabet,
  search: boolean,
): DeterministicAutomaton | undefined {
  const columns = classCount + 1;
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
  const resolve = (members: readonly number[], before: number, after: number): readonly number[] => {
    let current = members;
    for (;;) {
      const passed = current.flatMap((number) => {
        const step = steps[number]!;
        return step.kind === 'assert' && holdsBetween(step.assertion, before, after) ? [step.next] : [];
      });
      const next = passed.length === 0 ? current : reach([...current, ...passed]);
      if (next.length === current.length) return next;
      current = next;
    }
  };

  const initial = reach([start]);
  const starts = [AT_EDGE, AT_NEWLINE, AT_WORD, AT_OTHER].map((before) => stateOf(initial, hasAssertions ? before : 0));
  for (let number = 0; number < states.length; number++) {
    if (states.length > MOST_STATES) return undefined;
    const { steps: members, before } = states[number]!;
    const resolved = new Map<number, readonly number[]>();
    for (let column = 0; column < columns; column++) {
      const after = !hasAssertions ? 0 : column === classCount ? AT_EDGE : kinds[column]!;
      let ready = resolved.get(after);
      if (!ready) {
        ready = resolve(members, before, after);
        resolved.set(after, ready);
      }
      // Step 0 accepts.
      const isMatch = ready[0] === 0;
      accepts.push(isMatch ? 1 : 0);
      if (column === classCount || (isMatch && search)) {
        targets.push(DEAD);
        continue;
      }
      const next = ready.flatMap((index) => {
        const step = steps[index]!;
        return step.kind === 'character' && step.classes[column] ? [step.next] : [];
      });
      if (search) next.push(start);
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
