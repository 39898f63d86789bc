import { userError } from '../../../common/errors.js';
import type { Json } from '../json/json-text.js';
import { plainDigits } from '../json/json-text.js';
import { compileLikeRegex } from './like-regex.js';
import {
  type ArithmeticOperator,
  type ComparisonSymbol,
  isPredicate,
  type JsonPath,
  PATH_METHODS,
  type PathExpression,
  type PathLevel,
  type PathMethod,
  type PathNode,
  type PathPredicate,
  type PathStep,
  type PathSubscript,
} from './path-syntax.js';
import { type PathToken, pathSyntaxError, pathTokens } from './path-tokens.js';

const COMPARISONS: Readonly<Record<string, ComparisonSymbol>> = {
  ...{ '==': '==', '!=': '!=', '<>': '!=', '<': '<', '<=': '<=', '>': '>', '>=': '>=' },
};
const DATE_METHODS: ReadonlySet<string> = new Set([
  ...['date', 'datetime', 'time', 'time_tz', 'timestamp', 'timestamp_tz', 'decimal'],
]);
const NOWHERE = { start: 0, end: 0 };

/** Reads a path. Throws 42601, 22P02 for an empty text, and 2201B for a bad regular expression. */
export function parseJsonPath(text: string): JsonPath {
  if (text.trim() === '') throw userError('22P02', `invalid input syntax for type jsonpath: "${text}"`);
  return new PathParser(pathTokens(text)).path();
}

/** By recursive descent, from the operator that binds least to that which binds most. */
class PathParser {
  private readonly tokens: readonly PathToken[];
  private at = 0;
  private filters = 0;
  private subscripts = 0;

  constructor(tokens: readonly PathToken[]) {
    this.tokens = tokens;
  }

  path(): JsonPath {
    const strict = this.takeWord('strict');
    if (!strict) this.takeWord('lax');
    const body = this.disjunction();
    if (this.next.kind !== 'end') throw this.unexpected();
    return { strict, body };
  }

  private get next(): PathToken {
    return this.tokens[this.at]!;
  }

  private unexpected(token: PathToken = this.next): Error {
    const isLastWord = token.kind === 'name' && this.tokens.at(-2) === token;
    return pathSyntaxError('syntax error', isLastWord ? '' : token.written);
  }

  private is(symbol: string): boolean {
    return this.next.kind === 'symbol' && this.next.text === symbol;
  }

  private take(symbol: string): boolean {
    const found = this.is(symbol);
    if (found) this.at++;
    return found;
  }

  private expect(symbol: string): void {
    if (!this.take(symbol)) throw this.unexpected();
  }

  private isWord(word: string): boolean {
    return this.next.kind === 'name' && this.next.text.toLowerCase() === word;
  }

  private takeWord(word: string): boolean {
    const found = this.isWord(word);
    if (found) this.at++;
    return found;
  }

  private disjunction(): PathNode {
    let left = this.conjunction();
    while (this.is('||')) {
      const operator = this.tokens[this.at++]!;
      left = {
        kind: 'or',
        left: this.predicate(left, operator),
        right: this.predicate(this.conjunction(), operator),
      };
    }
    return left;
  }

  private conjunction(): PathNode {
    let left = this.comparison();
    while (this.is('&&')) {
      const operator = this.tokens[this.at++]!;
      left = {
        kind: 'and',
        left: this.predicate(left, operator),
        right: this.predicate(this.comparison(), operator),
      };
    }
    return left;
  }

  private predicate(node: PathNode, before: PathToken): PathPredicate {
    if (isPredicate(node)) return node;
    throw this.unexpected(this.next.kind === 'end' ? this.next : before);
  }

  private expression(node: PathNode, before: PathToken): PathExpression {
    if (!isPredicate(node)) return node;
    throw this.unexpected(before);
  }

  private comparison(): PathNode {
    if (this.take('!')) {
      const operand = this.primary();
      if (!isPredicate(operand)) throw this.unexpected();
      return { kind: 'not', operand };
    }
    const left = this.sum();
    const token = this.next;
    const operator = token.kind === 'symbol' ? COMPARISONS[token.text] : undefined;
    if (operator !== undefined) {
      this.at++;
      const right = this.expression(this.sum(), token);
      return { kind: 'comparison', operator, left: this.expression(left, token), right };
    }
    if (this.takeWord('starts')) {
      if (!this.takeWord('with')) throw this.unexpected();
      const initial = this.next;
      if (initial.kind !== 'string' && initial.kind !== 'variable') throw this.unexpected();
      return { kind: 'startsWith', left: this.expression(left, token), right: this.scalar()! };
    }
    if (this.takeWord('like_regex')) {
      const pattern = this.stringText();
      const flags = this.takeWord('flag') ? this.stringText() : '';
      compileLikeRegex(pattern, flags);
      return { kind: 'likeRegex', left: this.expression(left, token), pattern, flags };
    }
    return left;
  }

  private stringText(): string {
    if (this.next.kind !== 'string') throw this.unexpected();
    return this.tokens[this.at++]!.text;
  }

  private sum(): PathNode {
    return this.arithmetic(['+', '-'], () => this.product());
  }

  private product(): PathNode {
    return this.arithmetic(['*', '/', '%'], () => this.unary());
  }

  private arithmetic(operators: readonly ArithmeticOperator[], operand: () => PathNode): PathNode {
    let left = operand();
    for (;;) {
      const operator = operators.find((symbol) => this.is(symbol));
      if (operator === undefined) return left;
      const token = this.tokens[this.at++]!;
      left = {
        kind: 'arithmetic',
        operator,
        left: this.expression(left, token),
        right: this.expression(operand(), token),
      };
    }
  }

