import { unreachable } from '../../common/errors.js';
import { BOOLEAN, formatType, isNestedType, TEXT } from '../../types/sql-type.js';
import type {
  CaseExpression,
  ConstantExpression,
  ConstantValue,
  Expression,
  LambdaExpression,
  LambdaParameter,
} from '../expression.js';

/** A literal. */
export const textConstant = (value: string): ConstantExpression => ({ kind: 'constant', type: TEXT, value });

export const TRUE: ConstantExpression = { kind: 'constant', type: BOOLEAN, value: true };
export const FALSE: ConstantExpression = { kind: 'constant', type: BOOLEAN, value: false };
export const UNKNOWN_TRUTH: ConstantExpression = { kind: 'constant', type: BOOLEAN, value: null };

const NO_EXPRESSIONS: readonly Expression[] = [];

/** The operands of an expression, in the order of the text. */
export function operandsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'column':
    case 'constant':
    case 'parameter':
    case 'variable':
      return NO_EXPRESSIONS;
    case 'comparison':
      return [expression.left, expression.right];
    case 'and':
    case 'or':
    case 'coalesce':
      return expression.operands;
    case 'not':
    case 'isNull':
    case 'booleanTest':
    case 'cast':
      return [expression.input];
    case 'inList':
      return [expression.input];
    case 'case': {
      const operands = expression.branches.flatMap(({ when, then }) => [when, then]);
      if (expression.otherwise) operands.push(expression.otherwise);
      return operands;
    }
    case 'call':
      return expression.args;
    case 'lambda': {
      const { array, start, body } = expression;
      return start ? [array, start, body] : [array, body];
    }
    default:
      return unreachable(expression, 'expression');
  }
}

function mapList<T>(items: readonly T[], change: (item: T) => T): readonly T[] {
  let changed: T[] | undefined;
  for (let i = 0; i < items.length; i++) {
    const item = items[i]!;
    const next = change(item);
    if (changed) changed.push(next);
    else if (next !== item) {
      changed = items.slice(0, i);
      changed.push(next);
    }
  }
  return changed ?? items;
}

/** The expression with its operands changed; itself when none did. */
export function mapOperands(expression: Expression, change: (operand: Expression) => Expression): Expression {
  switch (expression.kind) {
    case 'column':
    case 'constant':
    case 'parameter':
    case 'variable':
      return expression;
    case 'comparison': {
      const left = change(expression.left);
      const right = change(expression.right);
      return left === expression.left && right === expression.right ? expression : { ...expression, left, right };
    }
    case 'and':
    case 'or':
    case 'coalesce': {
      const operands = mapList(expression.operands, change);
      return operands === expression.operands ? expression : { ...expression, operands };
    }
    case 'not':
    case 'isNull':
    case 'booleanTest':
    case 'cast':
    case 'inList': {
      const input = change(expression.input);
      return input === expression.input ? expression : { ...expression, input };
    }
    case 'case': {
      const branches = mapList(expression.branches, (branch) => {
        const when = change(branch.when);
        const then = change(branch.then);
        return when === branch.when && then === branch.then ? branch : caseBranch(when, then);
      });
      const otherwise = expression.otherwise && change(expression.otherwise);
      if (branches === expression.branches && otherwise === expression.otherwise) return expression;
      return { ...expression, branches, otherwise };
    }
    case 'call': {
      const args = mapList(expression.args, change);
      return args === expression.args ? expression : { ...expression, args };
    }
    case 'lambda': {
      const array = change(expression.array);
      const start = expression.start && change(expression.start);
      const body = change(expression.body);
      const isSame = array === expression.array && start === expression.start && body === expression.body;
      return isSame ? expression : { ...expression, array, start, body };
    }
    default:
      return unreachable(expression, 'expression');
  }
}

/** Changes operands before the expression that has them. */
export function rewriteBottomUp(expression: Expression, change: (expression: Expression) => Expression): Expression {
  return change(mapOperands(expression, (operand) => rewriteBottomUp(operand, change)));
}

/** Calls `visit` on the expression and everything in it. */
export function visitExpression(expression: Expression, visit: (expression: Expression) => void): void {
  visit(expression);
  for (const operand of operandsOf(expression)) visitExpression(operand, visit);
}

export function someExpression(expression: Expression, test: (expression: Expression) => boolean): boolean {
  return test(expression) || operandsOf(expression).some((operand) => someExpression(operand, test));
}

const NO_COLUMNS: ReadonlySet<number> = new Set();
const columnsCache = new WeakMap<Expression, ReadonlySet<number>>();

/** Ids of the columns that an expression refers to, and of the parameters of lambdas around it. */
export function columnsOf(expression: Expression): ReadonlySet<number> {
  if (expression.kind === 'constant') return NO_COLUMNS;
  let columns = columnsCache.get(expression);
  if (!columns) {
    const found = new Set<number>();
    collectColumns(expression, found);
    columns = found;
    columnsCache.set(expression, columns);
  }
  return columns;
}

function collectColumns(expression: Expression, into: Set<number>): void {
  if (expression.kind === 'column') into.add(expression.column);
  else if (expression.kind === 'variable') into.add(expression.variable);
  else for (const operand of operandsOf(expression)) collectColumns(operand, into);
  if (expression.kind === 'lambda') for (const { variable } of parametersOf(expression)) into.delete(variable);
}

