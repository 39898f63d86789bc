import { bugError, type MillraceError, notSupportedError, userError } from '../common/errors.js';
import { commonType, typeCategory } from '../types/coercion.js';
import { formatType, formatTypeName, INTERVAL, type SqlType, someType } from '../types/sql-type.js';
import { aggregateFunctions } from './aggregate/aggregate-functions.js';
import type {
  AggregateFinish,
  AggregateFunction,
  AggregateOverload,
  FunctionArea,
  ScalarFunction,
  ScalarOverload,
  SetDeclaration,
  TypePattern,
} from './function-types.js';
import { chooseOverload, coercedTypes } from './overload-resolution.js';
import { scalarAreas, scalarFunctions } from './scalar/scalar-functions.js';
import { isSpelledAggregate } from './spelled/spelled-functions.js';
import { unsupportedFunctions } from './unsupported-functions.js';
import { isUserFunctionId, type UserFunction, userFunctionOf, userOverload } from './user/user-function.js';

/** What a call was resolved to: the overload, the types its arguments are cast to, and its own type. */
export interface ResolvedCall {
  readonly overload: string;
  readonly argTypes: readonly SqlType[];
  readonly returns: SqlType;
}

const scalarOverloads = new Map<string, ScalarOverload>();
const scalarByName = new Map<string, ScalarOverload[]>();
const setFunctions = new Map<string, SetDeclaration>();
const parameters = new Map<string, readonly string[]>();
const aggregateOverloads = new Map<string, AggregateOverload>();
const aggregateByName = new Map<string, AggregateOverload[]>();

for (const declaration of scalarFunctions) registerScalar(declaration);
for (const declaration of aggregateFunctions) registerAggregate(declaration);

function overloadId(name: string, args: readonly TypePattern[], variadic: boolean, variant?: string): string {
  return `${name}(${args.join(',')}${variadic ? '...' : ''}${variant ? ` of ${variant}` : ''})`;
}

function registerScalar(declaration: ScalarFunction): void {
  if (declaration.set) setFunctions.set(declaration.name, declaration.set);
  for (const overload of declaration.overloads) {
    const complete: ScalarOverload = {
      variadic: false,
      unify: false,
      strict: true,
      fallible: false,
      volatility: 'immutable',
      comparesValues: false,
      ...overload,
      name: declaration.name,
      id: overloadId(declaration.name, overload.args, overload.variadic === true, overload.variant),
    };
    if (scalarOverloads.has(complete.id)) throw bugError(`function ${complete.id} is declared twice`);
    scalarOverloads.set(complete.id, complete);
    for (const name of [declaration.name, ...(declaration.aliases ?? [])]) append(scalarByName, name, complete);
  }
  if (!declaration.parameters) return;
  for (const name of [declaration.name, ...(declaration.aliases ?? [])]) parameters.set(name, declaration.parameters);
}

