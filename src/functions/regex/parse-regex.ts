import { casesOf } from './character-classes.js';
import { type CharacterSet, complement, EVERYTHING, NEWLINE, setOfRanges } from './character-set.js';
import { parseBracket } from './parse-bracket.js';
import { type Escape, parseEscape } from './parse-escape.js';
import { PatternReader, regexError } from './pattern-reader.js';
import { withOption } from './regex-options.js';
import type { Assertion, ParsedRegex, RegexNode, RegexOptions } from './regex-syntax.js';

/** PostgreSQL's greatest {m,n}. */
const MOST_REPETITIONS = 255;

/**
 * An advanced regular expression of PostgreSQL (docs: 9.7.3), after `options`, which the pattern may change at its start.
 * Throws 2201B.
 */
export function parseRegex(pattern: string, options: RegexOptions): ParsedRegex {
  return new RegexParser(pattern, options).parse();
}

class RegexParser {
  private readonly reader: PatternReader;
  private options: RegexOptions;
  private captures = 0;
  private readonly groups = new Map<number, RegexNode>();
  /** Parentheses within a constraint do not capture. */
  private inConstraint = 0;

  constructor(pattern: string, options: RegexOptions) {
    this.reader = new PatternReader(pattern);
    this.options = options;
  }

  parse(): ParsedRegex {
    if (!this.options.literal) this.readDirectives();
    const node = this.options.literal ? this.parseLiteral() : this.parseAlternation(false);
    if (this.reader.next !== undefined) throw regexError('parentheses () not balanced');
    return { node, captures: this.captures, groups: this.groups, options: this.options };
  }

  /** `***:`, `***=` and `(?xyz)` at the start. */
  private readDirectives(): void {
    const { reader } = this;
    if (reader.take('***=')) this.options = { ...this.options, literal: true };
    else if (reader.startsWith('***') && !reader.take('***:')) throw regexError('quantifier operand invalid');
    if (this.options.literal || !reader.startsWith('(?') || !/[a-zA-Z]/.test(reader.characters[reader.at + 2] ?? '')) {
      return;
    }
    reader.at += 2;
    for (; reader.next !== undefined && reader.next !== ')'; reader.at++) {
      const options = withOption(this.options, reader.next);
      if (options === undefined) throw regexError('invalid embedded option');
      this.options = options;
    }
    if (!reader.take(')')) throw regexError('invalid embedded option');
  }

  private parseLiteral(): RegexNode {
    const items: RegexNode[] = [];
    for (; this.reader.next !== undefined; this.reader.at++) items.push(this.character(this.reader.next));
    return concatOf(items);
  }

  private parseAlternation(nested: boolean): RegexNode {
    const branches = [this.parseBranch(nested)];
    while (this.reader.take('|')) branches.push(this.parseBranch(nested));
    return branches.length === 1 ? branches[0]! : { kind: 'alternate', branches };
  }

  private parseBranch(nested: boolean): RegexNode {
    const items: RegexNode[] = [];
    for (;;) {
      this.skipIgnored();
      const { next } = this.reader;
      if (next === undefined || next === '|' || (next === ')' && nested)) return concatOf(items);
      items.push(this.parseQuantified());
    }
  }

  /** White space and comments of the expanded syntax, and `(?#…)` of any. */
  private skipIgnored(): void {
    const { reader } = this;
    for (;;) {
      if (reader.take('(?#')) {
        while (reader.next !== undefined && reader.next !== ')') reader.at++;
        reader.take(')');
      } else if (this.options.expanded && reader.next !== undefined && /\s/.test(reader.next)) {
        reader.at++;
      } else if (this.options.expanded && reader.next === '#') {
        while (reader.next !== undefined && !reader.startsWith('\n')) reader.at++;
      } else return;
    }
  }

  private parseQuantified(): RegexNode {
    const isGroup = this.reader.startsWith('(?:');
    const atom = this.parseAtom();
    this.skipIgnored();
    const isConstraint = !isGroup && (atom.kind === 'assert' || atom.kind === 'look');
    if (isConstraint) return atom;
    const bounds = this.parseQuantifier();
    if (bounds === undefined) return atom;
    const { min, max, isExact } = bounds;
    const lazy = this.reader.take('?');
    return { kind: 'repeat', child: atom, min, max, greedy: isExact ? undefined : !lazy };
  }

