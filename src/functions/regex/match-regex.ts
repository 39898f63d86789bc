import { casesOf, characterClass } from './character-classes.js';
import { contains } from './character-set.js';
import type { MatchNode } from './match-tree.js';
import { matchTreeOf } from './match-tree.js';
import type { Assertion, ParsedRegex, RegexNode } from './regex-syntax.js';

/** Start and end of the whole and of each pair of parentheses, by code point; undefined of those that took no part. */
export type RegexMatch = readonly (readonly [start: number, end: number] | undefined)[];

/**
 * Finds matches as PostgreSQL does, by sets of places where a part may end: what kernels do not compile (huge automata),
 * and what they are held against.
 */
export class RegexMatcher {
  private readonly regex: ParsedRegex;
  private readonly tree: MatchNode;

  constructor(regex: ParsedRegex) {
    this.regex = regex;
    this.tree = matchTreeOf(regex);
  }

  get captures(): number {
    return this.regex.captures;
  }

  /** The leftmost match that starts at or after `from`. */
  find(text: readonly number[], from: number): RegexMatch | undefined {
    const search = new Search(text, this.regex);
    const { tree } = this;
    for (let start = from; start <= text.length; start++) {
      const ends = [...search.endsOf(tree.regex, start)].sort((a, b) => (tree.shortest ? a - b : b - a));
      // Without back references the first one is a match.
      for (const end of ends) {
        const captures: ([number, number] | undefined)[] = new Array(this.regex.captures + 1).fill(undefined);
        if (search.dissect(tree, start, end, captures)) {
          captures[0] = [start, end];
          return captures;
        }
      }
    }
    return undefined;
  }
}

const isWordCharacter = (text: readonly number[], at: number): boolean => {
  const point = text[at];
  return point !== undefined && contains(characterClass('word', false)!, point);
};

function holds(assertion: Assertion, text: readonly number[], at: number): boolean {
  switch (assertion) {
    case 'textStart':
      return at === 0;
    case 'textEnd':
      return at === text.length;
    case 'lineStart':
      return at === 0 || text[at - 1] === 10;
    case 'lineEnd':
      return at === text.length || text[at] === 10;
  }
  const [before, after] = [isWordCharacter(text, at - 1), isWordCharacter(text, at)];
  switch (assertion) {
    case 'wordStart':
      return !before && after;
    case 'wordEnd':
      return before && !after;
    case 'wordBoundary':
      return before !== after;
    case 'notWordBoundary':
      return before === after;
  }
}

type Captures = ([number, number] | undefined)[];

/** One text. */
class Search {
  private readonly text: readonly number[];
  private readonly regex: ParsedRegex;
  private readonly memo = new Map<RegexNode, Map<number, ReadonlySet<number>>>();

  constructor(text: readonly number[], regex: ParsedRegex) {
    this.text = text;
    this.regex = regex;
  }

  /** Where a match of the node that starts there may end; a back reference counts as what it refers to. */
  endsOf(node: RegexNode, start: number): ReadonlySet<number> {
    let ofNode = this.memo.get(node);
    if (!ofNode) {
      ofNode = new Map();
      this.memo.set(node, ofNode);
    }
    let ends = ofNode.get(start);
    if (!ends) {
      ends = this.computeEnds(node, start);
      ofNode.set(start, ends);
    }
    return ends;
  }

  private computeEnds(node: RegexNode, start: number): ReadonlySet<number> {
    const { text } = this;
    const when = (condition: boolean): ReadonlySet<number> => new Set(condition ? [start] : []);
    switch (node.kind) {
      case 'empty':
        return when(true);
      case 'set':
        return new Set(start < text.length && contains(node.set, text[start]!) ? [start + 1] : []);
      case 'assert':
        return when(holds(node.assertion, text, start));
      case 'look':
        return when(this.looks(node, start) !== node.negated);
      case 'capture':
        return this.endsOf(node.child, start);
      case 'backReference':
        return this.endsOf(this.regex.groups.get(node.index)!, start);
      case 'alternate':
        return new Set(node.branches.flatMap((branch) => [...this.endsOf(branch, start)]));
      case 'concat':
        return node.items.reduce<ReadonlySet<number>>((places, item) => this.after(item, places), new Set([start]));
      case 'repeat':
        return this.endsOfRepeat(node, start);
    }
  }

  private after(node: RegexNode, places: Iterable<number>): Set<number> {
    const ends = new Set<number>();
    for (const place of places) for (const end of this.endsOf(node, place)) ends.add(end);
    return ends;
  }

