import { casePairs } from './case-pairs.js';
import { type Alphabet, alphabetOf } from './character-alphabet.js';
import {
  type AutomatonMode,
  columnsOf,
  DEAD,
  type DeterministicAutomaton,
  deterministicAutomaton,
} from './deterministic-automaton.js';
import { type MatchNode, matchTreeOf } from './match-tree.js';
import { nondeterministicAutomaton } from './nondeterministic-automaton.js';
import type { ParsedRegex, RegexNode } from './regex-syntax.js';
import { requiredLiteral } from './required-literal.js';

/*
 * A program: a regular expression as kernels read it (assembly/regex.ts). u32 words, little-endian; offsets from its start.
 *
 *     0  flags          see below
 *     4  captures       pairs of parentheses
 *     8  end column     the offset of a row's last column: the end of the text
 *    12  literal        offset, 16 its bytes: occurs in every match
 *    20  ranges         offset, 24 count: { first code point, class × 4 }, ascending, of what is not ASCII
 *    28  kinds          offset: by class, AT_NEWLINE …, one byte each
 *    32  search         offset of the automaton that finds out whether there is a match
 *    36  tree           offset of the root of the match tree; 0 in a program that only searches
 *    40  depth          of iterations within iterations
 *    44  splits         within each other, of an expression with back references: of it, and of what is one after the other
 *    48  first bytes    two tables of 16: a byte may begin a match if low[byte & 15] & high[byte >> 4] is not 0
 *    80  ASCII          class × 4 by byte, u16
 *   336  looks          offset, 340 count: { 1 of those behind, automaton }, in the order in which places are searched
 *   344  cases          offset, 348 count: { code point, another }, ascending, that are the same to back references
 *   352  steps          that back references may take in a text, which else is left to TypeScript
 *   360  …
 *
 * An automaton: the offsets of the rows where it starts, by what stands before (4 words), then rows of words: offset of
 * the next row | flags. With looks a row has the columns of every combination of what they find, one after the other; the
 * automaton of a look gives every end, and reads from the end of the text what is ahead. A node of the tree:
 *
 *     0  kind           0 leaf, 1 concat, 2 alternate, 3 iterate, 4 capture, 5 back reference
 *     4  shortest       0 or 1
 *     8  automaton      offset
 *    12  captures       first, 16 after the last of those in it
 *    20  min | index | count of branches
 *    24  max
 *    28  left | child | the first of the branches' offsets | min
 *    32  right
 */
export const PROGRAM_GLOBAL = 1;
export const PROGRAM_PREFIX = 2;
export const PROGRAM_LITERAL = 4;
export const PROGRAM_ASSERTS = 8;
export const PROGRAM_SKIPS = 16;
export const PROGRAM_ANCHORED = 32;
/** What is not ASCII may begin a match. */
export const PROGRAM_BEGINS_BEYOND = 64;
/** With back references: automata find what may match, and it does if it can be taken apart. */
export const PROGRAM_REFERS = 128;

const ENTRY_ACCEPTS = 1;
const ENTRY_DEAD = 2;
/** The row leads only to itself. */
const ENTRY_SINK = 4;

const ASCII_AT = 80;
/** Of the word that says how many steps back references may take. */
export const STEPS_AT = 352;
const HEADER_BYTES = 360;
const NODE_BYTES = 36;
const NODE_KINDS = { leaf: 0, concat: 1, alternate: 2, iterate: 3, capture: 4, backReference: 5 } as const;

/** They take a few seconds, and TypeScript minutes. */
const MOST_STEPS = 2 ** 30;

/** Larger programs do not pay. */
const MOST_BYTES = 4 * 2 ** 20;

/** More of them make too many columns. */
const MOST_LOOKS = 4;

/** Undefined for what only TypeScript does: automata that would be huge. */
export function regexProgram(regex: ParsedRegex, searchOnly: boolean): Uint8Array | undefined {
  const alphabet = alphabetOf(regex.node);
  if (alphabet.looks.length > MOST_LOOKS) return undefined;
  const writer = new ProgramWriter(alphabet, regex);
  return writer.write(searchOnly) ? writer.bytes() : undefined;
}

class ProgramWriter {
  private readonly alphabet: Alphabet;
  private readonly regex: ParsedRegex;
  private words = new Uint32Array(1024);
  private end: number = HEADER_BYTES;
  private readonly automata = new Map<RegexNode, number>();

