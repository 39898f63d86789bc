import { MillraceError } from '../../../common/errors.js';
import { POWERS_OF_TEN } from '../../../kernels/constant-tables.js';
import { formatJsonb } from '../json/json-text.js';
import { compileLikeRegex } from './like-regex.js';
import { parseJsonPath } from './parse-path.js';
import {
  type ArithmeticOperator,
  type ComparisonSymbol,
  PATH_METHODS,
  type PathExpression,
  type PathNode,
  type PathStep,
  type PathSubscript,
} from './path-syntax.js';

// Programs of jsonpath for a kernel, which draws them: kernels/assembly/json-path-machine.ts.

const encoder = new TextEncoder();

/** What is asked of a path. */
export type PathQuestion =
  | ('exists' | 'match' | 'matchOrNull' | 'jsonArray' | 'first' | 'array')
  | ('textValue' | 'only' | 'scalar');
const QUESTIONS: Readonly<Record<PathQuestion, number>> = {
  ...{ exists: 0, match: 1, matchOrNull: 2, jsonArray: 3, first: 4, array: 5, textValue: 6, only: 7, scalar: 8 },
};

const KINDS = {
  ...{ literal: 0, variable: 1, root: 2, current: 3, path: 4, key: 5, anyKey: 6, anyElement: 7, subscripts: 8 },
  ...{ descendants: 9, filter: 10, comparison: 11, startsWith: 12, and: 13, or: 14, not: 15, isUnknown: 16 },
  ...{ exists: 17, likeRegex: 18, last: 19, unary: 20, arithmetic: 21, method: 22 },
} as const;

/** Bits of below, equal and above. */
const OPERATORS: Readonly<Record<ComparisonSymbol, number>> = { '<': 1, '==': 2, '<=': 3, '>': 4, '!=': 5, '>=': 6 };

const ARITHMETIC: Readonly<Record<ArithmeticOperator, number>> = { '+': 0, '-': 1, '*': 2, '/': 3, '%': 4 };

const LAST_LEVEL = 0xffff_ffff;

/** What type() gives, in slots of so many bytes. */
const TYPE_NAMES = ['null', 'boolean', 'number', 'string', 'array', 'object'] as const;
const TYPE_SLOT_BYTES = 12;
const TYPE_SLOTS = typeNames();

// How an index is written.
const FROM_START = 0;
const FROM_END = 1;
const COMPUTED = 2;
/** Bytes of a pair of them. */
const RANGE_BYTES = 16;

/** The kind and the length of a node. */
const NODE_HEAD_BYTES = 8;

const HEAD_BYTES = 28;
const WORDS_OF_CONSTANTS = encoder.encode('truefalsenull');
const BRACKETS = encoder.encode('[]{}');
/** What most paths take. */
const FIRST_CAPACITY = 512;

/** The path is not for the kernel: with regular expressions that it does not run, or half a pair of surrogates in a name. */
class Unfit extends Error {}

export interface PathProgramOptions {
  /** Errors are no result, as operators have it. */
  readonly isQuiet?: boolean;
  /** Of the forms of SQL/JSON: json-form-clauses.ts. */
  readonly clauses?: Uint8Array;
}

/** The program of a path; undefined if there is none. What is wrong with the path, the row says that comes to it. */
export function pathProgram(
  text: string,
  question: PathQuestion,
  { isQuiet = false, clauses }: PathProgramOptions = {},
): Uint8Array | undefined {
  try {
    const { strict, body } = parseJsonPath(text);
    const writer = new ProgramWriter();
    writer.skip(HEAD_BYTES);
    writer.node(body);
    const program = writer.written();
    program.set([QUESTIONS[question], Number(strict), Number(writer.computes), Number(isQuiet)]);
    program.set(WORDS_OF_CONSTANTS, 4);
    if (clauses !== undefined) program.set(clauses, 17);
    new DataView(program.buffer).setUint32(20, POWERS_OF_TEN, true);
    program.set(BRACKETS, 24);
    return program;
  } catch (error) {
    if (error instanceof Unfit || error instanceof MillraceError) return undefined;
    throw error;
  }
}

class ProgramWriter {
  /** Does the machine need room for values that are in no document? */
  computes = false;
  private bytes = new Uint8Array(FIRST_CAPACITY);
  private view = new DataView(this.bytes.buffer);
  private at = 0;

  written(): Uint8Array {
    return this.bytes.slice(0, this.at);
  }

  /** Leaves bytes 0, and returns where they lie. */
  skip(byteLength: number): number {
    const from = this.at;
    this.at += byteLength;
    if (this.at > this.bytes.length) {
      const grown = new Uint8Array(Math.max(this.at, this.bytes.length * 2));
      grown.set(this.bytes);
      this.bytes = grown;
      this.view = new DataView(grown.buffer);
    }
    return from;
  }

