import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { PGlite } from '@electric-sql/pglite';
import fc from 'fast-check';
import type { MillraceError } from '../../../src/common/errors.js';
import { compileRegex } from '../../../src/functions/regex/compile-regex.js';
import { openPostgres } from '../../support/open-postgres.js';
import { regexFlags, regexPattern, regexText } from '../../support/regex-arbitraries.js';

type Case = readonly [text: string, pattern: string, flags: string];

const quoted = (text: string | undefined): string => (text === undefined ? '-' : JSON.stringify(text));

/** Where the match is, and what the parentheses matched. */
function ours([text, pattern, flags]: Case): string {
  try {
    const { matcher } = compileRegex({ pattern, flags });
    const characters = [...text];
    const match = matcher.find(
      characters.map((character) => character.codePointAt(0)!),
      0,
    );
    if (match === undefined) return 'none';
    const parts = match.map((part) => quoted(part && characters.slice(part[0], part[1]).join('')));
    return `${match[0]![0] + 1} ${parts.slice(matcher.captures > 0 ? 1 : 0).join(' ')}`;
  } catch (error) {
    return `${(error as MillraceError).code} ${(error as Error).message}`;
  }
}

/** Many cases in one query. */
async function ofPostgres(cases: readonly Case[]): Promise<string[]> {
  const columns = [0, 1, 2].map((place) => cases.map((one) => one[place]!));
  const sql = 'select found(t, p, f) as found from unnest($1::text[], $2::text[], $3::text[]) as c (t, p, f)';
  const { rows } = await postgres.query<{ found: string | null }>(sql, columns);
  return rows.map(({ found }) => {
    if (found === null || !found.startsWith('{')) return found ?? 'none';
    const { at, parts } = JSON.parse(found) as { at: number; parts: (string | null)[] };
    return `${at} ${parts.map((part) => quoted(part ?? undefined)).join(' ')}`;
  });
}

let postgres: PGlite;
before(async () => {
  postgres = await openPostgres();
  await postgres.exec(`
    create function found(t text, p text, f text) returns text language plpgsql as $$
    begin
      return (select json_build_object('at', regexp_instr(t, p, 1, 1, 0, f), 'parts', m)
              from regexp_match(t, p, f) as m where m is not null);
    exception when others then
      return sqlstate || ' ' || sqlerrm;
    end $$`);
});
after(() => postgres.close());

test('regular expressions find what PostgreSQL finds, with all that parentheses matched', async () => {
  const seed = Number(process.env.PROPERTY_SEED ?? 1);
  const numRuns = Number(process.env.RUNS ?? 1500);
  const cases = fc.sample(fc.tuple(regexText, regexPattern('all'), regexFlags), { numRuns, seed });
  const expected = await ofPostgres(cases);
  cases.forEach((one, index) => {
    assert.equal(ours(one), expected[index], `${JSON.stringify(one)} (PROPERTY_SEED=${seed})`);
  });
});

test('patterns that are none are refused as PostgreSQL refuses them', async () => {
  const patterns = [
    ...[
      '(',
      ')',
      'a)',
      '(a',
      '[',
      '[a',
      '[]',
      '[^]',
      'a**',
      '*a',
      '|*',
      '(*a)',
      '^*',
      '$+',
      '\\y*',
      'a{2,1}',
      'a{256}',
    ],
    ...[
      'a{1',
      'a{1,',
      'a{1x}',
      'a{',
      'a{,2}',
      '{1}',
      '[b-a]',
      '[a-c-e]',
      '[[:nope:]]',
      '[[.ab.]]',
      '[[=ab=]]',
      '[[:al',
    ],
    ...[
      '\\',
      'a\\',
      '\\q',
      '\\xg',
      '\\u12',
      '\\1',
      '(a)\\2',
      '(\\1)',
      '\\0',
      '\\12',
      '(?',
      '(?<a)',
      '(?z)a',
      '(?i',
      '***a',
    ],
    ...[
      '***:a',
      '***=a.b',
      '(?i)A',
      '(?q)a.b',
      '(?x)a b # c',
      '(?#none)a',
      'a(?#',
      '[a-]',
      '[-a]',
      '[]a]',
      '[^]a]',
      '[--/]',
    ],
    ...[
      '[[:<:]]a',
      'a[[:>:]]',
      '[[:alpha:]-z]',
      '[a-[:digit:]]',
      '[\\d]',
      '[\\D]',
      '[\\y]',
      '[\\w-z]',
      '\\e\\a\\cA\\t\\B',
    ],
    ...[
      'a||b',
      '()',
      '(|a)',
      'a|',
      '|',
      '',
      '\\Aa\\Z',
      '(?:a|b){2}?',
      '(?=a)',
      '(?=a)*',
      '(?<=a)b',
      '(?<!a)b',
      '(?:$)*',
    ],
    ...[
      'a{0}',
      'a{0,0}b',
      '(a){0}b',
      '(a){0}\\1',
      '\\x61',
      '\\u0061',
      '\\U00000061',
      '\\141',
      '[\\x61-\\x63]',
      '(?n)^a$.',
    ],
  ];
  const texts = ['a', 'ab', 'A\nb', 'a.b'];
  const cases = patterns.flatMap((pattern) => texts.map((text): Case => [text, pattern, '']));
  const expected = await ofPostgres(cases);
  const differing = cases.map((one, index) => [...one, ours(one), expected[index]!] as const);
  assert.deepEqual(
    differing.filter(([, , , actual, wanted]) => actual !== wanted),
    [],
  );
});