  private unary(): PathNode {
    const operator = (['+', '-'] as const).find((symbol) => this.is(symbol));
    if (operator === undefined) return this.primary();
    const token = this.tokens[this.at++]!;
    const operand = this.expression(this.unary(), token);
    const isNumber = operand.kind === 'literal' && operand.value.kind === 'number';
    if (!isNumber || operator === '+') return isNumber ? operand : { kind: 'unary', operator, operand };
    const { digits } = operand.value as Extract<Json, { kind: 'number' }>;
    return { kind: 'literal', value: { kind: 'number', digits: plainDigits(negated(digits)), ...NOWHERE } };
  }

  /** What accessors may follow. */
  private primary(): PathNode {
    const head = this.head();
    const steps: PathStep[] = [];
    for (let step = this.step(); step !== undefined; step = this.step()) steps.push(step);
    if (steps.length === 0) return head;
    if (head.kind === 'path') return { ...head, steps: [...head.steps, ...steps] };
    return { kind: 'path', head, steps };
  }

  private head(): PathNode {
    if (this.take('(')) {
      const inner = this.disjunction();
      this.expect(')');
      if (isPredicate(inner) && this.isWord('is')) {
        this.at++;
        if (!this.takeWord('unknown')) throw this.unexpected();
        return { kind: 'isUnknown', operand: inner };
      }
      return inner;
    }
    if (this.take('$')) return { kind: 'root' };
    if (this.take('@')) {
      if (this.filters === 0) throw userError('42601', '@ is not allowed in root expressions');
      return { kind: 'current' };
    }
    if (this.isWord('exists')) {
      this.at++;
      const token = this.next;
      this.expect('(');
      const operand = this.expression(this.disjunction(), token);
      this.expect(')');
      return { kind: 'exists', operand };
    }
    if (this.takeWord('last')) {
      if (this.subscripts === 0) throw userError('42601', 'LAST is allowed only in array subscripts');
      return { kind: 'last' };
    }
    const scalar = this.scalar();
    if (scalar === undefined) throw this.unexpected();
    return scalar;
  }

  private scalar(): PathExpression | undefined {
    const token = this.next;
    const literal = (value: Json): PathExpression => {
      this.at++;
      return { kind: 'literal', value };
    };
    switch (token.kind) {
      case 'string':
        return literal({ kind: 'string', value: token.text, ...NOWHERE });
      case 'number':
        return literal({ kind: 'number', digits: plainDigits(decimal(token.text)), ...NOWHERE });
      case 'variable':
        this.at++;
        return { kind: 'variable', name: token.text };
      case 'name':
        if (token.text === 'null') return literal({ kind: 'null', ...NOWHERE });
        if (token.text !== 'true' && token.text !== 'false') return undefined;
        return literal({ kind: 'boolean', value: token.text === 'true', ...NOWHERE });
      default:
        return undefined;
    }
  }

  private step(): PathStep | undefined {
    if (this.take('.')) return this.memberStep();
    if (this.take('[')) {
      if (this.take('*')) {
        this.expect(']');
        return { kind: 'anyElement' };
      }
      this.subscripts++;
      const subscripts = [this.subscript()];
      while (this.take(',')) subscripts.push(this.subscript());
      this.subscripts--;
      this.expect(']');
      return { kind: 'subscripts', subscripts };
    }
    if (!this.take('?')) return undefined;
    const token = this.next;
    this.expect('(');
    this.filters++;
    const inner = this.disjunction();
    this.filters--;
    if (this.next.kind === 'end' || !isPredicate(inner)) throw this.unexpected();
    const predicate = this.predicate(inner, token);
    this.expect(')');
    return { kind: 'filter', predicate };
  }

  private memberStep(): PathStep {
    if (this.take('*')) return { kind: 'anyKey' };
    if (this.take('**')) return this.descendants();
    const token = this.next;
    if (token.kind !== 'name' && token.kind !== 'string') throw this.unexpected();
    this.at++;
    if (token.kind === 'string' || !this.is('(')) return { kind: 'key', name: token.text };
    const name = PATH_METHODS.find((method): method is PathMethod => method === token.text.toLowerCase());
    if (name === undefined) {
      if (!DATE_METHODS.has(token.text.toLowerCase())) throw this.unexpected();
      throw userError('0A000', `jsonpath item method .${token.text}() is not supported`, {
        hint: 'Take the value out of the JSON and cast it in SQL.',
      });
    }
    this.expect('(');
    this.expect(')');
    return { kind: 'method', name };
  }

  private descendants(): PathStep {
    if (!this.take('{')) return { kind: 'descendants', first: 0, last: 'last' };
    const first = this.level();
    const last = this.takeWord('to') ? this.level() : first;
    this.expect('}');
    return { kind: 'descendants', first, last };
  }

  private level(): PathLevel {
    if (this.takeWord('last')) return 'last';
    const token = this.next;
    if (token.kind !== 'number' || !/^\d+$/.test(token.text)) throw this.unexpected();
    this.at++;
    return Number(token.text);
  }

  private subscript(): PathSubscript {
    const token = this.next;
    const from = this.expression(this.disjunction(), token);
    const to = this.takeWord('to') ? this.expression(this.disjunction(), token) : undefined;
    return { from, to };
  }
}

const negated = (digits: string): string => (digits.startsWith('-') ? digits.slice(1) : `-${digits}`);

/** 0x1F is 31, .5 and 5. are numbers, too. */
function decimal(text: string): string {
  if (/^0[xob]/i.test(text)) return BigInt(text).toString();
  return text.replace(/^\./, '0.').replace(/\.(?!\d)/, '');
}