  constructor(alphabet: Alphabet, regex: ParsedRegex) {
    this.alphabet = alphabet;
    this.regex = regex;
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.words.buffer, 0, this.end);
  }

  write(searchOnly: boolean): boolean {
    const { alphabet, regex } = this;
    const { node } = regex;
    this.writeAlphabet();
    const literal = this.writeLiteral(node);
    const search = this.build(node, 'search');
    if (search === undefined || !this.writeLooks()) return false;
    const anchored = this.isAnchored(search);
    this.set(32, this.writeAutomaton(search));
    const skips = alphabet.hasAssertions ? 0 : this.writeFirstBytes(search);
    const tree = matchTreeOf(regex);
    const refers = hasReferences(tree);
    if (!searchOnly || refers) {
      const root = this.writeNode(tree, 0);
      if (root === undefined) return false;
      this.set(36, root);
    }
    if (refers) {
      this.set(44, splitsIn(tree) + 1);
      this.set(STEPS_AT, MOST_STEPS);
      if (regex.options.ignoreCase) this.writeCases();
    }
    this.set(
      0,
      (regex.options.global ? PROGRAM_GLOBAL : 0) |
        literal |
        (alphabet.hasAssertions ? PROGRAM_ASSERTS : 0) |
        skips |
        (anchored ? PROGRAM_ANCHORED : 0) |
        (refers ? PROGRAM_REFERS : 0),
    );
    this.set(4, regex.captures);
    return this.end <= MOST_BYTES;
  }

  private set(at: number, value: number): void {
    this.words[at >>> 2] = value;
  }

  /** Room for bytes, cleared; returns their offset, a multiple of 8. */
  private allocate(byteLength: number): number {
    const start = (this.end + 7) & ~7;
    this.end = start + ((byteLength + 3) & ~3);
    if (this.end > this.words.byteLength) {
      const grown = new Uint32Array(Math.max(this.words.length * 2, this.end >>> 2));
      grown.set(this.words);
      this.words = grown;
    }
    return start;
  }

  private setBytes(at: number, bytes: Uint8Array): void {
    new Uint8Array(this.words.buffer).set(bytes, at);
  }

  private writeAlphabet(): void {
    const { starts, classes, kinds, classCount } = this.alphabet;
    this.set(8, classCount * 4);
    const ascii = new Uint16Array(128);
    const ranges: number[] = [];
    starts.forEach((start, index) => {
      const column = classes[index]! * 4;
      const end = starts[index + 1] ?? 0x110000;
      for (let byte = start; byte < Math.min(end, 128); byte++) ascii[byte] = column;
      if (end > 128) ranges.push(Math.max(start, 128), column);
    });
    this.setBytes(ASCII_AT, new Uint8Array(ascii.buffer));
    this.set(20, this.allocate(ranges.length * 4));
    this.set(24, ranges.length / 2);
    ranges.forEach((word, index) => {
      this.set(this.words[5]! + index * 4, word);
    });
    this.set(28, this.allocate(kinds.length));
    this.setBytes(this.words[7]!, Uint8Array.from(kinds));
  }

  private writeLiteral(node: RegexNode): number {
    const literal = requiredLiteral(node);
    if (literal === undefined) return 0;
    const bytes = new TextEncoder().encode(literal.text);
    // Searches may read a little past it.
    this.set(12, this.allocate(bytes.length + 32));
    this.set(16, bytes.length);
    this.setBytes(this.words[3]!, bytes);
    return (literal.isPrefix ? PROGRAM_PREFIX : 0) | (literal.isWhole ? PROGRAM_LITERAL : 0);
  }

  private build(node: RegexNode, mode: AutomatonMode, isReversed = false): DeterministicAutomaton | undefined {
    const steps = nondeterministicAutomaton(node, this.alphabet, this.regex.groups, isReversed);
    return steps && deterministicAutomaton(steps, this.alphabet, mode);
  }

  private writeLooks(): boolean {
    const { looks } = this.alphabet;
    const list = this.allocate(looks.length * 8);
    this.set(336, list);
    this.set(340, looks.length);
    return looks.every(({ ahead, child }, index) => {
      const automaton = this.build(child, 'every', ahead);
      if (automaton === undefined) return false;
      this.set(list + index * 8, ahead ? 0 : 1);
      this.set(list + index * 8 + 4, this.writeAutomaton(automaton));
      return true;
    });
  }

  /** Can a match begin at the start of the text only? */
  private isAnchored({ targets, accepts, starts }: DeterministicAutomaton): boolean {
    if (!this.alphabet.hasAssertions) return false;
    const columns = columnsOf(this.alphabet);
    return starts.slice(1).every((state) => {
      const row = state * columns;
      for (let column = 0; column < columns; column++) {
        if (targets[row + column] !== DEAD || accepts[row + column] === 1) return false;
      }
      return true;
    });
  }

  private writeAutomaton({ stateCount, targets, accepts, starts }: DeterministicAutomaton): number {
    const { classCount } = this.alphabet;
    const columns = columnsOf(this.alphabet);
    const rowBytes = (columns * 4 + 7) & ~7;
    const start = this.allocate(16 + stateCount * rowBytes);
    const rows = start + 16;
    starts.forEach((state, index) => {
      this.set(start + index * 4, state * rowBytes);
    });
    const isSink = Array.from({ length: stateCount }, (_, state) => {
      const own = targets.subarray(state * columns, (state + 1) * columns);
      return own.every((target, column) => target === state || column % (classCount + 1) === classCount);
    });
    for (let state = 0; state < stateCount; state++) {
      for (let column = 0; column < columns; column++) {
        const target = targets[state * columns + column]!;
        const accept = accepts[state * columns + column] === 1 ? ENTRY_ACCEPTS : 0;
        const entry = target === DEAD ? ENTRY_DEAD : (target * rowBytes) | (isSink[target] ? ENTRY_SINK : 0);
        this.set(rows + state * rowBytes + column * 4, entry | accept);
      }
    }
    return start;
  }

  /** Bytes that a match may begin with; 0 when there are so many that skipping the others is idle. */
  private writeFirstBytes({ begins }: DeterministicAutomaton): number {
    const tables = new Uint8Array(32);
    let count = 0;
    const ascii = new Uint16Array(this.words.buffer, ASCII_AT, 128);
    for (let byte = 0; byte < 128; byte++) {
      if (!begins[ascii[byte]! >>> 2]!) continue;
      count++;
      tables[byte & 15]! |= 1 << (byte >> 4);
    }
    for (let high = 0; high < 8; high++) tables[16 + high] = 1 << high;
    const { starts: points, classes } = this.alphabet;
    const beginsBeyond = points.some((_, at) => (points[at + 1] ?? 0x110000) > 128 && begins[classes[at]!]!);
    this.setBytes(48, tables);
    if (count >= 64) return 0;
    return PROGRAM_SKIPS | (beginsBeyond ? PROGRAM_BEGINS_BEYOND : 0);
  }

  private writeCases(): void {
    const pairs = casePairs();
    this.set(344, this.allocate(pairs.length * 4));
    this.set(348, pairs.length / 2);
    pairs.forEach((point, index) => {
      this.set(this.words[86]! + index * 4, point);
    });
  }

  private writeNode(node: MatchNode, depth: number): number | undefined {
    let automaton = this.automata.get(node.regex);
    if (automaton === undefined) {
      const built = this.build(node.regex, 'match');
      if (built === undefined) return undefined;
      automaton = this.writeAutomaton(built);
      this.automata.set(node.regex, automaton);
    }
    const branches = node.kind === 'alternate' ? node.branches.length : 0;
    const at = this.allocate(NODE_BYTES + branches * 4);
    this.set(at, NODE_KINDS[node.kind]);
    this.set(at + 4, node.shortest ? 1 : 0);
    this.set(at + 8, automaton);
    const [first, last] = capturesIn(node);
    this.set(at + 12, first);
    this.set(at + 16, last);
    const children = childrenOf(node).map((child) => this.writeNode(child, depth + (node.kind === 'iterate' ? 1 : 0)));
    if (children.includes(undefined)) return undefined;
    children.forEach((child, index) => {
      this.set(at + 28 + index * 4, child!);
    });
    if (node.kind === 'alternate') this.set(at + 20, node.branches.length);
    if (node.kind === 'capture' || node.kind === 'backReference') this.set(at + 20, node.index);
    if (node.kind === 'iterate' || node.kind === 'backReference') {
      this.set(at + (node.kind === 'iterate' ? 20 : 28), node.min);
      this.set(at + 24, node.max === Infinity ? 0x7fffffff : node.max);
    }
    if (node.kind === 'iterate') {
      this.set(40, Math.max(this.words[10]!, depth + 1));
    }
    return at;
  }
}

function childrenOf(node: MatchNode): readonly MatchNode[] {
  switch (node.kind) {
    case 'concat':
      return [node.left, node.right];
    case 'alternate':
      return node.branches;
    case 'iterate':
    case 'capture':
      return [node.child];
    default:
      return [];
  }
}

const hasReferences = (node: MatchNode): boolean =>
  node.kind === 'backReference' || childrenOf(node).some(hasReferences);

function splitsIn(node: MatchNode): number {
  return Math.max(0, ...childrenOf(node).map(splitsIn)) + (node.kind === 'concat' ? 1 : 0);
}

/** First, and after the last; the numbers of the parentheses in a node follow each other. */
function capturesIn(node: MatchNode): [number, number] {
  const own: [number, number][] = node.kind === 'capture' ? [[node.index, node.index + 1]] : [];
  const all = [...own, ...childrenOf(node).map(capturesIn)].filter(([first, last]) => last > first);
  if (all.length === 0) return [0, 0];
  return [Math.min(...all.map(([first]) => first)), Math.max(...all.map(([, last]) => last))];
}
