import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { openFileLake } from '../../support/file-lake.js';

test('dialects, headers and types are sniffed', async (context) => {
  const lake = await openFileLake(context);
  const describe = async (content: string | Uint8Array, name = 'x.csv'): Promise<string> => {
    lake.write(name, content);
    return (await lake.rows(`describe '@${name}'`)).map(([column, type]) => `${column} ${type}`).join(', ');
  };
  const cases: readonly [string, string][] = [
    ['a,b\n1,x\n', 'a bigint, b text'],
    ['1,x\n2,y\n', 'column0 bigint, column1 text'],
    ['a;b\n1,5;2\n', 'a text, b bigint'],
    ['a\tb\n1.5\t2e3\n', 'a double precision, b double precision'],
    ['a|b\n2024-01-01|12:30\n', 'a date, b time without time zone'],
    ['a,b\n2024-01-01 10:00,2024-01-01T10:00:00Z\n', 'a timestamp without time zone, b timestamp with time zone'],
    ['a,b\n2024-01-01,true\n2024-01-01 10:00:00.5,F\n', 'a timestamp without time zone, b boolean'],
    ['a\n99999999999999999999\n', 'a numeric(38,0)'],
    ['name,city\nAnn,Rome\n', 'name text, city text'],
    ['a,a,\n1,2,3\n', 'column0 text, column1 text, column2 bigint'],
    ['\ufeffa,b\r\n1,2\r\n', 'a bigint, b bigint'],
    ["a,b\n'x,y',2\n", 'a text, b bigint'],
    ['a,b\n"x,y",2\n', 'a text, b bigint'],
    ['a,b\n,\n,2\n', 'a text, b bigint'],
    ['only\n1\n\n2\n', 'only bigint'],
  ];
  for (const [content, expected] of cases) assert.equal(await describe(content), expected, content);
  assert.equal(await describe(gzipSync('a,b\n1,2\n'), 'x.csv.gz'), 'a bigint, b bigint');
});

test('values, NULLs, quotes and line ends are read', async (context) => {
  const lake = await openFileLake(context);
  lake.write(
    'nasty.csv',
    'id,text,amount,day,at,ok\r\n1,"a ""quoted"", one",1.50,2024-02-29,2024-02-29 12:34:56.789,true\r\n' +
      '2,"two\nlines",-0.05,1999-12-31,1999-12-31T00:00,f\r\n3,5" pipe,,,,\r\n4,"",1e3,2000-01-01,2000-01-01,t\r\n' +
      '5,žluť 🎉,7,2000-01-01,2000-01-01,t',
  );
  assert.deepEqual(await lake.rows(`select * from '@nasty.csv' order by id`), [
    ['1', 'a "quoted", one', '1.5', '2024-02-29', '2024-02-29 12:34:56.789', 't'],
    ['2', 'two\nlines', '-0.05', '1999-12-31', '1999-12-31 00:00:00', 'f'],
    ['3', '5" pipe', null, null, null, null],
    ['4', '', '1000', '2000-01-01', '2000-01-01 00:00:00', 't'],
    ['5', 'žluť 🎉', '7', '2000-01-01', '2000-01-01 00:00:00', 't'],
  ]);
  assert.deepEqual(await lake.rows(`select count(*), sum(id) from '@nasty.csv' where ok`), [['3', '10']]);
  assert.deepEqual(await lake.rows(`select sum(amount) from read_csv('@nasty.csv', types => 'amount numeric(10,2)')`), [
    ['1008.45'],
  ]);
  lake.write('null.csv', 'a,b\nNA,1\n"NA",2\n-,3\n');
  assert.deepEqual(await lake.rows(`select a from read_csv('@null.csv', nullstr => array['NA', '-']) order by b`), [
    [null],
    ['NA'],
    [null],
  ]);
  lake.write('other.csv', "# comment\n'it\\'s';1\n'a;b';2\n");
  assert.deepEqual(
    await lake.rows(
      `select * from read_csv('@other.csv', delim => ';', quote => '''', escape => '\\', skip => 1, header => false,
         columns => 'word varchar(2), n interval')`,
    ),
    [
      ['it', '00:00:01'],
      ['a;', '00:00:02'],
    ],
  );
});

