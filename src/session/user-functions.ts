import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { userError } from '../common/errors.js';
import type { Volatility } from '../functions/function-types.js';
import { isBuiltInFunction } from '../functions/registry.js';
import type {
  AggregateImplementation,
  ScalarImplementation,
  TableImplementation,
} from '../functions/user/user-call.js';
import {
  loadUserFunction,
  type UserFunction,
  userFunctionId,
  userFunctionOf,
} from '../functions/user/user-function.js';
import { parseTypeName } from '../parser/index.js';
import { bindTypeName } from '../planner/binder/bind-type-name.js';
import { arrayOf, formatTypeName, type SqlType } from '../types/sql-type.js';
import { textOfImplementation } from './implementation-text.js';

/** Where the code is: an export of a module, or in the program itself, whose text goes to the workers. */
export type CodePlace<Implementation> =
  | {
      /** A JavaScript module, by its path or its URL: every worker loads it. */
      readonly module: string | URL;
      /** The name under which the module exports it. */
      readonly export: string;
      readonly implementation?: undefined;
    }
  | {
      /** Its text is what runs: it must not use anything of the program around it. */
      readonly implementation: Implementation;
      readonly module?: undefined;
      readonly export?: undefined;
    };

interface Declaration {
  /** Without a schema; in lower case, to be called without quotes. */
  readonly name: string;
  /** SQL types of the arguments, as in CREATE FUNCTION. */
  readonly args: readonly string[];
  /** Call it for NULL, too? By default the result is NULL where an argument is; an aggregate leaves such rows out. */
  readonly callOnNull?: boolean | undefined;
}

interface HasVolatility {
  /** `immutable` if equal arguments always give equal results: then it may be called less often. By default `volatile`. */
  readonly volatility?: Volatility | undefined;
}

/** A function of a row. */
export type FunctionDeclaration = Declaration &
  HasVolatility & {
    /** SQL type of the result. */
    readonly returns: string;
  } & CodePlace<ScalarImplementation>;

/** A function of all rows of a group. */
export type AggregateDeclaration = Declaration & {
  /** SQL type of the result. */
  readonly returns: string;
} & CodePlace<AggregateImplementation>;

/** A function that gives rows. */
export type TableFunctionDeclaration = Declaration &
  HasVolatility & {
    /** Names and SQL types of the columns, in their order. */
    readonly columns: Readonly<Record<string, string>>;
  } & CodePlace<TableImplementation>;

/** The functions of one engine, by name; several of one name differ in their arguments. */
export class UserFunctions {
  readonly overloads: Map<string, readonly string[]> = new Map();
  /** Another one after each registration. */
  revision = 0;

  async registerScalar(declaration: FunctionDeclaration): Promise<void> {
    const { volatility = 'volatile', returns, name } = declaration;
    await this.register({
      ...common(declaration),
      kind: 'scalar',
      returns: typeOf(returns, name),
      volatility,
    });
  }

  async registerAggregate(declaration: AggregateDeclaration): Promise<void> {
    const { returns, name } = declaration;
    // It is called with all rows of a group at once: how often says nothing.
    await this.register({
      ...common(declaration),
      kind: 'aggregate',
      returns: typeOf(returns, name),
      volatility: 'immutable',
    });
  }

  async registerTable(declaration: TableFunctionDeclaration): Promise<void> {
    const { volatility = 'volatile', columns, name } = declaration;
    const fields = Object.entries(columns).map(([column, type]) => ({ name: column, type: typeOf(type, name) }));
    if (fields.length === 0) {
      throw userError('42P16', `table function ${name} has no columns`, { hint: 'Give columns: { name: type, … }.' });
    }
    await this.register({
      ...common(declaration),
      kind: 'table',
      returns: arrayOf({ kind: 'struct', fields }),
      volatility,
    });
  }

  /** Loads the code once here, to know that it is there. */
  private async register(complete: UserFunction): Promise<void> {
    const { name, kind, args } = complete;
    const others = this.overloads.get(name) ?? [];
    const other = others.map(userFunctionOf).find((known) => known.kind !== kind);
    if (other !== undefined) {
      throw userError('42723', `${DESCRIPTIONS[other.kind]} "${name}" is registered already`, {
        hint: 'Choose another name: functions of one name are of one kind.',
      });
    }
    const id = userFunctionId(complete);
    await loadUserFunction(id);
    const rest = others.filter((known) => !hasArguments(userFunctionOf(known), args));
    this.overloads.set(name, [...rest, id]);
    this.revision++;
  }
}

const DESCRIPTIONS: Readonly<Record<UserFunction['kind'], string>> = {
  scalar: 'function',
  aggregate: 'aggregate',
  table: 'table function',
};

function common(
  declaration: Declaration & CodePlace<unknown>,
): Pick<UserFunction, 'name' | 'args' | 'strict' | 'module' | 'export'> {
  const { name, args, callOnNull = false } = declaration;
  if (typeof name !== 'string' || !/^[a-z_][a-z0-9_]*$/i.test(name)) {
    throw userError('42602', `invalid name of a function: "${name}"`, { hint: 'Use letters, digits and underscores.' });
  }
  if (isBuiltInFunction(name)) {
    throw userError('42723', `function "${name}" is built in already`, { hint: 'Choose another name.' });
  }
  if (!Array.isArray(args)) {
    throw userError('22023', `function ${name} has no list of arguments`, {
      hint: "Give args: ['text', …], or [] for none.",
    });
  }
  return { name, args: args.map((type) => typeOf(type, name)), strict: !callOnNull, ...placeOf(declaration, name) };
}

function placeOf(place: CodePlace<unknown>, name: string): Pick<UserFunction, 'module' | 'export'> {
  if (place.implementation !== undefined) {
    const text = `export const implementation = ${textOfImplementation(place.implementation, name)};`;
    return { module: `data:text/javascript,${encodeURIComponent(text)}`, export: 'implementation' };
  }
  if (place.module === undefined || place.export === undefined) {
    throw userError('38000', `function ${name} has no implementation`, {
      hint: 'Give a module and the name of its export, or implementation: a function.',
    });
  }
  return { module: urlOf(place.module), export: place.export };
}

function urlOf(module: string | URL): string {
  if (module instanceof URL) return module.href;
  return /^[a-z]+:/i.test(module) ? module : pathToFileURL(resolve(module)).href;
}

function typeOf(text: string, name: string): SqlType {
  if (typeof text === 'string') return bindTypeName(parseTypeName(text));
  throw userError('42704', `function ${name} has a type that is no text: ${String(text)}`, {
    hint: "Give types as SQL names them: 'text', 'numeric(10,2)', 'integer[]'.",
  });
}

function hasArguments({ args }: UserFunction, types: readonly SqlType[]): boolean {
  return args.map(formatTypeName).join() === types.map(formatTypeName).join();
}