  node(path: PathNode): void {
    switch (path.kind) {
      case 'literal':
        this.made('literal', () => this.text(formatJsonb(path.value)));
        break;
      case 'variable':
        this.made('variable', () => this.name(path.name));
        break;
      case 'root':
      case 'current':
        this.made(path.kind);
        break;
      case 'last':
        this.computed('last');
        break;
      case 'path':
        this.made('path', () => {
          this.word(path.steps.length);
          this.node(path.head);
          for (const step of path.steps) this.step(step);
        });
        break;
      case 'unary':
        this.computed('unary', () => {
          this.word(Number(path.operator === '-'));
          this.node(path.operand);
        });
        break;
      case 'arithmetic':
        this.computed('arithmetic', () => {
          this.word(ARITHMETIC[path.operator]);
          this.node(path.left);
          this.node(path.right);
        });
        break;
      case 'comparison':
        this.made('comparison', () => {
          this.word(OPERATORS[path.operator]);
          this.node(path.left);
          this.node(path.right);
        });
        break;
      case 'startsWith':
      case 'and':
      case 'or':
        this.made(path.kind, () => {
          this.node(path.left);
          this.node(path.right);
        });
        break;
      case 'not':
      case 'isUnknown':
      case 'exists':
        this.made(path.kind, () => this.node(path.operand));
        break;
      case 'likeRegex': {
        const program = compileLikeRegex(path.pattern, path.flags).program(true);
        if (program === undefined) throw new Unfit();
        this.computed('likeRegex', () => {
          this.node(path.left);
          this.put(program);
        });
        break;
      }
    }
  }

  /** A node: its kind, the bytes of all of it, and its content. */
  private made(kind: keyof typeof KINDS, content?: () => void): void {
    const start = this.at;
    this.word(KINDS[kind]);
    this.word(0);
    content?.();
    this.view.setUint32(start + 4, this.at - start, true);
  }

  private computed(kind: keyof typeof KINDS, content?: () => void): void {
    this.computes = true;
    this.made(kind, content);
  }

  private word(value: number): void {
    const at = this.skip(4);
    this.view.setUint32(at, value >>> 0, true);
  }

  private put(bytes: Uint8Array): void {
    const at = this.skip(bytes.length);
    this.bytes.set(bytes, at);
  }

  /** Its byte length, and its bytes, filled up to words. */
  private text(text: string): void {
    const start = this.skip(4 + text.length * 3);
    const { written } = encoder.encodeInto(text, this.bytes.subarray(start + 4));
    this.view.setUint32(start, written, true);
    this.at = start + 4 + ((written + 3) & ~3);
    this.bytes.fill(0, start + 4 + written, this.at);
  }

  private name(name: string): void {
    if (/\p{Surrogate}/u.test(name)) throw new Unfit();
    this.text(name);
  }

  private step(step: PathStep): void {
    switch (step.kind) {
      case 'key':
        this.made('key', () => this.name(step.name));
        break;
      case 'anyKey':
      case 'anyElement':
        this.made(step.kind);
        break;
      case 'subscripts':
        this.made('subscripts', () => this.subscripts(step.subscripts));
        break;
      case 'descendants':
        this.made('descendants', () => {
          for (const level of [step.first, step.last]) this.word(level === 'last' ? LAST_LEVEL : level);
        });
        break;
      case 'filter':
        this.made('filter', () => this.node(step.predicate));
        break;
      case 'method':
        this.computed('method', () => {
          this.word(PATH_METHODS.indexOf(step.name));
          if (step.name === 'type') this.put(TYPE_SLOTS);
        });
        break;
    }
  }

  /** The ranges, and behind them what it takes to compute their ends. */
  private subscripts(subscripts: readonly PathSubscript[]): void {
    const start = this.at - NODE_HEAD_BYTES;
    this.word(subscripts.length);
    const ranges = this.skip(subscripts.length * RANGE_BYTES);
    subscripts.forEach(({ from, to }, index) => {
      const first = this.index(from, start);
      const last = to === undefined ? first : this.index(to, start);
      [...first, ...last].forEach((word, place) => {
        this.view.setUint32(ranges + index * RANGE_BYTES + place * 4, word >>> 0, true);
      });
    });
  }

  /** How an index is written, and a number: of a computed one, where what computes it lies from the start of the node. */
  private index(expression: PathExpression, start: number): readonly [number, number] {
    const known = knownIndex(expression);
    if (known !== undefined) return known;
    const at = this.at - start;
    this.node(expression);
    return [COMPUTED, at];
  }
}

/** A whole number, `last`, or `last` and a whole number. */
function knownIndex(index: PathExpression): readonly [number, number] | undefined {
  if (index.kind === 'last') return [FROM_END, 0];
  const own = wholeNumber(index);
  if (own !== undefined) return [FROM_START, own];
  if (index.kind !== 'arithmetic' || index.left.kind !== 'last') return undefined;
  const offset = wholeNumber(index.right);
  if (offset === undefined || (index.operator !== '-' && index.operator !== '+')) return undefined;
  return [FROM_END, offset * (index.operator === '-' ? -1 : 1)];
}

function wholeNumber(expression: PathExpression): number | undefined {
  if (expression.kind !== 'literal' || expression.value.kind !== 'number') return undefined;
  const { digits } = expression.value;
  return /^\d{1,8}$/.test(digits) ? Number(digits) : undefined;
}

/** Slots of a byte length and the name in quotes. */
function typeNames(): Uint8Array {
  const slots = new Uint8Array(TYPE_NAMES.length * TYPE_SLOT_BYTES);
  TYPE_NAMES.forEach((name, index) => {
    slots[index * TYPE_SLOT_BYTES] = name.length + 2;
    slots.set(encoder.encode(`"${name}"`), index * TYPE_SLOT_BYTES + 1);
  });
  return slots;
}
