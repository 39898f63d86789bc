import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { notSupportedError, userError } from '../common/errors.js';
import type { Volatility } from '../functions/function-types.js';
import { isBuiltInFunction } from '../functions/registry.js';
import { loadUserFunction, type UserFunction, userFunctionId } from '../functions/user/user-function.js';
import { parseTypeName } from '../parser/index.js';
import type { SqlType } from '../types/sql-type.js';
import { resolveType } from './statements/definition-statements.js';

export interface FunctionDeclaration {
  /** Without a schema; in lower case, to be called without quotes. */
  readonly name: string;
  /** SQL types of the arguments and of the result, as in CREATE FUNCTION. */
  readonly args: readonly string[];
  readonly returns: string;
  /** A JavaScript module, by its path or its URL: every worker loads it. */
  readonly module: string | URL;
  /** The name under which the module exports the function. */
  readonly export: string;
  /** Call it for NULL, too? By default the result is NULL where an argument is. */
  readonly callOnNull?: boolean | undefined;
  /** `immutable` if equal arguments always give equal results: then it may be called less often. By default `volatile`. */
  readonly volatility?: Volatility | undefined;
}

/** The functions of one engine, by name; several of one name differ in their arguments. */
export class UserFunctions {
  readonly overloads: Map<string, readonly string[]> = new Map();

  /** Loads the module once here, to know that it is there, and for constants. */
  async register(declaration: FunctionDeclaration): Promise<void> {
    const { name, args, returns, module, export: exported, callOnNull = false, volatility = 'volatile' } = declaration;
    if (!/^[a-z_][a-z0-9_]*$/i.test(name)) {
      throw userError('42602', `invalid name of a function: "${name}"`, {
        hint: 'Use letters, digits and underscores.',
      });
    }
    if (isBuiltInFunction(name)) {
      throw userError('42723', `function "${name}" is built in already`, { hint: 'Choose another name.' });
    }
    const types = args.map((type) => typeOf(type, name));
    const complete: UserFunction = {
      name,
      args: types,
      returns: typeOf(returns, name),
      strict: !callOnNull,
      volatility,
      module: urlOf(module),
      export: exported,
    };
    const id = userFunctionId(complete);
    await loadUserFunction(id);
    const others = (this.overloads.get(name) ?? []).filter((other) => !hasArguments(other, types));
    this.overloads.set(name, [...others, id]);
  }
}

function urlOf(module: string | URL): string {
  if (module instanceof URL) return module.href;
  return /^[a-z]+:/i.test(module) ? module : pathToFileURL(resolve(module)).href;
}

function typeOf(text: string, name: string): SqlType {
  const type = resolveType(parseTypeName(text));
  if (!['array', 'struct', 'map'].includes(type.kind)) return type;
  throw notSupportedError(`function ${name} cannot take or return ${text}`, {
    hint: 'Pass nested values as json: to_json(x), and a result of type json.',
  });
}

function hasArguments(id: string, types: readonly SqlType[]): boolean {
  return id.includes(`"args":${JSON.stringify(types)},`);
}
