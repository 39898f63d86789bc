import type { FuzzType } from './fuzz-types.js';
import type { Bounds, ScalarTemplate } from './scalar-templates.js';

const fixed = (limit: number) => (): Bounds => ({ limit, scale: 0 });
/** A value that is, or is made of, elements of the first operand. */
const ofArray = ([array]: readonly Bounds[]): Bounds => ({ limit: array!.limit, scale: 0 });
const ofBoth = (operands: readonly Bounds[]): Bounds => ({
  limit: Math.max(...operands.map(({ limit }) => limit)),
  scale: 0,
});

function arrayTemplates(array: FuzzType, element: FuzzType): ScalarTemplate[] {
  const pair = { arguments: [array, element] } as const;
  const two = { arguments: [array, array] } as const;
  return [
    { sql: '$0 || $1', ...two, result: array, bounds: ofBoth, fallible: true },
    { sql: 'array[$0, $1]', arguments: [element, element], result: array, bounds: ofBoth },
    { sql: 'array_remove($0, $1)', ...pair, result: array, bounds: ofArray, fallible: true },
    { sql: 'array_append($0, $1)', ...pair, result: array, bounds: ofBoth, fallible: true },
    { sql: 'array_replace($0, $1, $1)', ...pair, result: array, bounds: ofBoth },
    { sql: '($0)[2:3]', arguments: [array], result: array, bounds: ofArray },
    { sql: '($0)[1]', arguments: [array], result: element, bounds: ofArray },
    { sql: 'cardinality($0)', arguments: [array], result: 'integer', bounds: fixed(1000) },
    { sql: 'coalesce(array_length($0, 1), 0)', arguments: [array], result: 'integer', bounds: fixed(1000) },
    { sql: 'array_position($0, $1)', ...pair, result: 'integer', fallible: true },
    { sql: "array_to_string($0, ',', '*')", arguments: [array], result: 'text', bounds: fixed(500) },
    { sql: '$0::text', arguments: [array], result: 'text', bounds: fixed(500) },
    { sql: '$1 = any($0)', ...pair, result: 'boolean' },
    { sql: '$1 < any($0)', ...pair, result: 'boolean' },
    { sql: '$1 <> all($0)', ...pair, result: 'boolean' },
    { sql: '$0 @> $1', ...two, result: 'boolean' },
    { sql: '$0 <@ $1', ...two, result: 'boolean' },
    { sql: '$0 && $1', ...two, result: 'boolean' },
    { sql: 'to_jsonb($0)', arguments: [array], result: 'jsonb', bounds: fixed(0) },
  ];
}

const JSON_TEMPLATES: readonly ScalarTemplate[] = [
  ...(['integer', 'text', 'boolean'] as const).map(
    (type): ScalarTemplate => ({ sql: 'to_jsonb($0)', arguments: [type], result: 'jsonb', bounds: fixed(0) }),
  ),
  { sql: "jsonb_build_object('a', $0, 'b', $1)", arguments: ['integer', 'text'], result: 'jsonb', bounds: fixed(0) },
  { sql: 'jsonb_build_array($0, $1)', arguments: ['jsonb', 'integer'], result: 'jsonb', bounds: fixed(0) },
  { sql: "$0 -> 'a'", arguments: ['jsonb'], result: 'jsonb' },
  { sql: '$0 -> 0', arguments: ['jsonb'], result: 'jsonb' },
  { sql: '$0 || $1', arguments: ['jsonb', 'jsonb'], result: 'jsonb' },
  { sql: 'jsonb_strip_nulls($0)', arguments: ['jsonb'], result: 'jsonb' },
  { sql: "$0 #> '{a,b}'", arguments: ['jsonb'], result: 'jsonb' },
  { sql: "$0 - 'a'", arguments: ['jsonb'], result: 'jsonb', fallible: true },
  { sql: '$0 - 0', arguments: ['jsonb'], result: 'jsonb', fallible: true },
  { sql: 'jsonb_array_length($0)', arguments: ['jsonb'], result: 'integer', fallible: true },
  { sql: "jsonb_set($0, '{a}', $1)", arguments: ['jsonb', 'jsonb'], result: 'jsonb', fallible: true },
  { sql: '$0::integer', arguments: ['jsonb'], result: 'integer', fallible: true },
  { sql: "$0 ->> 'a'", arguments: ['jsonb'], result: 'text', bounds: fixed(500) },
  { sql: '$0::text', arguments: ['jsonb'], result: 'text', bounds: fixed(500) },
  { sql: 'jsonb_typeof($0)', arguments: ['jsonb'], result: 'text', bounds: fixed(7) },
  { sql: "$0 ? 'a'", arguments: ['jsonb'], result: 'boolean' },
  { sql: '$0 @> $1', arguments: ['jsonb', 'jsonb'], result: 'boolean' },
  { sql: '$0 <@ $1', arguments: ['jsonb', 'jsonb'], result: 'boolean' },
];

export const NESTED_TEMPLATES: readonly ScalarTemplate[] = [
  ...arrayTemplates('integer[]', 'integer'),
  ...arrayTemplates('text[]', 'text'),
  { sql: "string_to_array($0, '_')", arguments: ['text'], result: 'text[]' },
  { sql: '$0::text[]', arguments: ['integer[]'], result: 'text[]', bounds: fixed(11) },
  ...JSON_TEMPLATES,
];
