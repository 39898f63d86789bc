import { deepEqual, equal, notEqual } from 'node:assert/strict';
import { test } from 'node:test';
import type * as Ast from '../../../src/parser/ast/index.js';
import { findNode, hasNode, mapNodes, parseExpression, visitNodes } from '../../../src/parser/index.js';

const tree = parseExpression('f(a, case when b > 1 then (select c from t where d = a) end) + e');

test('nodes are visited in the order of the text', () => {
  const names: string[] = [];
  visitNodes(tree, (node) => {
    if (node.kind === 'columnReference') names.push(node.parts[0]!.name);
    if (node.kind === 'table') names.push(`table ${node.name.parts[0]!.name}`);
  });
  deepEqual(names, ['a', 'b', 'c', 'table t', 'd', 'a', 'e']);
});

test('nothing is found in closed nodes', () => {
  const isNamed = (name: string) => (node: { readonly kind: string }) =>
    node.kind === 'columnReference' && (node as Ast.ColumnReference).parts[0]!.name === name;
  equal(hasNode(tree, isNamed('d')), true);
  equal(
    findNode(tree, isNamed('d'), ({ kind }) => kind === 'query'),
    undefined,
  );
  equal(hasNode([tree], isNamed('e')), true);
  equal(hasNode(undefined, isNamed('e')), false);
});

test('what is not changed keeps its identity', () => {
  equal(
    mapNodes(tree, () => undefined),
    tree,
  );
  const zero = parseExpression('0');
  const changed = mapNodes(tree, (node) => {
    if (node.kind === 'query') return node;
    return node.kind === 'columnReference' && node.parts[0]!.name === 'e' ? zero : undefined;
  }) as Ast.BinaryExpression;
  notEqual(changed, tree);
  equal(changed.right, zero);
  equal(changed.left, (tree as Ast.BinaryExpression).left);
});
