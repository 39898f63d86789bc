import { userError } from '../../../common/errors.js';
import { canonicalEntries, compareTexts, type Json } from '../json/json-text.js';
import { compareNumbers, memberOf } from '../json/json-tree.js';
import { compileLikeRegex } from './like-regex.js';
import { JsonPathError, pathError } from './path-error.js';
import { applyMethod, booleanOf, numberOf } from './path-methods.js';
import { calculate, opposite, truncated } from './path-numbers.js';
import {
  type ComparisonSymbol,
  isPredicate,
  type JsonPath,
  type PathExpression,
  type PathNode,
  type PathPredicate,
  type PathStep,
  type PathSubscript,
} from './path-syntax.js';

/** True, false or unknown. */
type Truth = boolean | undefined;

/** What the words of a path mean where they stand. */
interface Scope {
  /** `@` */
  readonly current: Json;
  /** Elements of the array whose subscript is computed, for `last`. */
  readonly size: number | undefined;
  /** What is not there, or of another kind, is skipped: in lax mode, and behind `.**`. */
  readonly forgiving: boolean;
}

/**
 * The items that a path finds, from the first on as they are asked for, so that what is not asked for is no error. Throws
 * JsonPathError; 42704 and 22023 for variables that are missing.
 */
export function itemsOfPath(path: JsonPath, root: Json, variables: Json | undefined): Generator<Json> {
  const evaluator = new PathEvaluator(!path.strict, root, variables);
  return evaluator.items(path.body, { current: root, size: undefined, forgiving: !path.strict });
}

class PathEvaluator {
  private readonly lax: boolean;
  private readonly root: Json;
  private readonly variables: Json | undefined;

  constructor(lax: boolean, root: Json, variables: Json | undefined) {
    this.lax = lax;
    this.root = root;
    this.variables = variables;
  }

  *items(node: PathNode, scope: Scope): Generator<Json> {
    if (isPredicate(node)) {
      yield booleanOf(this.truth(node, scope));
      return;
    }
    switch (node.kind) {
      case 'literal':
        yield node.value;
        return;
      case 'variable':
        yield this.variable(node.name);
        return;
      case 'root':
        yield this.root;
        return;
      case 'current':
        yield scope.current;
        return;
      case 'last':
        yield numberOf(String(scope.size! - 1));
        return;
      case 'path':
        for (const item of this.items(node.head, scope)) yield* this.apply(node.steps, 0, item, scope, this.lax);
        return;
      case 'unary':
        for (const item of this.unwrapped(node.operand, scope)) {
          if (item.kind !== 'number') {
            throw pathError('2203B', `operand of unary jsonpath operator ${node.operator} is not a numeric value`);
          }
          yield node.operator === '-' ? numberOf(opposite(item.digits)) : item;
        }
        return;
      case 'arithmetic': {
        const { operator } = node;
        const [left, right] = [[...this.unwrapped(node.left, scope)], [...this.unwrapped(node.right, scope)]];
        const numberIn = (side: string, items: readonly Json[]): string => {
          const [only] = items;
          if (items.length === 1 && only!.kind === 'number') return only!.digits;
          throw pathError('22038', `${side} operand of jsonpath operator ${operator} is not a single numeric value`);
        };
        yield numberOf(quietly(() => calculate(operator, numberIn('left', left), numberIn('right', right))));
      }
    }
  }

  private variable(name: string): Json {
    const value = this.variables && memberOf(this.variables, name);
    if (value !== undefined) return value;
    throw userError('42704', `could not find jsonpath variable "${name}"`);
  }

  /** In lax mode, the elements of arrays in their place. */
  private *unwrapped(node: PathNode, scope: Scope): Generator<Json> {
    for (const item of this.items(node, scope)) {
      if (this.lax && item.kind === 'array') yield* item.items;
      else yield item;
    }
  }

