import { userError } from '../../common/errors.js';
import type { SqlType } from '../../types/sql-type.js';
import type { ScalarOverload, Volatility } from '../function-types.js';
import { callUserFunction } from './user-call.js';

/** A function that a program has registered; plain data, so that it can travel to workers in the plan. */
export interface UserFunction {
  readonly name: string;
  readonly args: readonly SqlType[];
  readonly returns: SqlType;
  readonly strict: boolean;
  readonly volatility: Volatility;
  /** URL of a module, and the name of its export. */
  readonly module: string;
  readonly export: string;
}

type Implementation = (...args: readonly unknown[]) => unknown;

/** `name(js:{…})`: like those of other overloads, it begins with the name. */
const MARK = '(js:{';
/** What modules export, by overload; one map a thread. */
const implementations = new Map<string, Implementation>();
const overloads = new Map<string, ScalarOverload>();

/** The id of its overload, which says all there is to know of it: plans need nothing else. */
export function userFunctionId(declaration: UserFunction): string {
  return `${declaration.name}(js:${JSON.stringify(declaration)})`;
}

export function isUserFunctionId(id: string): boolean {
  return id.includes(MARK);
}

function declarationOf(id: string): UserFunction {
  return JSON.parse(id.slice(id.indexOf(MARK) + MARK.length - 1, -1)) as UserFunction;
}

export function userOverload(id: string): ScalarOverload {
  let overload = overloads.get(id);
  if (overload === undefined) {
    overload = overloadOf(id, declarationOf(id));
    overloads.set(id, overload);
  }
  return overload;
}

function overloadOf(id: string, declaration: UserFunction): ScalarOverload {
  const { name, args, returns, strict, volatility } = declaration;
  return {
    id,
    name,
    args: args.map(({ kind }) => kind),
    variadic: false,
    unify: false,
    returns,
    coerce: (given) => (given.length === args.length ? args : undefined),
    strict,
    fallible: true,
    volatility,
    comparesBytes: false,
    implementation: {
      kind: 'vector',
      create: () => {
        const implementation = implementations.get(id);
        if (implementation === undefined) throw userError('38000', `function ${name} is not loaded on this thread`);
        return (values) => callUserFunction(declaration, implementation, values);
      },
    },
  };
}

/** Loads the module of a function on this thread. Fails (38000) when it has no such export. */
export async function loadUserFunction(id: string): Promise<void> {
  if (implementations.has(id)) return;
  const { name, module, export: exported } = declarationOf(id);
  let namespace: Record<string, unknown>;
  try {
    namespace = (await import(module)) as Record<string, unknown>;
  } catch (cause) {
    throw userError('38000', `the module of function ${name} cannot be loaded: ${(cause as Error).message}`, {
      detail: `Its module is "${module}".`,
      hint: 'Name a JavaScript module, by its path or URL.',
      cause,
    });
  }
  const implementation = namespace[exported];
  if (typeof implementation !== 'function') {
    throw userError('38000', `the module of function ${name} has no function "${exported}"`, {
      detail: `It exports ${Object.keys(namespace).join(', ') || 'nothing'}.`,
      hint: 'Name one of its exports.',
    });
  }
  implementations.set(id, implementation as Implementation);
}

/** The ids of the functions that a plan calls. */
export function userFunctionsIn(plan: unknown): string[] {
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
}
