import { type FunctionDefinition, functionRelationName } from '../../catalog/table-definition.js';
import { MillraceError, notSupportedError, userError } from '../../common/errors.js';
import { isBuiltInFunction } from '../../functions/registry.js';
import type * as Ast from '../../parser/index.js';
import type { CreateFunctionStatement, DropFunctionStatement, QualifiedName, Query } from '../../parser/index.js';
import { parseExpression } from '../../parser/index.js';
import { bindTypeName } from '../../planner/binder/bind-type-name.js';
import { canCast } from '../../types/coercion.js';
import { formatType, type SqlType } from '../../types/sql-type.js';
import { functionOf, queryOf } from '../function-definition.js';
import type { StatementResult } from '../statement-result.js';
import { unlessExists } from './definition-statements.js';
import * as make from './make-syntax.js';
import { describeQueryOf } from './query-statement.js';
import type { StatementContext } from './statement-context.js';
import { withoutPositions } from './without-positions.js';

/** CREATE FUNCTION and CREATE MACRO: kept as views are, and put into the plan where they are called. */
export async function createFunction(
  context: StatementContext,
  statement: CreateFunctionStatement,
): Promise<StatementResult> {
  const { name: written, orReplace } = statement;
  const shown = written.parts.at(-1)!.name;
  assertLanguage(statement);
  if (isBuiltInFunction(shown)) {
    throw userError('42723', `function "${shown}" is built in`, {
      position: written.position,
      hint: 'Choose another name: built-in functions come first.',
    });
  }
  const { sql, definition } = definitionOf(context, statement);
  await withoutPositions(() => assertCallable(context, shown, sql, definition));
  const address = await context.session.catalog.locateNew(functionName(written), statement.temporary);
  const create = (): Promise<void> =>
    address.lake.createView(address.name, { sql, function: definition }, { orReplace });
  await unlessExists(context, statement.ifNotExists, shown, create).catch((error: unknown) => {
    if (!(error instanceof MillraceError) || error.code !== '42P07') throw error;
    const hint = 'Replace it with CREATE OR REPLACE. There is one function of a name, whatever its arguments.';
    throw userError('42723', `function "${shown}" already exists with same argument types`, { hint, cause: error });
  });
  return done(`CREATE ${statement.isMacro ? 'MACRO' : 'FUNCTION'}`);
}

export async function dropFunctions(
  context: StatementContext,
  { names, ifExists, isMacro }: DropFunctionStatement,
): Promise<StatementResult> {
  const { session } = context;
  for (const written of names) {
    const { lake, name } = await session.catalog.locate(functionName(written));
    await lake.dropView(name).catch((error: unknown) => {
      if (!(error instanceof MillraceError) || error.code !== '42P01') throw error;
      const shown = written.parts.map((part) => part.name).join('.');
      if (!ifExists) {
        throw userError('42883', `could not find a function named "${shown}"`, {
          position: written.position,
          hint: 'Functions that are built in, or registered from JavaScript, cannot be dropped.',
          cause: error,
        });
      }
      session.notify({ severity: 'NOTICE', code: '00000', message: `function ${shown}() does not exist, skipping` });
    });
  }
  return done(`DROP ${isMacro ? 'MACRO' : 'FUNCTION'}`);
}

function done(command: string): StatementResult {
  return { kind: 'done', completion: { command, rowCount: undefined } };
}

function functionName(name: QualifiedName): QualifiedName {
  const last = name.parts.at(-1)!;
  return { ...name, parts: [...name.parts.slice(0, -1), { ...last, name: functionRelationName(last.name) }] };
}

function assertLanguage({ language, isMacro, returns, position }: CreateFunctionStatement): void {
  if (language !== undefined && language.toLowerCase() !== 'sql') {
    throw notSupportedError(`language "${language}" is not supported`, {
      position,
      hint: 'Write it in SQL, or register a function from JavaScript: db.registerFunction(…).',
    });
  }
  if (!isMacro && returns === undefined && language !== undefined) {
    throw userError('42P13', 'function result type must be specified', { position, hint: 'Add RETURNS and a type.' });
  }
}

