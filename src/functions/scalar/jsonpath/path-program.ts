import { MillraceError } from '../../../common/errors.js';
import { joinBytes } from '../../../common/join-bytes.js';
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

// How an index is written.
const FROM_START = 0;
const FROM_END = 1;
const COMPUTED = 2;
/** Bytes of a pair of them. */
const RANGE_BYTES = 16;

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
    const content = writer.node(body);
    const head = new Uint8Array(28);
    head.set([QUESTIONS[question], Number(strict), Number(writer.computes), Number(isQuiet)]);
    head.set(encoder.encode('truefalsenull'), 4);
    if (clauses !== undefined) head.set(clauses, 17);
    head.set(encoder.encode('[]{}'), 24);
    new DataView(head.buffer).setUint32(20, POWERS_OF_TEN, true);
    return joinBytes([head, content]);
  } catch (error) {
    if (error instanceof Unfit || error instanceof MillraceError) return undefined;
    throw error;
  }
}

const encoder = new TextEncoder();

const words = (...values: readonly number[]): Uint8Array =>
  new Uint8Array(Uint32Array.from(values, (value) => value >>> 0).buffer);

function made(kind: keyof typeof KINDS, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = joinBytes(parts);
  return joinBytes([words(KINDS[kind], content.length + 8), content]);
}

function textBytes(text: string): Uint8Array {
  const bytes = encoder.encode(text);
  const padded = new Uint8Array((bytes.length + 3) & ~3);
  padded.set(bytes);
  return joinBytes([words(bytes.length), padded]);
}

function nameBytes(name: string): Uint8Array {
  if (/\p{Surrogate}/u.test(name)) throw new Unfit();
  return textBytes(name);
}

class ProgramWriter {
  /** Does the machine need room for values that are in no document? */
  computes = false;

  node(path: PathNode): Uint8Array {
    switch (path.kind) {
      case 'literal':
        return made('literal', textBytes(formatJsonb(path.value)));
      case 'variable':
        return made('variable', nameBytes(path.name));
      case 'root':
      case 'current':
        return made(path.kind);
      case 'last':
        return this.computed('last');
      case 'path':
        return made(
          'path',
          words(path.steps.length),
          this.node(path.head),
          ...path.steps.map((step) => this.step(step)),
        );
      case 'unary':
        return this.computed('unary', words(Number(path.operator === '-')), this.node(path.operand));
      case 'arithmetic':
        return this.computed(
          'arithmetic',
          words(ARITHMETIC[path.operator]),
          this.node(path.left),
          this.node(path.right),
        );
      case 'comparison':
        return made('comparison', words(OPERATORS[path.operator]), this.node(path.left), this.node(path.right));
      case 'startsWith':
      case 'and':
      case 'or':
        return made(path.kind, this.node(path.left), this.node(path.right));
      case 'not':
      case 'isUnknown':
      case 'exists':
        return made(path.kind, this.node(path.operand));
      case 'likeRegex': {
        const program = compileLikeRegex(path.pattern, path.flags).program(true);
        if (program === undefined) throw new Unfit();
        return this.computed('likeRegex', this.node(path.left), program);
      }
    }
  }

  private computed(kind: keyof typeof KINDS, ...parts: readonly Uint8Array[]): Uint8Array {
    this.computes = true;
    return made(kind, ...parts);
  }

  private step(step: PathStep): Uint8Array {
    switch (step.kind) {
      case 'key':
        return made('key', nameBytes(step.name));
      case 'anyKey':
      case 'anyElement':
        return made(step.kind);
      case 'subscripts':
        return this.subscripts(step.subscripts);
      case 'descendants': {
        const [first, last] = [step.first, step.last].map((level) => (level === 'last' ? LAST_LEVEL : level));
        return made('descendants', words(first!, last!));
      }
      case 'filter':
        return made('filter', this.node(step.predicate));
      case 'method':
        return this.computed(
          'method',
          words(PATH_METHODS.indexOf(step.name)),
          step.name === 'type' ? typeNames() : words(),
        );
    }
  }

  /** The ranges, and behind them what it takes to compute their ends. */
  private subscripts(subscripts: readonly PathSubscript[]): Uint8Array {
    const computed: Uint8Array[] = [];
    let end = 12 + subscripts.length * RANGE_BYTES;
    const index = (expression: PathExpression): Uint8Array => {
      const known = knownIndex(expression);
      if (known !== undefined) return known;
      const node = this.node(expression);
      const at = end;
      computed.push(node);
      end += node.length;
      return words(COMPUTED, at);
    };
    const ranges = subscripts.flatMap(({ from, to }) => {
      const first = index(from);
      return [first, to === undefined ? first : index(to)];
    });
    return made('subscripts', words(subscripts.length), ...ranges, ...computed);
  }
}

/** A whole number, `last`, or `last` and a whole number. */
function knownIndex(index: PathExpression): Uint8Array | undefined {
  if (index.kind === 'last') return words(FROM_END, 0);
  const own = wholeNumber(index);
  if (own !== undefined) return words(FROM_START, own);
  if (index.kind !== 'arithmetic' || index.left.kind !== 'last') return undefined;
  const offset = wholeNumber(index.right);
  if (offset === undefined || (index.operator !== '-' && index.operator !== '+')) return undefined;
  return words(FROM_END, offset * (index.operator === '-' ? -1 : 1));
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
