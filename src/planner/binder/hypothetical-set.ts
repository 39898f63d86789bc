import { notSupportedError, userError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';
import { hasNode } from '../../parser/index.js';

/** Aggregates that tell where a row would stand if it were in the group. */
export const HYPOTHETICAL_SETS: ReadonlySet<string> = new Set(['rank', 'dense_rank', 'percent_rank', 'cume_dist']);

export const isHypotheticalSet = (call: Ast.FunctionCall, name: string): boolean =>
  call.withinGroup !== undefined && HYPOTHETICAL_SETS.has(name);

/**
 * `rank(a) WITHIN GROUP (ORDER BY x)` in other words: how many rows come before the one that is supposed, by counting
 * those for which the order says so. The counts are aggregates like any other.
 *
 *     rank(a) within group (order by x)         →   1 + count(*) filter (where x < a)
 *     dense_rank(a) within group (order by x)   →   1 + count(distinct row(x)) filter (where x < a)
 *     percent_rank                              →   (rank - 1) / count(*), 0 where there are no rows
 *     cume_dist                                 →   (1 + count(*) filter (where x <= a)) / (1 + count(*))
 */
export function inOtherWords(call: Ast.FunctionCall, name: string): Ast.Expression {
  const keys = call.withinGroup!;
  const values = call.args.map(({ value }) => value);
  check(call, name, values.length, keys.length);
  const build = new Builder(call);
  const pairs = keys.map((key, i) => ({ key, value: values[i]! }));
  const before = build.any(
    pairs.map((pair, i) =>
      build.all([...pairs.slice(0, i).map((other) => build.equal(other)), build.comesBefore(pair)]),
    ),
  );
  const beforeCount = build.count(before);
  const all = build.count(undefined);
  switch (name) {
    case 'rank':
      return build.plusOne(beforeCount);
    case 'dense_rank':
      return build.plusOne(
        build.count(
          before,
          keys.map(({ expression }) => expression),
        ),
      );
    case 'percent_rank':
      return build.quotient(beforeCount, build.greatest(all));
    default: {
      const equal = build.all(pairs.map((pair) => build.equal(pair)));
      return build.quotient(build.plusOne(build.count(build.any([before, equal]))), build.plusOne(all));
    }
  }
}

export function missingWithinGroup({ position }: Ast.FunctionCall, name: string): Error {
  return userError('42809', `WITHIN GROUP is required for ordered-set aggregate ${name}`, {
    position,
    hint: `Write ${name}(…) WITHIN GROUP (ORDER BY …).`,
  });
}

function check(call: Ast.FunctionCall, name: string, given: number, wanted: number): void {
  const { position } = call;
  if (given !== wanted) {
    throw userError('42883', `function ${name} does not exist with ${given} arguments WITHIN GROUP`, {
      position,
      hint:
        `To use the hypothetical-set aggregate ${name}, the number of hypothetical direct arguments (here ${given}) must ` +
        `match the number of ordering columns (here ${wanted}).`,
    });
  }
  for (const { value } of call.args) {
    if (!hasNode(value, ({ kind }) => kind === 'columnReference')) continue;
    throw notSupportedError(`direct arguments of ${name} that refer to columns are not supported yet`, {
      position: value.position,
      hint: 'Write a constant, or count the rows that come before with count(*) FILTER (WHERE …).',
    });
  }
}

interface Pair {
  readonly key: Ast.OrderByItem;
  readonly value: Ast.Expression;
}

/** Syntax at the place of a call. */
class Builder {
  private readonly call: Ast.FunctionCall;
  private readonly position: number;

  constructor(call: Ast.FunctionCall) {
    this.call = call;
    this.position = call.position;
  }

  equal({ key, value }: Pair): Ast.Expression {
    const { position } = this;
    return { kind: 'isDistinctFrom', left: key.expression, right: value, negated: true, position };
  }

  /** Does the key of a row come before the value in the order? */
  comesBefore({ key, value }: Pair): Ast.Expression {
    const isDescending = key.direction === 'desc';
    const nullsFirst = (key.nulls ?? (isDescending ? 'first' : 'last')) === 'first';
    const [isNull, isPresent] = nullsFirst ? [key.expression, value] : [value, key.expression];
    return this.any([
      this.binary(isDescending ? '>' : '<', key.expression, value),
      this.all([this.isNull(isNull, false), this.isNull(isPresent, true)]),
    ]);
  }

  /** `count(*)`, or of distinct rows, among those that the call's own filter and the condition let through. */
  count(condition: Ast.Expression | undefined, distinct?: readonly Ast.Expression[]): Ast.Expression {
    const conditions = [this.call.filter, condition].filter((part) => part !== undefined);
    const filter = conditions.length === 0 ? undefined : this.all(conditions);
    if (!distinct) return { ...this.callOf('count', []), star: true, filter };
    const row: Ast.Expression = { kind: 'row', elements: distinct, position: this.position };
    return { ...this.callOf('count', [row]), distinct: true, filter };
  }

  plusOne(count: Ast.Expression): Ast.Expression {
    return this.binary('+', count, this.number('1'));
  }

  /** At least 1. */
  greatest(count: Ast.Expression): Ast.Expression {
    return this.callOf('greatest', [count, this.number('1')]);
  }

  /** In double precision. */
  quotient(left: Ast.Expression, right: Ast.Expression): Ast.Expression {
    return this.binary('/', this.binary('*', this.oneAsDouble(), left), right);
  }

  any(operands: readonly Ast.Expression[]): Ast.Expression {
    return this.logical('or', operands);
  }

  all(operands: readonly Ast.Expression[]): Ast.Expression {
    return this.logical('and', operands);
  }

  private logical(operator: 'and' | 'or', operands: readonly Ast.Expression[]): Ast.Expression {
    const { position } = this;
    return operands.length === 1 ? operands[0]! : { kind: 'logical', operator, operands, position };
  }

  private isNull(operand: Ast.Expression, negated: boolean): Ast.Expression {
    return { kind: 'is', operand, test: 'null', negated, position: this.position };
  }

  private binary(operator: string, left: Ast.Expression, right: Ast.Expression): Ast.Expression {
    const { position } = this;
    return { kind: 'binary', operator, operatorPosition: position, operatorSchema: undefined, left, right, position };
  }

  private number(text: string): Ast.Expression {
    return { kind: 'numericLiteral', text, position: this.position };
  }

  private oneAsDouble(): Ast.Expression {
    const { position } = this;
    const name = { ...this.call.name, parts: [this.identifier('float8')] };
    const type: Ast.TypeName = {
      kind: 'typeName',
      name,
      modifiers: [],
      arrayDimensions: [],
      intervalFields: undefined,
      position,
    };
    return { kind: 'typedLiteral', type, value: { kind: 'stringLiteral', value: '1', position }, position };
  }

  private callOf(name: string, values: readonly Ast.Expression[]): Ast.FunctionCall {
    const { position } = this;
    return {
      ...this.call,
      name: { ...this.call.name, parts: [this.identifier(name)] },
      args: values.map((value) => ({ kind: 'functionArgument', name: undefined, value, variadic: false, position })),
      star: false,
      distinct: false,
      withinGroup: undefined,
      filter: undefined,
    };
  }

  private identifier(name: string): Ast.Identifier {
    return { ...this.call.name.parts[0]!, name };
  }
}
