import type * as Ast from '../../parser/ast/index.js';
import { mapNodes } from '../../parser/index.js';
import type { Expression } from '../expression.js';
import { isVolatile } from '../optimizer/volatility.js';
import { unsupported } from './bind-context.js';
import type { SelectEntry } from './bind-select-list.js';
import type { Scope } from './scope.js';
import { isSpelling } from './spelling.js';

/** Names of the select list in its own later entries, in WHERE, HAVING and QUALIFY: each stands for what it names. */
export class SelectAliases {
  readonly entries: readonly SelectEntry[];
  private readonly scope: Scope;
  /** Where an entry is named. */
  private readonly uses = new Map<Ast.Expression, number>();

  constructor(entries: readonly SelectEntry[], scope: Scope) {
    this.scope = scope;
    const done: SelectEntry[] = [];
    for (const entry of entries) done.push(entry.ast ? { ...entry, ast: this.replace(entry.ast, done) } : entry);
    this.entries = done;
  }

  /** The expression with entries for their names, unless a column or an entry of FROM has the name. */
  in(ast: Ast.Expression): Ast.Expression {
    return this.replace(ast, this.entries);
  }

  /** What is computed for each of its names must be the same each time. */
  assertRepeatable({ ast, name }: SelectEntry, expression: Expression): void {
    const position = ast && this.uses.get(ast);
    if (position === undefined || !isVolatile(expression)) return;
    throw unsupported(`the name "${name}" of a volatile expression`, position, 'Compute it in a subquery in FROM.');
  }

  private replace(ast: Ast.Expression, entries: readonly SelectEntry[]): Ast.Expression {
    return mapNodes(ast, (node) => {
      switch (node.kind) {
        case 'query':
          return node;
        case 'lambda': {
          // The parameters hide what has their names.
          const others = entries.filter(({ name }) => !node.parameters.some((parameter) => parameter.name === name));
          return { ...node, body: this.replace(node.body, others) };
        }
        case 'columnReference':
          return this.named(node, entries);
        default:
          return undefined;
      }
    });
  }

  private named(reference: Ast.ColumnReference, entries: readonly SelectEntry[]): Ast.Expression {
    const [name, ...more] = reference.parts;
    if (more.length > 0) return reference;
    for (let level: Scope | undefined = this.scope; level; level = level.parent) {
      const { visible, tables } = level.namespace;
      const isColumn = visible.some((column) => column.name === name!.name || isSpelling(name!, column.name));
      // The name of an entry of FROM is its row.
      if (isColumn || tables.some(({ alias }) => alias === name!.name)) return reference;
    }
    const ast = entries.find((entry) => entry.name === name!.name)?.ast;
    if (ast === undefined) return reference;
    this.uses.set(ast, reference.position);
    return ast;
  }
}