test('instants without an offset are by the clocks of the session', async (context) => {
  const lake = await openFileLake(context);
  lake.write(
    'at.csv',
    'n,at,more\n1,2024-07-01 12:00:00Z,"{2024-07-01 12:00}"\n2,2024-07-01 12:00:00+02,\n3,2024-07-01 12:00:00,\n' +
      '4,"Jan 1, 2024 12:00",{}\n5,2024-03-31 02:30,\n6,2024-01-01T12:00:00.5 America/New_York,\n7,2024-07-01,\n8,,\n',
  );
  lake.write('at.jsonl', '{"n":1,"at":"2024-07-01 12:00"}\n{"n":2,"at":"2024-07-01T12:00:00Z"}\n{"n":3,"at":null}\n');
  const select = "select at from read_csv('@at.csv', types => 'at timestamptz') order by n";
  const berlin = [
    ['2024-07-01 14:00:00+02'],
    ['2024-07-01 12:00:00+02'],
    ['2024-07-01 12:00:00+02'],
    ['2024-01-01 12:00:00+01'],
    ['2024-03-31 03:30:00+02'],
    ['2024-01-01 18:00:00.5+01'],
    ['2024-07-01 00:00:00+02'],
    [null],
  ];
  const utc = ['2024-07-01 12:00:00+00', '2024-07-01 10:00:00+00', '2024-07-01 12:00:00+00', '2024-01-01 12:00:00+00'];
  assert.deepEqual(
    (await lake.rows(select)).slice(0, 4),
    utc.map((text) => [text]),
  );
  await lake.rows("set time zone 'Europe/Berlin'");
  assert.deepEqual(await lake.rows(select), berlin);
  assert.deepEqual(
    await lake.rows("select more from read_csv('@at.csv', types => 'at text, more timestamptz[]') order by n limit 1"),
    [['{"2024-07-01 12:00:00+02"}']],
  );
  const ofJson = [['2024-07-01 12:00:00+02'], ['2024-07-01 14:00:00+02'], [null]];
  assert.deepEqual(
    await lake.rows("select at from read_json('@at.jsonl', types => 'at timestamptz') order by n"),
    ofJson,
  );
  await lake.rows('create table t (n int, at timestamptz, more timestamptz[]); create table j (n int, at timestamptz)');
  await lake.rows("copy t from '@at.csv' (format csv, header); copy j from '@at.jsonl' (format json)");
  assert.deepEqual(await lake.rows('select at from t order by n'), berlin);
  assert.deepEqual(await lake.rows('select at from j order by n'), ofJson);
  assert.deepEqual(await lake.rows('select more from t where more is not null order by n'), [
    ['{"2024-07-01 12:00:00+02"}'],
    ['{}'],
  ]);
  await lake.rows("copy t to '@copy.csv'; create table u (n int, at timestamptz, more timestamptz[])");
  await lake.rows("set time zone 'Asia/Tokyo'; copy u from '@copy.csv'");
  assert.deepEqual(await lake.rows('select count(*) from t join u using (n) where t.at is not distinct from u.at'), [
    ['8'],
  ]);
  lake.write('bad.csv', 'at\n2024-07-01 12:00\nsoon\n');
  const bad = await lake.error("select * from read_csv('@bad.csv', types => 'at timestamptz', header => true)");
  assert.equal(bad.code, '22007');
  assert.equal(bad.detail, `File "${lake.folder}/bad.csv", line 3, column "at": "soon".`);
});

test('several files, folders that are columns, and columns put together by name', async (context) => {
  const lake = await openFileLake(context);
  lake.write('d/day=2024-01-01/x.csv', 'a,b\n1,x\n');
  lake.write('d/day=2024-01-02/x.csv', 'a,b\n2,y\n');
  assert.deepEqual(await lake.rows(`select a, b, day from '@d/*/*.csv' order by a`), [
    ['1', 'x', '2024-01-01'],
    ['2', 'y', '2024-01-02'],
  ]);
  const [plan] = [await lake.rows(`explain select a from '@d/*/*.csv' where day = date '2024-01-02'`)];
  assert.match(plan.join('\n'), /Files: 1 of 2/);
  assert.deepEqual(
    await lake.rows(`select a, filename like '%01-02/x.csv' from read_csv('@d/*/*.csv', filename => true) order by a`),
    [
      ['1', 'f'],
      ['2', 't'],
    ],
  );
  lake.write('u1.csv', 'a,b\n1,x\n');
  lake.write('u2.csv', 'b,c\ny,2.5\n');
  assert.deepEqual(
    await lake.rows(`select * from read_csv(array['@u1.csv', '@u2.csv'], union_by_name => true) order by b`),
    [
      ['1', 'x', null],
      [null, 'y', '2.5'],
    ],
  );
  const { code, message } = await lake.error(`select * from read_csv(array['@u1.csv', '@u2.csv'])`);
  assert.equal(code, '42804');
  assert.match(message, /different columns/);
});