function definitionOf(
  { sql: script, sqlOffset }: StatementContext,
  statement: CreateFunctionStatement,
): { readonly sql: string; readonly definition: FunctionDefinition } {
  const { body, parameters: written, returns: result, isStrict } = statement;
  const names = new Set<string>();
  const isMacro = statement.isMacro || (result === undefined && body.kind !== 'text');
  const parameters = written.map(({ name, type, default: clause, position }, i) => {
    // A macro of DuckDB may be called a function: its arguments have names and no types.
    const own = name?.name ?? (isMacro ? type?.name.parts.at(-1)?.name : undefined) ?? `$${i + 1}`;
    if (names.has(own)) throw userError('42P13', `parameter name "${own}" used more than once`, { position });
    names.add(own);
    const text = clause && script.slice(clause.position - sqlOffset, clause.end - sqlOffset);
    const isTyped = type !== undefined && (name !== undefined || !isMacro);
    return { name: own, type: isTyped ? formatType(bindTypeName(type)) : undefined, default: text };
  });
  let sql = body.kind === 'text' ? body.literal.value : script.slice(body.position - sqlOffset, body.end - sqlOffset);
  sql = withNamedParameters(
    sql.trim().replace(/;$/, ''),
    parameters.map(({ name }) => name),
  );
  const kind = body.kind === 'expression' ? 'expression' : 'query';
  const expression = kind === 'query' ? onlyExpression(sql, result) : sql;
  const returns: FunctionDefinition['returns'] =
    result === undefined
      ? { kind: body.kind === 'query' ? 'table' : 'value' }
      : result.kind === 'value'
        ? { kind: 'value', type: formatType(bindTypeName(result.type)) }
        : { kind: 'table', columns: columnsOf(result) };
  return {
    sql: expression ?? sql,
    definition: { isMacro, parameters, returns, isStrict, body: expression === undefined ? 'query' : 'expression' },
  };
}

function columnsOf(result: NonNullable<CreateFunctionStatement['returns']>) {
  if (result.kind === 'table') {
    return result.columns.map(({ name, type }) => ({ name: name.name, type: formatType(bindTypeName(type)) }));
  }
  return [{ type: formatType(bindTypeName(result.type)) }];
}

/** `$1` by the name of its parameter. */
function withNamedParameters(sql: string, names: readonly string[]): string {
  return sql.replace(/\$(\d+)(?![\w$])/g, (text, digits: string) => {
    const name = names[Number(digits) - 1];
    return name === undefined ? text : `"${name.replaceAll('"', '""')}"`;
  });
}

/** `SELECT expression`, of a function that gives a value, is as good as the expression. */
function onlyExpression(sql: string, result: CreateFunctionStatement['returns']): string | undefined {
  const query = queryOf(sql);
  if (result !== undefined && result.kind !== 'value') return undefined;
  const { body, orderBy, limit, offset } = query;
  if (body.kind !== 'select' || query.with || orderBy.length > 0 || limit || offset) return undefined;
  const [item, ...others] = body.items;
  const isPlain =
    !body.distinct && body.from.length === 0 && !body.where && !body.groupBy && !body.having && !body.qualify;
  if (!isPlain || others.length > 0 || item?.kind !== 'selectExpression' || item.alias) return undefined;
  const text = sql.slice(item.position).trim();
  try {
    parseExpression(text);
    return text;
  } catch {
    return undefined;
  }
}

/** Binds the body over parameters of their types, so that its mistakes are known now; a macro's are known when it is used. */
async function assertCallable(
  context: StatementContext,
  name: string,
  sql: string,
  definition: FunctionDefinition,
): Promise<void> {
  const { query, function: own } = functionOf(sql, definition);
  if (own.parameters.some(({ type }) => type === undefined) || query.limit || query.offset) return;
  const columns = own.parameters.map(({ name: parameter, type }) =>
    make.itemAs(make.castTo({ kind: 'nullLiteral', position: 0 }, formatType(type!)), parameter),
  );
  const from: Ast.Relation[] =
    columns.length === 0 ? [] : [make.subqueryOf(make.selectOf(columns, [], undefined), name)];
  const body: Query = make.selectOf([make.star('body')], [...from, make.lateral(query, 'body', [])], undefined);
  const described = (await describeQueryOf(context, body, [])).columns.map(({ type }) => type);
  const declared = own.value ? [own.value.type] : own.columns?.map(({ type }) => type);
  if (declared === undefined || declared.every((type) => type === undefined)) return;
  const fits = (type: SqlType, i: number): boolean =>
    type.kind === 'unknown' || declared[i] === undefined || canCast(type, declared[i], 'assignment');
  if (described.length === declared.length && described.every(fits)) return;
  const { value } = own;
  const what = value?.type ? formatType(value.type) : 'record';
  throw userError('42P13', `return type mismatch in function declared to return ${what}`, {
    detail: `Its SQL returns ${described.map(formatType).join(', ')}, declared is ${declared.map((type) => formatType(type!)).join(', ')}.`,
  });
}