  private parseQuantifier(): { min: number; max: number; isExact: boolean } | undefined {
    const { reader } = this;
    if (reader.take('*')) return { min: 0, max: Infinity, isExact: false };
    if (reader.take('+')) return { min: 1, max: Infinity, isExact: false };
    if (reader.take('?')) return { min: 0, max: 1, isExact: false };
    if (!this.startsBounds()) return undefined;
    reader.at++;
    const min = this.parseBound() ?? 0;
    let max = min;
    const isExact = !reader.take(',');
    if (!isExact) max = reader.next === '}' ? Infinity : (this.parseBound() ?? 0);
    if (reader.next === undefined) throw regexError('braces {} not balanced');
    if (!reader.take('}') || max < min) throw regexError('invalid repetition count(s)');
    return { min, max, isExact };
  }

  private startsBounds(): boolean {
    const { reader } = this;
    return reader.next === '{' && isDigit(reader.characters[reader.at + 1]);
  }

  private parseBound(): number | undefined {
    const { reader } = this;
    if (!isDigit(reader.next)) return undefined;
    let value = 0;
    for (; isDigit(reader.next); reader.at++) {
      value = value * 10 + Number(reader.next);
      if (value > MOST_REPETITIONS) throw regexError('invalid repetition count(s)');
    }
    return value;
  }

  private parseAtom(): RegexNode {
    const { reader } = this;
    if (this.startsBounds()) throw regexError('quantifier operand invalid');
    const next = reader.next!;
    switch (next) {
      case '(':
        return this.parseGroup();
      case ')':
        throw regexError('parentheses () not balanced');
      case '*':
      case '+':
      case '?':
        throw regexError('quantifier operand invalid');
      case '[': {
        const bracket = parseBracket(reader, this.options);
        return typeof bracket === 'string' ? assertion(bracket) : { kind: 'set', set: bracket };
      }
      case '\\':
        return this.nodeOfEscape(parseEscape(reader, this.captures, this.options.ignoreCase));
    }
    reader.at++;
    switch (next) {
      case '.':
        return { kind: 'set', set: this.options.newlineStops ? complement(NEWLINE) : EVERYTHING };
      case '^':
        return assertion(this.options.newlineAnchors ? 'lineStart' : 'textStart');
      case '$':
        return assertion(this.options.newlineAnchors ? 'lineEnd' : 'textEnd');
      default:
        return this.character(next);
    }
  }

  private parseGroup(): RegexNode {
    const { reader } = this;
    for (const [opening, ahead, negated] of CONSTRAINTS) {
      if (!reader.take(opening)) continue;
      this.inConstraint++;
      const child = this.parseUntilClosed();
      this.inConstraint--;
      return { kind: 'look', ahead, negated, child };
    }
    if (reader.take('(?:')) return this.parseUntilClosed();
    if (reader.startsWith('(?')) throw regexError('quantifier operand invalid');
    reader.at++;
    if (this.inConstraint > 0) return this.parseUntilClosed();
    this.captures++;
    const index = this.captures;
    const child = this.parseUntilClosed();
    this.groups.set(index, withoutConditions(child));
    return { kind: 'capture', index, child };
  }

  private parseUntilClosed(): RegexNode {
    const node = this.parseAlternation(true);
    if (!this.reader.take(')')) throw regexError('parentheses () not balanced');
    return node;
  }

  private nodeOfEscape(read: Escape): RegexNode {
    switch (read.kind) {
      case 'character':
        return this.character(read.character);
      case 'set':
        return { kind: 'set', set: read.set };
      case 'assertion':
        return assertion(read.assertion);
      case 'backReference':
        if (!this.groups.has(read.index) || this.inConstraint > 0) {
          throw regexError('invalid backreference number');
        }
        return { kind: 'backReference', index: read.index };
    }
  }

  private character(character: string): RegexNode {
    const point = character.codePointAt(0)!;
    const points = this.options.ignoreCase ? casesOf(point) : [point];
    const set: CharacterSet = setOfRanges(points.map((one) => [one, one]));
    return { kind: 'set', set };
  }
}

const CONSTRAINTS: readonly (readonly [opening: string, ahead: boolean, negated: boolean])[] = [
  ['(?=', true, false],
  ['(?!', true, true],
  ['(?<=', false, false],
  ['(?<!', false, true],
];

/** What is referred to is the text, wherever that stood. */
function withoutConditions(node: RegexNode): RegexNode {
  switch (node.kind) {
    case 'assert':
    case 'look':
      return { kind: 'empty' };
    case 'capture':
    case 'repeat':
      return { ...node, child: withoutConditions(node.child) };
    case 'concat':
      return { ...node, items: node.items.map(withoutConditions) };
    case 'alternate':
      return { ...node, branches: node.branches.map(withoutConditions) };
    default:
      return node;
  }
}

const assertion = (what: Assertion): RegexNode => ({ kind: 'assert', assertion: what });

function concatOf(items: readonly RegexNode[]): RegexNode {
  if (items.length === 0) return { kind: 'empty' };
  return items.length === 1 ? items[0]! : { kind: 'concat', items };
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9';
}