  /** `unwraps`: an array stands for its elements where the step is not for arrays. */
  private *apply(steps: readonly PathStep[], at: number, item: Json, scope: Scope, unwraps: boolean): Generator<Json> {
    const step = steps[at];
    if (step === undefined) {
      yield item;
      return;
    }
    if (unwraps && item.kind === 'array' && isForElements(step)) {
      for (const element of item.items) yield* this.apply(steps, at, element, scope, false);
      return;
    }
    if (step.kind === 'descendants') {
      yield* this.descendants(steps, at, item, scope, 0);
      return;
    }
    for (const found of this.step(step, item, scope)) yield* this.apply(steps, at + 1, found, scope, this.lax);
  }

  private *step(step: Exclude<PathStep, { kind: 'descendants' }>, item: Json, scope: Scope): Generator<Json> {
    switch (step.kind) {
      case 'key': {
        const found = memberOf(item, step.name);
        if (found !== undefined) yield found;
        else if (!scope.forgiving) {
          if (item.kind === 'object') throw pathError('2203A', `JSON object does not contain key "${step.name}"`);
          throw pathError('2203A', 'jsonpath member accessor can only be applied to an object');
        }
        return;
      }
      case 'anyKey':
        if (item.kind === 'object') yield* canonicalEntries(item.entries).map(([, value]) => value);
        else if (!scope.forgiving) {
          throw pathError('2203C', 'jsonpath wildcard member accessor can only be applied to an object');
        }
        return;
      case 'anyElement':
        if (item.kind === 'array') yield* item.items;
        else if (this.lax) yield item;
        else if (!scope.forgiving) {
          throw pathError('22039', 'jsonpath wildcard array accessor can only be applied to an array');
        }
        return;
      case 'subscripts':
        if (item.kind === 'array' || this.lax) {
          const elements = item.kind === 'array' ? item.items : [item];
          for (const subscript of step.subscripts) yield* this.subscript(subscript, elements, scope);
        } else if (!scope.forgiving) {
          throw pathError('22039', 'jsonpath array accessor can only be applied to an array');
        }
        return;
      case 'filter':
        if (this.truth(step.predicate, { ...scope, current: item }) === true) yield item;
        return;
      case 'method':
        yield* applyMethod(step.name, item, this.lax);
    }
  }

  private *subscript({ from, to }: PathSubscript, elements: readonly Json[], scope: Scope): Generator<Json> {
    const inside = { ...scope, size: elements.length };
    const first = this.index(from, inside);
    const last = to === undefined ? first : this.index(to, inside);
    if (!scope.forgiving && (first < 0 || first > last || last >= elements.length)) {
      throw pathError('22033', 'jsonpath array subscript is out of bounds');
    }
    for (let index = Math.max(first, 0); index <= Math.min(last, elements.length - 1); index++) yield elements[index]!;
  }

  private index(node: PathExpression, scope: Scope): number {
    const items = [...this.items(node, scope)];
    const [only] = items;
    if (items.length !== 1 || only!.kind !== 'number') {
      throw pathError('22033', 'jsonpath array subscript is not a single numeric value');
    }
    const index = truncated(only!.digits);
    if (index < -(2n ** 31n) || index >= 2n ** 31n) {
      throw pathError('22033', 'jsonpath array subscript is out of integer range');
    }
    return Number(index);
  }

  /** The item and what is in it, level by level down each branch. */
  private *descendants(
    steps: readonly PathStep[],
    at: number,
    item: Json,
    scope: Scope,
    level: number,
  ): Generator<Json> {
    const { first, last } = steps[at] as Extract<PathStep, { kind: 'descendants' }>;
    const children = childrenOf(item);
    const isIn = first === 'last' ? children.length === 0 : level >= first && (last === 'last' || level <= last);
    // With `last`, only leaves are meant.
    if (isIn) yield* this.apply(steps, at + 1, item, { ...scope, forgiving: true }, this.lax);
    if (last !== 'last' && level >= last) return;
    for (const child of children) yield* this.descendants(steps, at, child, scope, level + 1);
  }