  private endsOfRepeat({ child, min, max }: RegexNode & { kind: 'repeat' }, start: number): ReadonlySet<number> {
    let places: ReadonlySet<number> = new Set([start]);
    for (let count = 0; count < min; count++) places = this.after(child, places);
    const ends = new Set(places);
    for (let count = min; count < max && places.size > 0; count++) {
      places = new Set([...this.after(child, places)].filter((place) => !ends.has(place)));
      for (const place of places) ends.add(place);
    }
    return ends;
  }

  private looks({ ahead, child }: RegexNode & { kind: 'look' }, at: number): boolean {
    if (ahead) return this.endsOf(child, at).size > 0;
    for (let start = 0; start <= at; start++) if (this.endsOf(child, start).has(at)) return true;
    return false;
  }

  private matches(node: MatchNode, start: number, end: number): boolean {
    return this.endsOf(node.regex, start).has(end);
  }

  /** The places in `least … most` where the node may end, in the order of its preference. */
  private choices(node: MatchNode, start: number, least: number, most: number): number[] {
    const ends = [...this.endsOf(node.regex, start)].filter((end) => end >= least && end <= most);
    return ends.sort((a, b) => (node.shortest ? a - b : b - a));
  }

  /** Finds what the parentheses in a node matched, given that it matches from start to end. */
  dissect(node: MatchNode, start: number, end: number, captures: Captures): boolean {
    switch (node.kind) {
      case 'leaf':
        return true;
      case 'capture':
        if (!this.dissect(node.child, start, end, captures)) return false;
        captures[node.index] = [start, end];
        return true;
      case 'backReference':
        return this.repeatsCapture(node, start, end, captures);
      case 'alternate':
        return node.branches.some(
          (branch) => this.matches(branch, start, end) && this.dissectAnew(branch, start, end, captures),
        );
      case 'concat':
        return this.choices(node.left, start, start, end).some(
          (middle) =>
            this.matches(node.right, middle, end) &&
            this.dissectAnew(node.left, start, middle, captures) &&
            this.dissectAnew(node.right, middle, end, captures),
        );
      case 'iterate':
        if (node.child.shortest && start === end && node.min === 0) return true;
        if (this.iterates(node, 1, start, end, boundsOf(node, end - start), captures)) return true;
        forget(node, captures);
        return start === end && node.min === 0;
    }
  }

  /** As `dissect`, and what was captured in the node before, or in vain, is forgotten. */
  private dissectAnew(node: MatchNode, start: number, end: number, captures: Captures): boolean {
    forget(node, captures);
    if (this.dissect(node, start, end, captures)) return true;
    forget(node, captures);
    return false;
  }

  private repeatsCapture(
    { index, min, max }: MatchNode & { kind: 'backReference' },
    start: number,
    end: number,
    captures: Captures,
  ): boolean {
    const capture = captures[index];
    if (capture === undefined) return false;
    const unit = this.text.slice(capture[0], capture[1]);
    const length = end - start;
    if (unit.length === 0) return length === 0 && min <= max;
    if (length === 0) return min === 0;
    const count = length / unit.length;
    if (!Number.isInteger(count) || count < min || count > max) return false;
    const { ignoreCase } = this.regex.options;
    return this.text.slice(start, end).every((point, place) => {
      const other = unit[place % unit.length]!;
      return point === other || (ignoreCase && casesOf(other).includes(point));
    });
  }

  /** The k-th repetition and those after it; none is empty unless that is needed to have as many as there must be. */
  private iterates(
    node: MatchNode & { kind: 'iterate' },
    count: number,
    start: number,
    end: number,
    bounds: readonly [min: number, max: number],
    captures: Captures,
  ): boolean {
    const [min, max] = bounds;
    for (const place of this.choices(node.child, start, start, end)) {
      if (place === end) {
        if (count >= min && this.dissectAnew(node.child, start, place, captures)) return true;
        continue;
      }
      if (count >= max) continue;
      if (place === start && (count >= min || min - count < end - place)) continue;
      if (!this.dissectAnew(node.child, start, place, captures)) continue;
      if (this.iterates(node, count + 1, place, end, bounds, captures)) return true;
    }
    return false;
  }
}

/** How many repetitions a text is divided into. */
function boundsOf({ min, max }: MatchNode & { kind: 'iterate' }, length: number): [number, number] {
  const least = Math.max(1, min);
  return [least, Math.max(least, Math.min(max, length))];
}

function forget(node: MatchNode, captures: Captures): void {
  switch (node.kind) {
    case 'capture':
      captures[node.index] = undefined;
      forget(node.child, captures);
      break;
    case 'concat':
      forget(node.left, captures);
      forget(node.right, captures);
      break;
    case 'alternate':
      for (const branch of node.branches) forget(branch, captures);
      break;
    case 'iterate':
      forget(node.child, captures);
      break;
  }
}
