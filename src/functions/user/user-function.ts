import { userError } from '../../common/errors.js';
import { oncePer } from '../../common/once-per.js';
import { arrayOf, type SqlType } from '../../types/sql-type.js';
import type { FunctionMemory, FunctionValue, ScalarOverload, Volatility } from '../function-types.js';
import {
  type AggregateImplementation,
  aggregateItemType,
  callAggregate,
  callScalar,
  callTable,
  type ScalarImplementation,
  type TableImplementation,
} from './user-call.js';

/** A function that a program has registered; plain data, so that it can travel to workers in the plan. */
export interface UserFunction {
  readonly name: string;
  readonly kind: 'scalar' | 'aggregate' | 'table';
  readonly args: readonly SqlType[];
  /** Of table functions: an array of rows. */
  readonly returns: SqlType;
  readonly strict: boolean;
  readonly volatility: Volatility;
  /** URL of a module, and the name of its export. */
  readonly module: string;
  readonly export: string;
}

type Evaluate = (values: readonly FunctionValue[]) => FunctionValue;

/** `name(js:{…})`: like those of other overloads, it begins with the name. */
const MARK = '(js:{';
/** What modules export, by overload; one map a thread. */
const implementations = new Map<string, unknown>();
const overloads = new Map<string, ScalarOverload>();
const declarations = new Map<string, UserFunction>();

/** The id of its overload, which says all there is to know of it: plans need nothing else. */
export function userFunctionId(declaration: UserFunction): string {
  return `${declaration.name}(js:${JSON.stringify(declaration)})`;
}

export function isUserFunctionId(id: string): boolean {
  return id.includes(MARK);
}

export function userFunctionOf(id: string): UserFunction {
  let declaration = declarations.get(id);
  if (declaration === undefined) {
    declaration = JSON.parse(id.slice(id.indexOf(MARK) + MARK.length - 1, -1)) as UserFunction;
    declarations.set(id, declaration);
  }
  return declaration;
}

/**
 * The function as the engine calls it. An aggregate is called with the array of a group's rows, and a table function gives
 * an array of rows: arrays are what the engine can already collect, order, spill and take apart.
 */
export function userOverload(id: string): ScalarOverload {
  let overload = overloads.get(id);
  if (overload === undefined) {
    overload = overloadOf(id, userFunctionOf(id));
    overloads.set(id, overload);
  }
  return overload;
}

function overloadOf(id: string, declaration: UserFunction): ScalarOverload {
  const { name, kind, args, returns, strict, volatility } = declaration;
  const given = kind === 'aggregate' ? [arrayOf(aggregateItemType(args))] : args;
  return {
    id,
    name,
    args: given.map((type) => type.kind),
    variadic: false,
    unify: false,
    returns,
    coerce: (types) => (types.length === given.length ? given : undefined),
    strict: kind === 'aggregate' ? false : strict,
    fallible: true,
    volatility,
    comparesValues: false,
    implementation: {
      kind: 'vector',
      create: (_args, _returns, memory) => evaluatorOf(id, declaration, memory),
      // The rows of a group are gone through where they were collected.
      inPlace: kind === 'aggregate',
    },
  };
}

function evaluatorOf(id: string, declaration: UserFunction, memory: FunctionMemory): Evaluate {
  const implementation = implementations.get(id);
  if (implementation === undefined) {
    throw userError('38000', `function ${declaration.name} is not loaded on this thread`);
  }
  switch (declaration.kind) {
    case 'scalar': {
      const evaluate: Evaluate = (values) => callScalar(declaration, implementation as ScalarImplementation, values);
      return declaration.volatility === 'volatile' ? evaluate : rememberingLast(evaluate);
    }
    case 'aggregate':
      return ([rows]) =>
        callAggregate(declaration, implementation as AggregateImplementation, (rows ?? null) as Uint8Array | null);
    case 'table':
      return (values) => callTable(declaration, implementation as TableImplementation, values, memory);
  }
}

/** Constants are not computed beforehand, so equal arguments may come row after row. */
function rememberingLast(evaluate: Evaluate): Evaluate {
  let last: readonly FunctionValue[] | undefined;
  let result: FunctionValue = null;
  return (values) => {
    if (last !== undefined && values.every((value, i) => value === last![i])) return result;
    last = undefined;
    result = evaluate(values);
    last = values;
    return result;
  };
}

/** Loads the module of a function on this thread. Fails (38000) when it has no such export. */
export async function loadUserFunction(id: string): Promise<void> {
  if (implementations.has(id)) return;
  const declaration = userFunctionOf(id);
  const { name, module, export: exported } = declaration;
  let namespace: Record<string, unknown>;
  try {
    namespace = (await import(module)) as Record<string, unknown>;
  } catch (cause) {
    const isText = module.startsWith('data:');
    throw userError(
      '38000',
      `${isText ? 'the text' : 'the module'} of function ${name} cannot be loaded: ${(cause as Error).message}`,
      {
        detail: isText ? undefined : `Its module is "${module}".`,
        hint: isText
          ? 'Write a function that stands by itself, or export it from a module.'
          : 'Name a JavaScript module, by its path or URL.',
        cause,
      },
    );
  }
  const implementation = namespace[exported];
  const missing = missingPart(declaration, implementation);
  if (missing !== undefined) {
    throw userError('38000', `the module of function ${name} has no ${missing}`, {
      detail: `It exports ${Object.keys(namespace).join(', ') || 'nothing'}.`,
      hint: 'Name one of its exports.',
    });
  }
  implementations.set(id, implementation);
}

/** What the export should be, where it is not. */
function missingPart({ kind, export: exported }: UserFunction, implementation: unknown): string | undefined {
  if (kind !== 'aggregate') return typeof implementation === 'function' ? undefined : `function "${exported}"`;
  const { init, step, finish } = (implementation ?? {}) as Partial<AggregateImplementation>;
  const isWhole = typeof init === 'function' && typeof step === 'function';
  if (isWhole && (finish === undefined || typeof finish === 'function')) return undefined;
  return `object "${exported}" with functions init and step, and maybe finish`;
}

/** The ids of the functions that a plan calls. */
export const userFunctionsIn: (plan: object) => readonly string[] = oncePer((plan) => {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
      const { overload } = value as { overload?: unknown };
      if (typeof overload === 'string' && isUserFunctionId(overload)) found.add(overload);
      for (const member of Object.values(value)) if (typeof member === 'object') visit(member);
    }
  };
  visit(plan);
  return [...found];
});
