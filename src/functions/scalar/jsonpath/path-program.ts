import { MillraceError } from '../../../common/errors.js';
import { joinBytes } from '../../../common/join-bytes.js';
import { formatJsonb } from '../json/json-text.js';
import { parseJsonPath } from './parse-path.js';
import { opposite } from './path-numbers.js';
import type { ComparisonSymbol, PathExpression, PathNode, PathStep, PathSubscript } from './path-syntax.js';

// Programs of jsonpath for a kernel, which draws them: kernels/assembly/json-path-machine.ts.

/** What is asked of a path. */
export type PathQuestion = 'exists' | 'match' | 'matchOrNull' | 'jsonArray' | 'first' | 'array' | 'textValue' | 'only';
const QUESTIONS: Readonly<Record<PathQuestion, number>> = {
  ...{ exists: 0, match: 1, matchOrNull: 2, jsonArray: 3, first: 4, array: 5, textValue: 6, only: 7 },
};

const KINDS = {
  ...{ literal: 0, variable: 1, root: 2, current: 3, path: 4, key: 5, anyKey: 6, anyElement: 7, subscripts: 8 },
  ...{
    descendants: 9,
    filter: 10,
    comparison: 11,
    startsWith: 12,
    and: 13,
    or: 14,
    not: 15,
    isUnknown: 16,
    exists: 17,
  },
} as const;

/** Bits of below, equal and above. */
const OPERATORS: Readonly<Record<ComparisonSymbol, number>> = { '<': 1, '==': 2, '<=': 3, '>': 4, '!=': 5, '>=': 6 };

const LAST_LEVEL = 0xffff_ffff;

/** The path is not for the kernel: with methods, arithmetic or regular expressions. */
class Unfit extends Error {}

/** The program of a path; undefined if there is none. What is wrong with the path, the row says that comes to it. */
export function pathProgram(text: string, question: PathQuestion): Uint8Array | undefined {
  try {
    const { strict, body } = parseJsonPath(text);
    const head = new Uint8Array(20);
    head[0] = QUESTIONS[question];
    head[1] = strict ? 1 : 0;
    head.set(encoder.encode('truefalsenull'), 4);
    return joinBytes([head, nodeBytes(body)]);
  } catch (error) {
    if (error instanceof Unfit || error instanceof MillraceError) return undefined;
    throw error;
  }
}

const encoder = new TextEncoder();

const words = (...values: readonly number[]): Uint8Array =>
  new Uint8Array(Uint32Array.from(values, (value) => value >>> 0).buffer);

function node(kind: keyof typeof KINDS, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = joinBytes(parts);
  return joinBytes([words(KINDS[kind], content.length + 8), content]);
}

function textBytes(text: string): Uint8Array {
  const bytes = encoder.encode(text);
  const padded = new Uint8Array((bytes.length + 3) & ~3);
  padded.set(bytes);
  return joinBytes([words(bytes.length), padded]);
}

/** A name as it lies in the text of jsonb; one with escapes does not. */
function nameBytes(name: string): Uint8Array {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are escaped in JSON.
  if (/["\\\u0000-\u001f]/.test(name)) throw new Unfit();
  return textBytes(name);
}

function nodeBytes(path: PathNode): Uint8Array {
  switch (path.kind) {
    case 'literal':
      return node('literal', textBytes(formatJsonb(path.value)));
    case 'unary': {
      const { operator, operand } = path;
      if (operand.kind !== 'literal' || operand.value.kind !== 'number') throw new Unfit();
      const { digits } = operand.value;
      return node('literal', textBytes(operator === '-' ? opposite(digits) : digits));
    }
    case 'variable':
      return node('variable', nameBytes(path.name));
    case 'root':
    case 'current':
      return node(path.kind);
    case 'path':
      return node('path', words(path.steps.length), headBytes(path.head), ...path.steps.map(stepBytes));
    case 'comparison':
      return node('comparison', words(OPERATORS[path.operator]), nodeBytes(path.left), nodeBytes(path.right));
    case 'startsWith':
    case 'and':
    case 'or':
      return node(path.kind, nodeBytes(path.left), nodeBytes(path.right));
    case 'not':
    case 'isUnknown':
    case 'exists':
      return node(path.kind, nodeBytes(path.operand));
    default:
      throw new Unfit();
  }
}

function headBytes(head: PathNode): Uint8Array {
  if (head.kind !== 'root' && head.kind !== 'current' && head.kind !== 'variable') throw new Unfit();
  return nodeBytes(head);
}

function stepBytes(step: PathStep): Uint8Array {
  switch (step.kind) {
    case 'key':
      return node('key', nameBytes(step.name));
    case 'anyKey':
    case 'anyElement':
      return node(step.kind);
    case 'subscripts':
      return node('subscripts', words(step.subscripts.length), ...step.subscripts.map(subscriptBytes));
    case 'descendants': {
      const [first, last] = [step.first, step.last].map((level) => (level === 'last' ? LAST_LEVEL : level));
      return node('descendants', words(first!, last!));
    }
    case 'filter':
      return node('filter', nodeBytes(step.predicate));
    case 'method':
      throw new Unfit();
  }
}

const subscriptBytes = ({ from, to }: PathSubscript): Uint8Array =>
  joinBytes([indexBytes(from), indexBytes(to ?? from)]);

/** A whole number, `last`, or `last` and a whole number. */
function indexBytes(index: PathExpression): Uint8Array {
  if (index.kind === 'last') return words(1, 0);
  if (index.kind === 'literal') return words(0, wholeNumber(index));
  const isOffset = index.kind === 'arithmetic' && index.left.kind === 'last';
  if (!isOffset || (index.operator !== '-' && index.operator !== '+')) throw new Unfit();
  return words(1, wholeNumber(index.right) * (index.operator === '-' ? -1 : 1));
}

function wholeNumber(expression: PathExpression): number {
  if (expression.kind !== 'literal' || expression.value.kind !== 'number') throw new Unfit();
  const { digits } = expression.value;
  if (!/^\d{1,8}$/.test(digits)) throw new Unfit();
  return Number(digits);
}
