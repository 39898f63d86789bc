import type { SqlType } from '../../types/sql-type.js';
import type { AggregateFunction, FunctionExample, JsonWrapping } from '../function-types.js';

type Prefix = 'json' | 'jsonb';

/** `json_x` and `jsonb_x`: texts that become one. */
function both(
  suffix: string,
  doc: string,
  wrapped: JsonWrapping,
  example: (prefix: Prefix) => FunctionExample,
): AggregateFunction[] {
  return (['json', 'jsonb'] as const).map((prefix): AggregateFunction => {
    const returns: SqlType = { kind: prefix };
    const args = wrapped.of === 'entries' ? (['any', 'any'] as const) : (['any'] as const);
    return {
      name: `${prefix}_${suffix}`,
      doc,
      example: example(prefix),
      overloads: [{ args, returns, accumulators: ['list'], finish: 'joined', ordered: 'list', wrapped }],
    };
  });
}

const pairs = "from (values ('a', 1), ('b', null)) as t (k, v)";
const values = "from (values ('b'), ('a'), (null)) as t (x)";
const written = (prefix: Prefix, ofJson: string, ofJsonb: string): string => (prefix === 'json' ? ofJson : ofJsonb);

export const jsonAggregates: readonly AggregateFunction[] = [
  ...both(
    'agg',
    'A JSON array of all values, NULLs included, in the order of its ORDER BY; NULL of no rows.',
    { of: 'elements' },
    (p) => ({ sql: `${p}_agg(x order by x) ${values}`, result: '["a", "b", null]' }),
  ),
  ...both(
    'agg_strict',
    'A JSON array of the values that are not NULL, in the order of its ORDER BY; NULL of no rows.',
    { of: 'elements', strict: true },
    (p) => ({ sql: `${p}_agg_strict(x order by x) ${values}`, result: '["a", "b"]' }),
  ),
  ...both('object_agg', 'A JSON object of keys and values; NULL of no rows.', { of: 'entries' }, (p) => ({
    sql: `${p}_object_agg(k, v order by k) ${pairs}`,
    result: written(p, '{ "a" : 1, "b" : null }', '{"a": 1, "b": null}'),
  })),
  ...both(
    'object_agg_strict',
    'A JSON object of keys and values, where these are not NULL; NULL of no rows.',
    { of: 'entries', strict: true },
    (p) => ({ sql: `${p}_object_agg_strict(k, v) ${pairs}`, result: written(p, '{ "a" : 1 }', '{"a": 1}') }),
  ),
  ...both(
    'object_agg_unique',
    'A JSON object of keys, which must differ, and values; NULL of no rows.',
    { of: 'entries', unique: true },
    (p) => ({
      sql: `${p}_object_agg_unique(k, v order by k) ${pairs}`,
      result: written(p, '{ "a" : 1, "b" : null }', '{"a": 1, "b": null}'),
    }),
  ),
  ...both(
    'object_agg_unique_strict',
    'A JSON object of keys, which must differ, and values, where these are not NULL; NULL of no rows.',
    { of: 'entries', strict: true, unique: true },
    (p) => ({ sql: `${p}_object_agg_unique_strict(k, v) ${pairs}`, result: written(p, '{ "a" : 1 }', '{"a": 1}') }),
  ),
];