  private truth(node: PathPredicate, scope: Scope): Truth {
    switch (node.kind) {
      case 'and': {
        const left = this.truth(node.left, scope);
        if (left === false) return false;
        const right = this.truth(node.right, scope);
        return right === true ? left : right;
      }
      case 'or': {
        const left = this.truth(node.left, scope);
        if (left === true) return true;
        const right = this.truth(node.right, scope);
        return right === false ? left : right;
      }
      case 'not': {
        const truth = this.truth(node.operand, scope);
        return truth === undefined ? undefined : !truth;
      }
      case 'isUnknown':
        return this.truth(node.operand, scope) === undefined;
      case 'exists':
        return this.exists(node.operand, scope);
      case 'comparison':
        return this.anyPair(node.left, node.right, scope, (left, right) => compared(node.operator, left, right));
      case 'startsWith':
        return this.anyPair(node.left, node.right, scope, (left, right) =>
          left.kind === 'string' && right.kind === 'string' ? left.value.startsWith(right.value) : undefined,
        );
      case 'likeRegex': {
        const { matcher } = compileLikeRegex(node.pattern, node.flags);
        return this.anyPair(node.left, undefined, scope, (left) => {
          if (left.kind !== 'string') return undefined;
          const points = Array.from(left.value, (character) => character.codePointAt(0)!);
          return matcher.find(points, 0) !== undefined;
        });
      }
    }
  }

  private exists(operand: PathExpression, scope: Scope): Truth {
    try {
      const items = this.items(operand, scope);
      if (this.lax) return items.next().done !== true;
      // Strict: an error behind the first item counts, too.
      return [...items].length > 0;
    } catch (error) {
      if (error instanceof JsonPathError) return undefined;
      throw error;
    }
  }

  /** Is it true for a pair of items? In lax mode the first that is true or false decides; in strict mode unknown wins. */
  private anyPair(
    left: PathExpression,
    right: PathExpression | undefined,
    scope: Scope,
    test: (left: Json, right: Json) => Truth,
  ): Truth {
    let pairs: readonly (readonly [Json, Json])[];
    try {
      const lefts = [...this.unwrapped(left, scope)];
      const rights = right === undefined ? lefts.slice(0, 1) : [...this.unwrapped(right, scope)];
      pairs = lefts.flatMap((one) => rights.map((other) => [one, other] as const));
    } catch (error) {
      if (error instanceof JsonPathError) return undefined;
      throw error;
    }
    let found = false;
    let unknown = false;
    for (const [one, other] of pairs) {
      const truth = test(one, other);
      if (truth === true && this.lax) return true;
      if (truth === undefined && !this.lax) return undefined;
      found ||= truth === true;
      unknown ||= truth === undefined;
    }
    return found ? true : unknown ? undefined : false;
  }
}

function isForElements(step: PathStep): boolean {
  if (step.kind === 'method') return step.name !== 'type' && step.name !== 'size';
  return step.kind === 'key' || step.kind === 'anyKey' || step.kind === 'filter';
}

function childrenOf(item: Json): readonly Json[] {
  if (item.kind === 'array') return item.items;
  return item.kind === 'object' ? canonicalEntries(item.entries).map(([, value]) => value) : [];
}

/** Division by zero is an error of the path. */
function quietly<T>(compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    const isOwn = error instanceof JsonPathError || !(error instanceof Error) || !('code' in error);
    throw isOwn ? error : new JsonPathError(error as JsonPathError['reason']);
  }
}

function compared(operator: ComparisonSymbol, left: Json, right: Json): Truth {
  if (left.kind !== right.kind) {
    // null differs from everything else, and is in no order with it.
    if (left.kind === 'null' || right.kind === 'null') return operator === '!=';
    return undefined;
  }
  const order = orderOf(left, right);
  if (order === undefined) return undefined;
  switch (operator) {
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

function orderOf(left: Json, right: Json): number | undefined {
  if (left.kind === 'null') return 0;
  if (left.kind === 'boolean' && right.kind === 'boolean') return Number(left.value) - Number(right.value);
  if (left.kind === 'number' && right.kind === 'number') return compareNumbers(left.digits, right.digits);
  if (left.kind === 'string' && right.kind === 'string') return compareTexts(left.value, right.value);
  return undefined;
}