test('what cannot be read is reported with file, line and column, or left out', async (context) => {
  const lake = await openFileLake(context);
  const many = Array.from({ length: 30_000 }, (_, index) => `${index},"line\n${index}",x`).join('\n');
  lake.write('late.csv', `a,b,c\n${many}\nlate,b,c\n7,b,c\n`);
  const late = await lake.error(`select sum(a) from '@late.csv'`);
  assert.equal(late.code, '22P02');
  assert.equal(late.message, 'invalid input syntax for type bigint: "late"');
  assert.equal(late.detail, `File "${lake.folder}/late.csv", line 60002, column "a": "late".`);
  assert.match(late.hint ?? '', /types => 'a text'/);
  assert.deepEqual(await lake.rows(`select count(*), max(a) from read_csv('@late.csv', ignore_errors => true)`), [
    ['30001', '29999'],
  ]);
  lake.write('few.csv', 'a,b\n1,2\n3\n4,5\n');
  const few = await lake.error(`select * from '@few.csv'`);
  assert.equal(few.code, '22P04');
  assert.equal(few.detail, `File "${lake.folder}/few.csv", line 3: "3".`);
  assert.deepEqual(await lake.rows(`select * from read_csv('@few.csv', null_padding => true) order by a`), [
    ['1', '2'],
    ['3', null],
    ['4', '5'],
  ]);
  lake.write('more.csv', 'a,b\n1,2\n3,4,5\n6,7\n');
  assert.match((await lake.error(`select * from '@more.csv'`)).message, /extra data after last expected column/);
  assert.deepEqual(await lake.rows(`select a from read_csv('@more.csv', ignore_errors => true) order by a`), [
    ['1'],
    ['6'],
  ]);
  lake.write('open.csv', 'a,b\n1,"x\n2,y\n');
  assert.match((await lake.error(`select * from read_csv('@open.csv', quote => '"')`)).message, /unterminated/);
  lake.write('after.csv', 'a,b\n1,"x"y\n2,z\n');
  assert.match((await lake.error(`select * from '@after.csv'`)).message, /data after the closing quote/);
  lake.write('latin.csv', Buffer.from('a,b\n1,caf\xe9\n', 'latin1'));
  const latin = await lake.error(`select * from '@latin.csv'`);
  assert.equal(latin.code, '22021');
  assert.match(latin.detail ?? '', /line 2/);
  for (const [options, code] of [
    ['nosuch => 1', '22023'],
    ["delim => ';;'", '22023'],
    ["types => 'nosuch integer'", '42703'],
    ["types => 'a nosuch'", '22023'],
    ['header => 3', '22023'],
  ]) {
    assert.equal((await lake.error(`select * from read_csv('@few.csv', ${options})`)).code, code, options);
  }
  assert.equal((await lake.error(`select * from '@nosuch.csv'`)).code, '58P01');
});

test('a file of several stretches is read as a whole one', async (context) => {
  const lake = await openFileLake(context);
  const rowCount = 250_000;
  const lines: string[] = ['id,text,n'];
  let sum = 0;
  for (let id = 0; id < rowCount; id++) {
    const text = id % 7 === 0 ? `"a ""b"",\n,${id}\n"` : id % 11 === 0 ? `"${'x,'.repeat(50)}"` : `plain ${id}`;
    lines.push(`${id},${text},${id % 1000}`);
    sum += id % 1000;
  }
  const content = `${lines.join('\n')}\n`;
  assert.ok(content.length > 5_000_000, 'several stretches');
  lake.write('big.csv', content);
  lake.write('big.csv.gz', gzipSync(content, { level: 1 }));
  for (const name of ['big.csv', 'big.csv.gz']) {
    assert.deepEqual(
      await lake.rows(`select count(*), count(distinct id), sum(n), sum(length(text)) from '@${name}'`),
      [
        [
          String(rowCount),
          String(rowCount),
          String(sum),
          String(
            Array.from({ length: rowCount }, (_, id) =>
              id % 7 === 0 ? 9 + String(id).length : id % 11 === 0 ? 100 : 6 + String(id).length,
            ).reduce((total, length) => total + length, 0),
          ),
        ],
      ],
      name,
    );
  }
  assert.deepEqual(await lake.rows(`select count(*) from (select * from '@big.csv' limit 10) t`), [['10']]);
});
