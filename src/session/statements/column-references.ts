import type * as Ast from '../../parser/index.js';
import { findNode, parseExpression } from '../../parser/index.js';

/** What expressions that are kept with a table, as they were written, read of it: checks and generated columns. */

/** Names of the columns that an expression reads. */
export function columnsIn(expression: Ast.Expression): ReadonlySet<string> {
  return new Set(referencesIn(expression).map(({ parts }) => parts.at(-1)!.name));
}

/** What expressions call their table, which may have got another name since. */
export function namesIn(expressions: readonly Ast.Expression[]): readonly string[] {
  const qualified = referencesIn(expressions).filter(({ parts }) => parts.length > 1);
  return [...new Set(qualified.map(({ parts }) => parts.at(-2)!.name))];
}

/** The text of an expression in which a column has another name. */
export function withColumnRenamed(text: string, from: string, to: string): string {
  const found = referencesIn(parseExpression(text)).map(({ parts }) => parts.at(-1)!);
  const places = found.filter(({ name }) => name === from).map(({ position }) => position);
  let result = text;
  for (const place of places.sort((a, b) => b - a)) {
    const word = /^(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*)/u.exec(result.slice(place))?.[0] ?? '';
    result = `${result.slice(0, place)}"${to.replaceAll('"', '""')}"${result.slice(place + word.length)}`;
  }
  return result;
}

/** References to columns; what a lambda calls its parameters is none. */
export function referencesIn(tree: unknown): Ast.ColumnReference[] {
  const found: Ast.ColumnReference[] = [];
  findNode(
    tree,
    (node) => {
      if (node.kind === 'columnReference') found.push(node);
      if (node.kind === 'lambda') {
        const own = new Set(node.parameters.map(({ name }) => name));
        found.push(...referencesIn(node.body).filter(({ parts }) => !own.has(parts[0]!.name)));
      }
      return false;
    },
    ({ kind }) => kind === 'lambda',
  );
  return found;
}