export function parametersOf({ accumulator, element, index }: LambdaExpression): readonly LambdaParameter[] {
  return [accumulator, element, index].filter((parameter) => parameter !== undefined);
}

/** Does the expression refer only to these columns? */
export function refersOnlyTo(expression: Expression, columns: ReadonlySet<number>): boolean {
  for (const column of columnsOf(expression)) if (!columns.has(column)) return false;
  return true;
}

export function refersToAny(expression: Expression, columns: ReadonlySet<number>): boolean {
  for (const column of columnsOf(expression)) if (columns.has(column)) return true;
  return false;
}

/** Replaces column references; columns that are not in the map stay. */
export function substituteColumns(expression: Expression, replacements: ReadonlyMap<number, Expression>): Expression {
  if (replacements.size === 0) return expression;
  if (expression.kind === 'column') return replacements.get(expression.column) ?? expression;
  return mapOperands(expression, (operand) => substituteColumns(operand, replacements));
}

function constantKey(value: ConstantValue): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value === 'boolean') return String(value);
  if (value instanceof Uint8Array) return `x${Array.from(value).join(',')}`;
  return `${value.months}m${value.days}d${value.microseconds}u`;
}

const keyCache = new WeakMap<Expression, string>();

/** Equal for expressions that are structurally equal. */
export function expressionKey(expression: Expression): string {
  let key = keyCache.get(expression);
  if (key === undefined) {
    key = buildKey(expression);
    keyCache.set(expression, key);
  }
  return key;
}

function buildKey(expression: Expression): string {
  const keys = (): string => operandsOf(expression).map(expressionKey).join(',');
  switch (expression.kind) {
    case 'column':
      return `#${expression.column}`;
    case 'constant':
      return `${formatType(expression.type)}:${constantKey(expression.value)}`;
    case 'parameter':
      return `$${expression.index}`;
    case 'comparison':
      return `(${keys()} ${expression.operator})`;
    case 'isNull':
      return `isNull${expression.negated}(${keys()})`;
    case 'booleanTest':
      return `is${expression.value}${expression.negated}(${keys()})`;
    case 'case':
      return `case${expression.otherwise ? 'else' : ''}(${keys()})`;
    case 'inList':
      return `in${expression.negated}(${keys()};${expression.items.map((item) => constantKey(item.value)).join(',')})`;
    case 'cast':
      return `cast(${keys()} as ${formatType(expression.type)})${expression.zone ?? ''}`;
    case 'call':
      // Rows of the same values may have other names.
      return `${expression.overload}(${keys()})${isNestedType(expression.type) ? formatType(expression.type) : ''}${expression.zone ?? ''}`;
    case 'variable':
      return `λ${expression.variable};`;
    case 'lambda':
      return lambdaKey(expression, keys());
    default:
      return `${expression.kind}(${keys()})`;
  }
}

/** Parameters are numbered from the innermost lambda on: what they are called makes no difference. */
function lambdaKey(lambda: LambdaExpression, operands: string): string {
  const depth = depthOf(lambda.body);
  const roles = parametersOf(lambda).map(({ variable }, role) => [`λ${variable};`, `λ${depth}.${role};`] as const);
  const renamed = roles.reduce((key, [own, role]) => key.replaceAll(own, role), operands);
  return `${lambda.form}${lambda.index ? lambda.firstIndex : ''}(${renamed})`;
}

/** How deep lambdas nest in an expression. */
function depthOf(expression: Expression): number {
  const deepest = operandsOf(expression).reduce((depth, operand) => Math.max(depth, depthOf(operand)), 0);
  return expression.kind === 'lambda' ? deepest + 1 : deepest;
}

/** Splits nested ANDs, leaving out TRUE. */
export function conjunctsOf(expression: Expression): readonly Expression[] {
  if (expression.kind === 'and') return expression.operands.flatMap(conjunctsOf);
  if (expression.kind === 'constant' && expression.value === true) return NO_EXPRESSIONS;
  return [expression];
}

export function andOf(conjuncts: readonly Expression[]): Expression {
  if (conjuncts.length === 0) return TRUE;
  return conjuncts.length === 1 ? conjuncts[0]! : { kind: 'and', type: BOOLEAN, operands: conjuncts };
}

export function orOf(disjuncts: readonly Expression[]): Expression {
  if (disjuncts.length === 0) return FALSE;
  return disjuncts.length === 1 ? disjuncts[0]! : { kind: 'or', type: BOOLEAN, operands: disjuncts };
}

export function notOf(input: Expression): Expression {
  return { kind: 'not', type: BOOLEAN, input };
}

export function isNullOf(input: Expression, negated: boolean = false): Expression {
  return { kind: 'isNull', type: BOOLEAN, input, negated };
}

export function equals(
  left: Expression,
  right: Expression,
  operator: '=' | '<>' | 'is not distinct from' = '=',
): Expression {
  return { kind: 'comparison', type: BOOLEAN, operator, left, right };
}

export function refer(column: { readonly id: number; readonly type: Expression['type'] }): Expression {
  return { kind: 'column', type: column.type, column: column.id };
}

/** `WHEN when THEN result`. */
export function caseBranch(when: Expression, result: Expression): CaseExpression['branches'][number] {
  // biome-ignore lint/suspicious/noThenProperty: the contract's name; a plan is never awaited
  return { when, then: result };
}

export function isConstant(expression: Expression, value: ConstantValue): boolean {
  return expression.kind === 'constant' && expression.value === value;
}
