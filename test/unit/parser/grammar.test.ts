import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { defaultParserErrorProvider } from 'chevrotain';
import fc from 'fast-check';
import { MillraceError } from '../../../src/common/errors.js';
import { encodeDecisions } from '../../../src/parser/grammar/decision-tables.js';
import { generatedDecisions } from '../../../src/parser/grammar/generated-decisions.js';
import { SqlParser } from '../../../src/parser/grammar/sql-parser.js';
import { parseStatement, parseStatements } from '../../../src/parser/index.js';
import { keywordGroups } from '../../../src/parser/tokens/keywords.js';

test('chevrotain finds no ambiguity or other fault in the grammar', () => {
  assert.doesNotThrow(() => new SqlParser({ validate: true, errorMessageProvider: defaultParserErrorProvider }));
});

const queries = new URL('../../../../bench/tpch/queries/', import.meta.url);
for (const file of readdirSync(queries).filter((name) => name.endsWith('.sql'))) {
  test(`parses TPC-H ${file}`, () => {
    const sql = readFileSync(new URL(file, queries), 'utf8');
    assert.equal(parseStatement(sql).kind, 'queryStatement');
  });
}

/** Words that continue the expression before them, so that they are no alias without AS, in PostgreSQL neither. */
const continuing = new Set('and or is in like ilike similar between collate at'.split(' '));

test('every word that is not reserved is a column, table, function and alias name', () => {
  for (const { words, reserved, needsAs } of keywordGroups) {
    for (const word of words) {
      assert.doesNotThrow(() => parseStatements(`select 1 as ${word}, t.${word} from t`), word);
      if (!needsAs && !continuing.has(word)) assert.doesNotThrow(() => parseStatements(`select 1 ${word}`), word);
      if (reserved) continue;
      assert.doesNotThrow(() => parseStatements(`select ${word}, ${word} + 1 from ${word} as ${word}`), word);
      assert.doesNotThrow(() => parseStatements(`create table ${word} (${word} int)`), word);
      assert.doesNotThrow(() => parseStatements(`select 1 from t ${word}`), word);
    }
  }
});

const words = keywordGroups.flatMap((group) => group.words as readonly string[]);
const piece = fc.oneof(
  fc.constantFrom(...words),
  fc.constantFrom('select', 'from', 'a', 'b.c', '"Q"', "'s'", "E'\\n'", '$1', '$$x$$', '1', '2.5e3', '(select', 'int'),
  fc.constantFrom('(', ')', ',', '.', '*', '=', '<', '+', '-', '||', '::', ';', '[', ']', ':', '=>', '/*', '--', '\n'),
  fc.string({ maxLength: 3 }),
);

test('whatever the text, nothing but a MillraceError is thrown, with a position inside it', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
      const sql = pieces.join(' ');
      try {
        parseStatements(sql);
      } catch (thrown) {
        assert.ok(thrown instanceof MillraceError, String((thrown as Error).stack));
        assert.notEqual(thrown.kind, 'bug', thrown.stack);
        assert.ok(thrown.position !== undefined && thrown.position >= 0 && thrown.position <= sql.length);
      }
    }),
    { numRuns: 2000 },
  );
});

test('deleting or doubling a token of a real query never crashes the parser', () => {
  const texts = readdirSync(queries).map((name) => readFileSync(new URL(name, queries), 'utf8').split(/\s+/));
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.nat(400), fc.boolean(), (tokens, place, double) => {
      const index = place % tokens.length;
      const changed = tokens.toSpliced(index, 1, ...(double ? [tokens[index] as string, tokens[index] as string] : []));
      try {
        parseStatements(changed.join(' '));
      } catch (thrown) {
        assert.ok(thrown instanceof MillraceError && thrown.kind === 'user', String((thrown as Error).stack));
      }
    }),
    { numRuns: 200 },
  );
});

test('deep nesting is an error and not a crash; long chains are neither', () => {
  const deep = `select ${'('.repeat(50_000)}1${')'.repeat(50_000)}`;
  assert.throws(() => parseStatements(deep), { code: '54001' });
  assert.doesNotThrow(() => parseStatements(`select ${Array(20_000).fill('a').join(' and ')}`));
  assert.doesNotThrow(() => parseStatements(`select a in (${Array(20_000).fill('1').join(', ')})`));
});

test('the decisions that the build wrote are those of the grammar', () => {
  const recorded = new SqlParser({ validate: false, errorMessageProvider: defaultParserErrorProvider });
  assert.deepEqual(generatedDecisions, encodeDecisions(recorded.decisionFunctions));
  assert.ok(generatedDecisions.decisions.length > 200);
});
