/**
 * SQL as a tree that can be made smaller. Text stands between the parts of a group; the items of a list can be left out,
 * down to `minimum`; a group with a category can be replaced by what lies within it and has the same category.
 */
export type SqlNode = string | SqlGroup | SqlList;

export interface SqlGroup {
  readonly kind: 'group';
  /** `query`, `relation`, or the type of an expression. */
  readonly category?: string | undefined;
  readonly parts: readonly SqlNode[];
  /** Simpler text of the same category. */
  readonly substitutes?: readonly string[] | undefined;
}

export interface SqlList {
  readonly kind: 'list';
  /** Left out with the last item. */
  readonly head: string;
  readonly separator: string;
  readonly tail: string;
  readonly items: readonly SqlNode[];
  readonly minimum: number;
}

export function list(head: string, separator: string, items: readonly SqlNode[], minimum = 0, tail = ''): SqlList {
  return { kind: 'list', head, separator, tail, items, minimum };
}

/** `sql\`${left} + ${right}\`` with a category. */
export function group(
  category: string | undefined,
  parts: readonly SqlNode[],
  substitutes: readonly string[] = [],
): SqlGroup {
  return { kind: 'group', category, parts, substitutes };
}

/** Present or left out. */
export function optional(...parts: readonly SqlNode[]): SqlList {
  return list('', '', [group(undefined, parts)]);
}

export function renderSql(node: SqlNode): string {
  if (typeof node === 'string') return node;
  if (node.kind === 'group') return node.parts.map(renderSql).join('');
  if (node.items.length === 0) return '';
  return node.head + node.items.map(renderSql).join(node.separator) + node.tail;
}

/** All trees that are one step smaller, the largest steps first. */
export function* simplifications(node: SqlNode): Generator<SqlNode> {
  yield* ownSimplifications(node);
  const children = childrenOf(node);
  for (const [index, child] of children.entries()) {
    for (const simpler of simplifications(child)) {
      yield withChildren(
        node,
        children.map((other, at) => (at === index ? simpler : other)),
      );
    }
  }
}

function* ownSimplifications(node: SqlNode): Generator<SqlNode> {
  if (typeof node === 'string') return;
  if (node.kind === 'list') {
    const { items, minimum } = node;
    if (minimum === 0 && items.length > 1) yield { ...node, items: [] };
    const half = items.length >> 1;
    if (items.length > 3 && half >= minimum) {
      yield { ...node, items: items.slice(0, half) };
      yield { ...node, items: items.slice(half) };
    }
    if (items.length > minimum) {
      for (const index of items.keys()) yield { ...node, items: items.filter((_, at) => at !== index) };
    }
    return;
  }
  if (node.category === undefined) return;
  yield* descendants(node, node.category);
  const text = renderSql(node);
  for (const substitute of node.substitutes ?? []) {
    if (substitute.length < text.length) yield substitute;
  }
}

function* descendants(node: SqlNode, category: string): Generator<SqlNode> {
  for (const child of childrenOf(node)) {
    if (typeof child === 'string') continue;
    if (child.kind === 'group' && child.category === category) yield child;
    yield* descendants(child, category);
  }
}

function childrenOf(node: SqlNode): readonly SqlNode[] {
  if (typeof node === 'string') return [];
  return node.kind === 'group' ? node.parts : node.items;
}

function withChildren(node: SqlNode, children: readonly SqlNode[]): SqlNode {
  if (typeof node === 'string') return node;
  return node.kind === 'group' ? { ...node, parts: children } : { ...node, items: children };
}
