import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { COST_PHASES, LOGICAL_PHASES } from '../../../src/planner/optimizer/phases.js';

const root = new URL('../../../../', import.meta.url);
const page = new URL('docs/optimizer-rules.md', root);
const rules = [
  ...new Map(
    [...LOGICAL_PHASES, ...COST_PHASES].flatMap((phase) => phase.rules).map((rule) => [rule.name, rule]),
  ).values(),
];

function tableOfRules(): string {
  const rows = rules.map(({ name, description }) => [`\`${name}\``, description]);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[], fill = ' '): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!, fill)).join(' | ')} |`;
  return [line(['rule', 'what it does']), line(['', ''], '-'), ...rows.map((row) => line(row))].join('\n');
}

test('the page of rules lists every rule of the optimizer (UPDATE=1 rewrites it)', () => {
  const text = readFileSync(page, 'utf8');
  const expected = text.replace(
    /<!-- rules -->[\s\S]*<!-- \/rules -->/,
    () => `<!-- rules -->\n\n${tableOfRules()}\n\n<!-- /rules -->`,
  );
  if (process.env.UPDATE === '1') writeFileSync(page, expected);
  else assert.equal(text, expected);
});

test('every rule has a file of its name, and every file of a rule is listed', () => {
  const files = readdirSync(new URL('src/planner/optimizer/rules/', root)).map((file) => file.replace(/\.ts$/, ''));
  assert.deepEqual(files.sort(), rules.map(({ name }) => name).sort());
});

test('every rule has plans in which it must change something, and in which it must not', () => {
  const cases = readdirSync(new URL('test/plans/cases/', root)).map((file) =>
    readFileSync(new URL(`test/plans/cases/${file}`, root), 'utf8'),
  );
  const named = (option: string): Set<string> =>
    new Set(
      cases.flatMap((text) =>
        [...text.matchAll(new RegExp(`^plan.* ${option}=(\\S+)`, 'gm'))].flatMap(([, list]) => list!.split(',')),
      ),
    );
  // Every plan has a projection at its root, most often one that changes nothing.
  const alwaysFires = 'merge-projects';
  const [fired, spared] = [named('expect'), named('expect-not')];
  assert.deepEqual(
    rules.map(({ name }) => name).filter((name) => !fired.has(name) || (!spared.has(name) && name !== alwaysFires)),
    [],
  );
});
