import type { FunctionDefinition } from '../catalog/table-definition.js';
import { userError } from '../common/errors.js';
import { parseExpression, parseStatement, parseTypeName, type Query } from '../parser/index.js';
import { bindTypeName } from '../planner/binder/bind-type-name.js';
import type { CatalogFunction } from '../planner/catalog-view.js';
import type { SqlType } from '../types/sql-type.js';

/** A function as the planner takes it, from what the catalog keeps. */
export function functionOf(
  sql: string,
  { isMacro, isStrict, parameters, returns, body }: FunctionDefinition,
): { readonly query: Query; readonly function: CatalogFunction } {
  const typeOf = (text: string | undefined): SqlType | undefined =>
    text ? bindTypeName(parseTypeName(text)) : undefined;
  const query = queryOf(body === 'expression' ? `select ${sql}` : sql);
  return {
    query,
    function: {
      isMacro,
      isStrict,
      parameters: parameters.map(({ name, type, default: text }) => ({
        name,
        type: typeOf(type),
        default: text === undefined ? undefined : parseExpression(text),
      })),
      value: returns.kind === 'value' ? { type: typeOf(returns.type) } : undefined,
      columns:
        returns.kind === 'table'
          ? returns.columns?.map(({ name, type }) => ({ name, type: typeOf(type)! }))
          : undefined,
      expression: body === 'expression' ? parseExpression(sql) : undefined,
    },
  };
}

export function queryOf(sql: string): Query {
  const statement = parseStatement(sql);
  if (statement.kind === 'queryStatement') return statement.query;
  throw userError('0A000', 'functions that do more than a query are not supported', {
    hint: 'The SQL of a function is one SELECT.',
  });
}
