import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NodeCounters } from '../../../src/planner/explain/explain-options.js';
import { edgeWidth, explainPlanAsSvg } from '../../../src/planner/explain/picture/explain-svg.js';
import { escapeXml, fitText, widthOfText } from '../../../src/planner/explain/picture/svg-text.js';
import { layOutTree, type PlacedBox } from '../../../src/planner/explain/picture/tree-layout.js';
import { inputsOf } from '../../../src/planner/physical/physical-inputs.js';
import type { PhysicalNode } from '../../../src/planner/physical/physical-plan.js';
import { INTEGER } from '../../../src/types/sql-type.js';
import { planSql } from '../../plans/support/plan-sql.js';
import { TPCH_CATALOG } from '../../plans/support/tpch-catalog.js';

const JOIN = `select l_shipmode, sum(l_extendedprice) from orders join lineitem on l_orderkey = o_orderkey
  where o_orderdate >= date '1997-01-01' group by l_shipmode order by 2 desc limit 3`;

const planOf = async (sql: string): Promise<PhysicalNode> => (await planSql(sql, TPCH_CATALOG)).plan;

const allOf = (node: PhysicalNode): readonly PhysicalNode[] => [node, ...inputsOf(node).flatMap(allOf)];

const counters = (plan: PhysicalNode, of: (node: PhysicalNode) => Partial<NodeCounters>): Map<number, NodeCounters> =>
  new Map(allOf(plan).map((node) => [node.id, { rows: node.estimatedRows, timeMs: 1, ...of(node) }]));

