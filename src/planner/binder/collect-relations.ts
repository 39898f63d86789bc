import type * as Ast from '../../parser/ast/index.js';
import { plainQuery, type SyntaxNode, visitNodes } from '../../parser/index.js';
import type { CatalogRelation, CatalogTable, CatalogView } from '../catalog-view.js';
import { type FileRequest, pathRequest, requestKey } from '../file-request.js';
import { relationKey } from './bind-context.js';
import { mayBeTable } from './bind-type-name.js';
import { fileRequestOf } from './file-function.js';
import { spelledName } from './spelling.js';
import { sqlFunctionName } from './sql-function-name.js';

export interface CollectedRelations {
  readonly relations: ReadonlyMap<string, CatalogRelation>;
  /** By `requestKey`. */
  readonly files: ReadonlyMap<string, CatalogTable>;
  readonly relationNames: readonly string[];
}

const MAX_VIEW_DEPTH = 64;

/**
 * Looks up everything that a query could refer to, views' queries included, so that binding itself need not wait. Names
 * of common table expressions are looked up too: that they hide a table is the binder's business.
 */
export async function collectRelations(query: Ast.Query, catalog: CatalogView): Promise<CollectedRelations> {
  const relations = new Map<string, CatalogRelation>();
  const files = new Map<string, CatalogTable>();
  const missing: Ast.QualifiedName[] = [];
  let relationNames: readonly string[] = [];
  let queries: readonly Ast.Query[] = [query];
  const asked = new Set<string>();
  const commonTables = new Set<string>();
  for (let depth = 0; queries.length > 0 && depth < MAX_VIEW_DEPTH; depth++) {
    const views: Ast.Query[] = [];
    const lookUps: Promise<void>[] = [];
    const lookUpTable = async (name: Ast.QualifiedName): Promise<void> => {
      const found = await catalog.findRelation(name.parts.map((part) => part.name));
      if (found) take(name, found);
      else if (!isElsewhere(name, commonTables)) missing.push(name);
    };
    const take = (name: Ast.QualifiedName, found: CatalogRelation): void => {
      relations.set(relationKey(name.parts), found);
      if (found.kind === 'view') views.push(found.query);
      const own = found.kind === 'view' ? found.function : undefined;
      if (own?.expression) views.push(queryOf(own.expression));
    };
    const lookUpFiles = async (request: FileRequest): Promise<void> => {
      const found = await catalog.findFiles(request);
      if (found) files.set(requestKey(request), found);
    };
    for (const relation of queries.flatMap((each) => namesIn(each, commonTables))) {
      const key = 'parts' in relation ? relationKey(relation.parts) : `files:${requestKey(relation)}`;
      if (asked.has(key)) continue;
      asked.add(key);
      lookUps.push('parts' in relation ? lookUpTable(relation) : lookUpFiles(relation));
    }
    await Promise.all(lookUps);
    if (missing.length > 0) {
      relationNames = await catalog.relationNames();
      for (const name of missing.splice(0)) {
        const found = await findSpelled(name, relationNames, catalog);
        if (found) take(name, found);
      }
    }
    queries = views;
  }
  return { relations, files, relationNames };
}

/** A folder of another engine whose name has capitals, which its users leave out. */
async function findSpelled(
  { parts, position }: Ast.QualifiedName,
  names: readonly string[],
  catalog: CatalogView,
): Promise<CatalogRelation | undefined> {
  const [written, ...more] = parts;
  const spelled = more.length === 0 ? spelledName(names, written!, position, 'table reference') : undefined;
  return spelled === undefined || spelled === written!.name ? undefined : await catalog.findRelation([spelled]);
}

/** Not missing where the catalog has none: the built-in functions, and the tables of a WITH, which need no listing of a lake. */
function isElsewhere({ parts }: Ast.QualifiedName, commonTables: ReadonlySet<string>): boolean {
  const name = parts.at(-1)!.name;
  return name.endsWith('()') || (parts.length === 1 && commonTables.has(name));
}

/** For the look-up of what an expression names. */
function queryOf(expression: Ast.Expression): Ast.Query {
  return plainQuery({ kind: 'values', rows: [[expression]], position: expression.position });
}

/**
 * Names of tables and files, wherever they stand in a query; the names that it gives to tables in WITH, wherever they hold,
 * are added to `commonTables`.
 */
function namesIn(query: Ast.Query, commonTables: Set<string>): (Ast.QualifiedName | FileRequest)[] {
  const found: (Ast.QualifiedName | FileRequest)[] = [];
  visitNodes(query, (node) => {
    if (node.kind === 'commonTableExpression') commonTables.add(node.name.name);
    const name = nameIn(node);
    if (name !== undefined) found.push(name);
  });
  return found;
}

function nameIn(node: SyntaxNode): Ast.QualifiedName | FileRequest | undefined {
  switch (node.kind) {
    case 'functionCall':
      return sqlFunctionName(node);
    case 'typeName':
      return mayBeTable(node) ? node.name : undefined;
    case 'table':
      return node.name;
    case 'file':
      return pathRequest(node.path.value);
    case 'function':
      return fileRequestOf(node.call);
    default:
      return undefined;
  }
}