function registerAggregate(declaration: AggregateFunction): void {
  for (const overload of declaration.overloads) {
    const id = overloadId(declaration.name, overload.args, false);
    const complete: AggregateOverload = { ...overload, name: declaration.name, id };
    aggregateOverloads.set(id, complete);
    for (const name of [declaration.name, ...(declaration.aliases ?? [])]) append(aggregateByName, name, complete);
  }
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/**
 * All declarations, for documentation and pg_proc.
 * @public
 */
export function listFunctions(): {
  readonly scalar: readonly ScalarFunction[];
  readonly areas: readonly FunctionArea[];
  readonly aggregate: readonly AggregateFunction[];
} {
  return { scalar: scalarFunctions, areas: scalarAreas, aggregate: aggregateFunctions };
}

export function scalarOverload(id: string): ScalarOverload {
  if (isUserFunctionId(id)) return userOverload(id);
  const overload = scalarOverloads.get(id);
  if (!overload) throw bugError(`there is no function overload ${id}`);
  return overload;
}

export function aggregateOverload(id: string): AggregateOverload {
  const overload = aggregateOverloads.get(id);
  if (!overload) throw bugError(`there is no aggregate overload ${id}`);
  return overload;
}

/** Does the aggregate need WITHIN GROUP? */
export function isOrderedSet(name: string): boolean {
  return aggregateByName.get(name.toLowerCase())?.some(({ withinGroup }) => withinGroup) === true;
}

/** Is the aggregate 0 of no rows, and never NULL? */
export function isCounting(id: string): boolean {
  return COUNTS.has(aggregateOverload(id).finish);
}

const COUNTS: ReadonlySet<AggregateFinish> = new Set(['count', 'regressionCount', 'estimate']);

/** Does a scalar function or an aggregate of the engine have that name? */
export function isBuiltInFunction(name: string): boolean {
  return scalarByName.has(name.toLowerCase()) || aggregateByName.has(name.toLowerCase());
}

/** How the rows of a function are called that gives a set of them; undefined for others. */
export function setFunction(name: string): SetDeclaration | undefined {
  return setFunctions.get(name);
}

/** See `ScalarFunction.parameters`. */
export function parametersOf(name: string): readonly string[] | undefined {
  return parameters.get(name);
}

/** `userFunctions`: overloads of what the program has registered, by name. */
export function isAggregate(name: string, userFunctions?: ReadonlyMap<string, readonly string[]>): boolean {
  if (isUserFunction(name, 'aggregate', userFunctions)) return true;
  return aggregateByName.has(name.toLowerCase()) || isSpelledAggregate(name);
}

/** Has the program registered a function of that name and kind? All of one name are of one kind. */
export function isUserFunction(
  name: string,
  kind: UserFunction['kind'],
  userFunctions: ReadonlyMap<string, readonly string[]> | undefined,
): boolean {
  const [first] = userFunctions?.get(name) ?? [];
  return first !== undefined && userFunctionOf(first).kind === kind;
}

/** The overload of a registered function, by the arguments that it was registered with. Throws 42883 or 42725. */
export function resolveUserFunction(
  name: string,
  argTypes: readonly SqlType[],
  kind: UserFunction['kind'],
  userFunctions: ReadonlyMap<string, readonly string[]>,
): string {
  const overloads = (userFunctions.get(name) ?? []).map((id) => {
    const { kind: own, args } = userFunctionOf(id);
    const coerce = (types: readonly SqlType[]) => (types.length === args.length ? args : undefined);
    return { id, own, args: args.map((type) => type.kind), coerce };
  });
  const chosen = chooseOverload(
    overloads.filter(({ own }) => own === kind),
    argTypes,
  );
  if (chosen === 'none') throw noFunctionError(name, argTypes, [...userFunctions.keys()]);
  if (chosen === 'ambiguous') throw ambiguousError('function', `${name}(${typeList(argTypes)})`);
  return chosen.id;
}

/**
 * `literals`: the values of the arguments that are integer literals, which may decide on the scale of the result. Throws
 * 42883 (no such function) or 42725 (ambiguous).
 */
export function resolveScalarFunction(
  name: string,
  argTypes: readonly SqlType[],
  literals: readonly (number | undefined)[] = [],
  userFunctions: ReadonlyMap<string, readonly string[]> = new Map(),
): ResolvedCall {
  const lower = name.toLowerCase();
  const overloads = userFunctions.get(name)?.map(userOverload) ?? scalarByName.get(lower) ?? [];
  const chosen = chooseOverload(overloads, argTypes);
  if (chosen === 'none') throw noFunctionError(lower, argTypes, [...scalarByName.keys(), ...userFunctions.keys()]);
  if (chosen === 'ambiguous') throw ambiguousError('function', `${lower}(${typeList(argTypes)})`);
  return resolved(chosen, argTypes, literals);
}

/** An operator's symbol and operands; `left` is undefined for prefix operators. Throws 42883 or 42725. */
export function resolveOperator(symbol: string, left: SqlType | undefined, right: SqlType): ResolvedCall {
  const overloads = scalarByName.get(symbol) ?? [];
  const args = left ? promoteMixedFloats(left, right) : [right];
  const written = left
    ? `${formatTypeName(left)} ${symbol} ${formatTypeName(right)}`
    : `${symbol} ${formatTypeName(right)}`;
  if (left && (left.kind === 'unknown') !== (right.kind === 'unknown')) {
    // One side is an untyped literal: first assume that it has the other's type.
    const known = left.kind === 'unknown' ? right : left;
    const same = overloads.find(
      (overload) => overload.args.length === 2 && overload.args.every((p) => p === known.kind),
    );
    if (same) return resolved(same, [known, known]);
  }
  const chosen = chooseOverload(overloads, args);
  if (chosen === 'none') {
    throw userError('42883', `operator does not exist: ${written}`, {
      hint: left
        ? 'No operator matches the given name and argument types. You might need to add explicit type casts.'
        : 'No operator matches the given name and argument type. You might need to add an explicit type cast.',
    });
  }
  if (chosen === 'ambiguous') throw ambiguousError('operator', written);
  return resolved(chosen, args);
}

/** Beside another number a real counts as a double, as in PostgreSQL; two reals stay reals. */
function promoteMixedFloats(left: SqlType, right: SqlType): SqlType[] {
  const isNumber = (type: SqlType) => typeCategory(type.kind) === 'number';
  if (left.kind === right.kind || !isNumber(left) || !isNumber(right)) return [left, right];
  const promote = (type: SqlType): SqlType => (type.kind === 'real' ? { kind: 'double' } : type);
  return [promote(left), promote(right)];
}

/**
 * The type both operands of a comparison are cast to. Throws 42883 as PostgreSQL does for `integer = text`; `symbol`
 * is for the message.
 */
export function resolveComparison(symbol: string, left: SqlType, right: SqlType): SqlType {
  const mismatch = (): MillraceError =>
    userError('42883', `operator does not exist: ${formatTypeName(left)} ${symbol} ${formatTypeName(right)}`, {
      hint: 'No operator matches the given name and argument types. You might need to add explicit type casts.',
    });
  if (left.kind === 'json' || right.kind === 'json') throw mismatch();
  const kinds = [left.kind, right.kind];
  if (kinds.includes('time') && kinds.includes('interval')) return INTERVAL;
  const [first, second] = promoteMixedFloats(left, right) as [SqlType, SqlType];
  let type: SqlType;
  try {
    type = commonType([first, second]);
  } catch {
    throw mismatch();
  }
  assertEquality(type);
  return type;
}

/**
 * An aggregate; no argument types mean `count(*)`. `distinct` changes nothing but is checked: the planner removes
 * duplicates. Throws 42883 or 42725.
 */
export function resolveAggregateFunction(name: string, argTypes: readonly SqlType[], distinct = false): ResolvedCall {
  const lower = name.toLowerCase();
  if (distinct && argTypes.length === 0) {
    throw userError('42601', `DISTINCT specified for ${lower}(*)`, { hint: `Write ${lower}(DISTINCT column).` });
  }
  const overloads = aggregateByName.get(lower) ?? [];
  const chosen = chooseOverload(overloads, argTypes);
  if (chosen === 'none') throw noFunctionError(lower, argTypes, [...aggregateByName.keys()]);
  if (chosen === 'ambiguous') throw ambiguousError('function', `${lower}(${typeList(argTypes)})`);
  return resolved(chosen, argTypes);
}

/** Of json PostgreSQL has no order, and no equality. */
export function assertEquality(type: SqlType): void {
  if (!someType(type, ({ kind }) => kind === 'json')) return;
  throw userError(
    '42883',
    `could not identify an equality operator for type ${type.kind === 'array' ? formatType(type) : 'json'}`,
    {
      hint: 'Take a part of it, value ->> key, or cast it to jsonb or text.',
    },
  );
}

function resolved(
  overload: ScalarOverload | AggregateOverload,
  args: readonly SqlType[],
  literals: readonly (number | undefined)[] = [],
): ResolvedCall {
  const unified = 'unify' in overload && overload.unify ? commonType(args, overload.name.toUpperCase()) : undefined;
  const chosen = 'coerce' in overload ? overload.coerce?.(args) : undefined;
  const argTypes = chosen ?? (unified ? args.map(() => unified) : coercedTypes(overload, args));
  if ('comparesValues' in overload && overload.comparesValues) argTypes.forEach(assertEquality);
  const returns = typeof overload.returns === 'function' ? overload.returns(argTypes, literals) : overload.returns;
  return { overload: overload.id, argTypes, returns };
}

const typeList = (types: readonly SqlType[]): string => types.map(formatTypeName).join(', ');

function noFunctionError(name: string, args: readonly SqlType[], names: readonly string[]): MillraceError {
  const instead = unsupportedFunctions[name];
  if (instead !== undefined && Object.hasOwn(unsupportedFunctions, name)) {
    return notSupportedError(`function ${name} is not supported`, { hint: instead });
  }
  const known = names.includes(name);
  const close = known ? undefined : nearestName(name, names);
  return userError('42883', `function ${name}(${typeList(args)}) does not exist`, {
    hint: close
      ? `Perhaps you meant "${close}".`
      : 'No function matches the given name and argument types. You might need to add explicit type casts.',
  });
}

function ambiguousError(what: 'function' | 'operator', written: string): MillraceError {
  return userError('42725', `${what} is not unique: ${written}`, {
    hint: `Could not choose a best candidate ${what}. You might need to add explicit type casts.`,
  });
}

function nearestName(name: string, names: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of names) {
    if (!/^[a-z]/.test(candidate)) continue; // an operator
    const distance = editDistance(name, candidate);
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const change = left[row - 1] === right[column - 1] ? 0 : 1;
      current.push(Math.min(previous[column]! + 1, current[column - 1]! + 1, previous[column - 1]! + change));
    }
    previous = current;
  }
  return previous[right.length]!;
}