/** Fails unless tags nest, and text and attributes have no markup of their own. */
function assertWellFormed(svg: string): void {
  const open: string[] = [];
  let at = 0;
  for (const { 0: tag, index } of svg.matchAll(/<(\/?)([a-z]+)((?: [a-zA-Z:-]+="[^"<&]*")*)(\/?)>/g)) {
    assert.match(svg.slice(at, index), /^(?:[^<>&]|&(?:amp|lt|gt|quot);)*$/);
    at = index + tag.length;
    const name = /[a-z]+/.exec(tag)![0];
    if (tag.startsWith('</')) assert.equal(open.pop(), name);
    else if (!tag.endsWith('/>')) open.push(name);
  }
  assert.equal(svg.slice(at).trim(), '');
  assert.deepEqual(open, []);
}

const countOf = (svg: string, pattern: RegExp): number => [...svg.matchAll(pattern)].length;

test('a box an operator, an edge to the one above it, and one out of the picture; equal plans look equal', async () => {
  const plan = await planOf(JOIN);
  const svg = explainPlanAsSvg(plan);
  assertWellFormed(svg);
  assert.equal(countOf(svg, /<g class="operator"/g), allOf(plan).length);
  assert.equal(countOf(svg, /<path class="edge"/g), allOf(plan).length);
  assert.match(svg, /<tspan class="name">Hash Cond<\/tspan> l_orderkey = o_orderkey/);
  assert.match(svg, />probe<\/tspan>/);
  assert.match(svg, /Rows are estimated\./);
  assert.equal(explainPlanAsSvg(await planOf(JOIN)), svg);
});

test('counters bring time, its share as a colour and a bar, and estimates that were wrong', async () => {
  const plan = await planOf(JOIN);
  const isScan = (node: PhysicalNode): boolean => node.kind === 'scan' && node.table.includes('lineitem');
  const svg = explainPlanAsSvg(plan, {
    counters: counters(plan, (node) => (isScan(node) ? { timeMs: 100, bytesRead: 2048 } : { rows: 7 })),
    planningMs: 1.5,
    executionMs: 60,
  });
  assertWellFormed(svg);
  assert.match(svg, /Execution 60\.0 ms · planning 1\.50 ms/);
  assert.match(svg, />100\.0 ms · read 2\.0 kB</);
  assert.match(svg, /fill="#ef4444"/); // more than half of the time
  const bars = [...svg.matchAll(/<rect x="12" y="\d+" width="([\d.]+)"/g)].map(([, width]) => Number(width));
  assert.equal(bars.length, allOf(plan).length);
  assert.ok(Math.max(...bars) > 20 * Math.min(...bars));
  const orders = allOf(plan).find((node) => node.kind === 'scan' && !isScan(node))!;
  assert.ok(orders.estimatedRows >= 70);
  const written = String(orders.estimatedRows).replace(/\B(?=(\d{3})+$)/g, ',');
  assert.ok(svg.includes(`<tspan class="wrong">${written} estimated</tspan>`));
});

test('what was never executed is faded', async () => {
  const plan = await planOf(JOIN);
  const svg = explainPlanAsSvg(plan, { counters: new Map([[plan.id, { rows: 1, timeMs: 1 }]]) });
  assertWellFormed(svg);
  assert.equal(countOf(svg, /opacity="0\.55"/g), allOf(plan).length - 1);
  assert.match(svg, /never executed/);
});

test('more rows, wider edges', () => {
  const widths = [0, 1, 2, 10, 1_000, 999_999, 1_000_000].map((rows) => edgeWidth(rows, 1_000_000));
  assert.deepEqual(
    widths,
    [...widths].sort((a, b) => a - b),
  );
  assert.equal(new Set(widths).size, widths.length);
  assert.ok(edgeWidth(0, 0) > 0);
});

test('names are text, whatever is in them', () => {
  const names = [
    '</text><script>alert(1)</script>',
    '"&amp;\'<!--',
    'a\0b\u0007\ud800c\uffff',
    'x'.repeat(5000),
    '一二'.repeat(300),
  ];
  for (const name of names) {
    const columns = [{ name, type: INTEGER }];
    const values: PhysicalNode = { kind: 'values', id: 1, columns, estimatedRows: 1, rows: [] };
    const plan: PhysicalNode = {
      kind: 'project',
      id: 2,
      columns,
      estimatedRows: 1,
      input: { ...values, origin: { table: name, files: 1, totalFiles: 1 } },
      expressions: [{ kind: 'constant', type: INTEGER, value: 1 }],
    };
    const svg = explainPlanAsSvg(plan, { verbose: true });
    assertWellFormed(svg);
    assert.ok(!svg.includes('<script'));
    assert.ok([...svg].every((character) => character >= ' ' || character === '\n'));
    assert.doesNotMatch(svg, /[\ufffe\uffff]|\p{Surrogate}/u);
    assert.ok(Number(/width="(\d+)"/.exec(svg)![1]) < 800);
  }
  assert.equal(escapeXml('a <b> & "c"\t\0'), 'a &lt;b&gt; &amp; &quot;c&quot;\t\ufffd');
});

test('text is cut where it does not fit', () => {
  assert.equal(fitText('short', 10), 'short');
  const cut = fitText('a text that is much too long', 8);
  assert.match(cut, /^a text.*…$/);
  assert.ok(widthOfText(cut) <= 8);
});

interface TestBox {
  readonly width: number;
  readonly height: number;
  readonly inputs: readonly TestBox[];
}

test('boxes do not overlap, and are in the middle over their inputs', () => {
  const leaf = (width: number): TestBox => ({ width, height: 10, inputs: [] });
  const chain = (depth: number): TestBox =>
    depth === 0 ? leaf(300) : { width: 20, height: 30, inputs: [chain(depth - 1)] };
  const root: TestBox = {
    width: 50,
    height: 20,
    inputs: [
      { width: 40, height: 5, inputs: [leaf(200), leaf(10)] },
      chain(3),
      { width: 400, height: 9, inputs: [leaf(30)] },
    ],
  };
  const { root: placed, width, height } = layOutTree(root, { across: 8, down: 12 });
  const all = (box: PlacedBox<TestBox>): readonly PlacedBox<TestBox>[] => [box, ...box.inputs.flatMap(all)];
  const boxes = all(placed);
  const isApart = (a: PlacedBox<TestBox>, b: PlacedBox<TestBox>): boolean =>
    a.x + a.box.width + 8 <= b.x + 1e-9 ||
    b.x + b.box.width + 8 <= a.x + 1e-9 ||
    a.y + a.box.height + 12 <= b.y ||
    b.y + b.box.height + 12 <= a.y;
  for (const box of boxes) assert.ok(boxes.every((other) => box === other || isApart(box, other)));
  const middle = ({ x, box }: PlacedBox<TestBox>): number => x + box.width / 2;
  for (const box of boxes.filter(({ inputs }) => inputs.length > 0)) {
    assert.ok(Math.abs(middle(box) - (middle(box.inputs[0]!) + middle(box.inputs.at(-1)!)) / 2) < 1e-9);
  }
  assert.ok(Math.abs(Math.min(...boxes.map(({ x }) => x))) < 1e-9);
  assert.ok(Math.abs(Math.max(...boxes.map(({ x, box }) => x + box.width)) - width) < 1e-9);
  assert.equal(Math.max(...boxes.map(({ y, box }) => y + box.height)), height);
});
