import type {
  CommonTableExpression,
  Expression,
  Query,
  Relation,
  Select,
  SetOperation,
  TypeName,
} from './ast/index.js';

/*
 * Walks over syntax trees. Nodes are plain data, so that what is within one is found in its members, whatever they are
 * called; a tree may also be a list of nodes.
 */

/** The nodes that someone looks for: those told apart by `kind`. Others are passed on the way, under kinds of their own. */
export type SyntaxNode = Expression | Relation | Query | Select | SetOperation | CommonTableExpression | TypeName;

/** The first node that passes the test, in the order of the text; nothing is looked for in nodes that `isClosed`. */
export function findNode(
  tree: unknown,
  test: (node: SyntaxNode) => boolean,
  isClosed: (node: SyntaxNode) => boolean = () => false,
): SyntaxNode | undefined {
  if (typeof tree !== 'object' || tree === null) return undefined;
  if ('kind' in tree) {
    const node = tree as SyntaxNode;
    if (test(node)) return node;
    if (isClosed(node)) return undefined;
  }
  // Trees are plain objects and arrays: this makes no list of what is in them.
  for (const name in tree) {
    const part = (tree as Record<string, unknown>)[name];
    if (typeof part !== 'object' || part === null) continue;
    const found = findNode(part, test, isClosed);
    if (found) return found;
  }
  return undefined;
}

export function hasNode(tree: unknown, test: (node: SyntaxNode) => boolean): boolean {
  return findNode(tree, test) !== undefined;
}

/** Calls `visit` on every node, in the order of the text. */
export function visitNodes(tree: unknown, visit: (node: SyntaxNode) => void): void {
  findNode(tree, (node) => {
    visit(node);
    return false;
  });
}

/**
 * The tree with some nodes replaced: by what `change` makes of them, or the parts of those for which that is undefined. What
 * stays as it is keeps its identity.
 */
export function mapNodes<Tree>(tree: Tree, change: (node: SyntaxNode) => SyntaxNode | undefined): Tree {
  return mapped(tree, change) as Tree;
}

function mapped(tree: unknown, change: (node: SyntaxNode) => SyntaxNode | undefined): unknown {
  if (typeof tree !== 'object' || tree === null) return tree;
  const changed = 'kind' in tree ? change(tree as SyntaxNode) : undefined;
  if (changed) return changed;
  let copy: Record<string, unknown> | undefined;
  for (const name in tree) {
    const part = (tree as Record<string, unknown>)[name];
    if (typeof part !== 'object' || part === null) continue;
    const after = mapped(part, change);
    if (after === part) continue;
    copy ??= (Array.isArray(tree) ? [...tree] : { ...tree }) as unknown as Record<string, unknown>;
    copy[name] = after;
  }
  return copy ?? tree;
}
