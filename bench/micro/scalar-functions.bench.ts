// ns per row of functions over flat columns without NULLs: `npm run bench -- micro scalar-functions`.
import { ExpressionContext } from '../../src/exec/expression/expression-context.js';
import { Projector } from '../../src/exec/expression/projector.js';
import { writeValue } from '../../src/exec/expression/value-codec.js';
import { resolveScalarFunction } from '../../src/functions/registry.js';
import { loadKernels } from '../../src/kernels/kernels.js';
import type { ConstantValue, Expression } from '../../src/planner/expression.js';
import {
  BYTEA,
  DATE,
  DOUBLE,
  decimal,
  INTEGER,
  physicalTypeOf,
  type SqlType,
  TEXT,
  TIMESTAMP,
} from '../../src/types/sql-type.js';
import { Scope } from '../../src/vector/scope.js';
import { SharedMemory } from '../../src/vector/shared-memory.js';
import { BATCH_ROWS, type Batch, Vector } from '../../src/vector/vector.js';
import { createRandomStream, drawInteger } from '../tpch/random.js';
import { compareCandidates, type MicroBenchmark } from './micro-benchmark.js';

const words = 'carefully quickly special requests Deposits FURIOUSLY accounts pending ideas sleep express'.split(' ');

export const benchmark: MicroBenchmark = async () => {
  const shared = SharedMemory.create(256 * 2 ** 20);
  const scope = new Scope(shared, shared.createOwner());
  const context = new ExpressionContext({ shared, kernels: loadKernels(shared.memory), scope });
  const random = createRandomStream('micro scalar functions');
  let draws = 0;
  const draw = (most: number): number => drawInteger(random, draws++, 0, most);
  const sentence = (): string => Array.from({ length: 4 }, () => words[draw(words.length - 1)]!).join(' ');
  const pad = (value: number): string => String(value).padStart(2, '0');
  const day = (): string => `20${pad(draw(29))}-${pad(1 + draw(11))}-${pad(1 + draw(27))}`;
  const columns: readonly [SqlType, () => ConstantValue][] = [
    [TEXT, sentence],
    [TIMESTAMP, () => BigInt(draw(1_700_000_000)) * 1_000_000n + BigInt(draw(999_999))],
    [TEXT, () => `${day()} ${pad(draw(23))}:${pad(draw(59))}:${pad(draw(59))}`],
    [TEXT, () => `${draw(1_000_000)}.${pad(draw(99))}`],
    [DOUBLE, () => draw(100_000_000) / 1000],
    [TEXT, () => `${draw(999)}/${draw(999)}/${draw(999)}`],
    [TEXT, day],
    [TEXT, () => String(draw(1_000_000))],
    [INTEGER, () => draw(1_000_000)],
  ];
  const batch: Batch = {
    rowCount: BATCH_ROWS,
    columns: columns.map(([type, make]) => {
      const vector = new Vector(physicalTypeOf(type));
      const data = scope.allocate(BATCH_ROWS * 16);
      const width = vector.physical === 'string' ? 16 : vector.physical === 'i32' ? 4 : 8;
      for (let row = 0; row < BATCH_ROWS; row++) {
        writeValue(shared, data + row * width, type, make()!, (byteLength) => scope.allocate(byteLength));
      }
      vector.setFlat(data, 0);
      return vector;
    }),
  };
  const ref = (column: number): Expression => ({ kind: 'column', type: columns[column]![0], column });
  const text = (value: string): Expression => ({ kind: 'constant', type: TEXT, value });
  const integer = (value: number): Expression => ({ kind: 'constant', type: INTEGER, value });
  const cast = (input: Expression, type: SqlType): Expression => ({ kind: 'cast', type, input });
  const call = (name: string, ...args: Expression[]): Expression => {
    const { overload, returns } = resolveScalarFunction(
      name,
      args.map((arg) => arg.type),
    );
    return { kind: 'call', type: returns, overload, args };
  };
  const [sentences, times, timeTexts, numberTexts, doubles, paths, dayTexts, digits, integers] = columns.map(
    (_, index) => ref(index),
  ) as [Expression, Expression, Expression, Expression, Expression, Expression, Expression, Expression, Expression];
  const expressions: readonly (readonly [string, Expression])[] = [
    ['length(text)', call('length', sentences)],
    ["date_trunc('month', timestamp)", call('date_trunc', text('month'), times)],
    ["date_trunc('hour', timestamp)", call('date_trunc', text('hour'), times)],
    ["date_part('year', timestamp)", call('date_part', text('year'), times)],
    ["replace(text, 'quick', 'slow')", call('replace', sentences, text('quick'), text('slow'))],
    ["text ILIKE '%special%requests%'", call('ilike', sentences, text('%special%requests%'))],
    ["text ILIKE 'd_p%'", call('ilike', sentences, text('d_p%'))],
    ["text LIKE '%!%%' ESCAPE '!'", call('like', sentences, text('%!%%'), text('!'))],
    ["text LIKE '%a_co%'", call('like', sentences, text('%a_co%'))],
    ["split_part(text, '/', 2)", call('split_part', paths, text('/'), integer(2))],
    ['text::timestamp', cast(timeTexts, TIMESTAMP)],
    ['text::date', cast(dayTexts, DATE)],
    ['text::double precision', cast(numberTexts, DOUBLE)],
    ['text::numeric(12,2)', cast(numberTexts, decimal(12, 2))],
    ['text::numeric(30,4)', cast(numberTexts, decimal(30, 4))],
    ['text::integer', cast(digits, INTEGER)],
    ["lpad(text, 8, '0')", call('lpad', digits, integer(8), text('0'))],
    ['rpad(text, 12)', call('rpad', digits, integer(12))],
    ['double::text', cast(doubles, TEXT)],
    ['double::numeric(12,2)', cast(doubles, decimal(12, 2))],
    ['upper(text)', call('upper', sentences)],
    ['concat(text, integer)', call('concat', dayTexts, text('-'), integers)],
    ["concat_ws('-', text, text)", call('concat_ws', text('-'), dayTexts, paths)],
    ["btrim(text, '0')", call('btrim', digits, text('0'))],
    ['reverse(text)', call('reverse', paths)],
    ['ascii(text)', call('ascii', sentences)],
    ["translate(text, 'abc', 'xyz')", call('translate', paths, text('abc'), text('xyz'))],
    ['initcap(text)', call('initcap', sentences)],
    ["to_char(timestamp, 'YYYY-MM')", call('to_char', times, text('YYYY-MM'))],
    ['md5(text)', call('md5', sentences)],
    ['sha1(text)', call('sha1', sentences)],
    ['sha2(text, 256)', call('sha2', sentences, integer(256))],
    ['crc32(text)', call('crc32', sentences)],
    ["encode(bytea, 'hex')", call('encode', cast(sentences, BYTEA), text('hex'))],
    ["encode(bytea, 'base64')", call('encode', cast(sentences, BYTEA), text('base64'))],
    ['to_hex(integer)', call('to_hex', integers)],
    ["contains(text, 'special')", call('contains', sentences, text('special'))],
    ["string_to_array(text, ' ')", call('string_to_array', sentences, text(' '))],
    ["regexp_split_to_array(text, ' +')", call('regexp_split_to_array', sentences, text(' +'))],
    ["regexp_match(text, '(\\w+) (\\w+)')", call('regexp_match', sentences, text('(\\w+) (\\w+)'))],
    ["regexp_matches(text, '(\\w+) (\\w+)', 'g')", call('regexp_matches', sentences, text('(\\w+) (\\w+)'), text('g'))],
    ["array_to_string(array, '-')", call('array_to_string', call('string_to_array', paths, text('/')), text('-'))],
    ["to_date(text, 'YYYY-MM-DD')", call('to_date', dayTexts, text('YYYY-MM-DD'))],
    ["to_timestamp(text, 'YYYY-MM-DD HH24:MI:SS')", call('to_timestamp', timeTexts, text('YYYY-MM-DD HH24:MI:SS'))],
    ["to_char(integer, 'FM999,999')", call('to_char', integers, text('FM999,999'))],
    ["to_char(double, '999,999,990.00')", call('to_char', doubles, text('999,999,990.00'))],
    ['levenshtein(text, text)', call('levenshtein', dayTexts, paths)],
    ["next_day(date, 'Mon')", call('next_day', cast(dayTexts, DATE), text('Mon'))],
    ['months_between(timestamp, timestamp)', call('months_between', times, times)],
    ['atan2(double, double)', call('atan2', doubles, doubles)],
    ['cbrt(double)', call('cbrt', doubles)],
    ['isnan(double)', call('isnan', doubles)],
    ['gcd(integer, integer)', call('gcd', integers, integers)],
  ];
  const candidates = expressions.map(([name, expression]) => {
    const projector = new Projector(context, [expression]);
    return { name, run: () => projector.evaluate(batch)[0]!.data };
  });
  const figures = compareCandidates(candidates, {
    title: 'functions of flat columns',
    rowCount: BATCH_ROWS,
    rounds: 5,
    roundMs: 10,
  });
  scope.free();
  return figures;
};
