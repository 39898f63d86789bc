import { BOOLEAN, TEXT } from '../../../types/sql-type.js';
import type { ScalarFunction } from '../../function-types.js';
import * as js from './json-functions-js.js';
import { finding, JSONB, kernelOr, ofJsonb, one, same } from './json-overloads.js';

export const jsonOperators: readonly ScalarFunction[] = [
  one(
    '->',
    'An element of a JSON array, from 0 or from the end, or a field of an object.',
    `'{"a": [1, 2]}'::jsonb -> 'a'`,
    '[1, 2]',
    [...finding('jsonMember', ['text'], same, js.arrow), ...finding('jsonElement', ['integer'], same, js.arrow)],
  ),
  one('->>', 'The same as text: strings without quotes, and NULL for null.', `'{"a": "b"}'::json ->> 'a'`, 'b', [
    ...finding('jsonMember', ['text'], TEXT, js.arrowText),
    ...finding('jsonElement', ['integer'], TEXT, js.arrowText),
  ]),
  one(
    '#>',
    'What lies at a path of keys and indexes.',
    `'{"a": [1, {"b": 2}]}'::jsonb #> '{a,1}'`,
    '{"b": 2}',
    finding('jsonAtPath', ['array'], same, js.path),
  ),
  one(
    '#>>',
    'The same as text.',
    `'{"a": [1, {"b": 2}]}'::jsonb #>> '{a,1,b}'`,
    '2',
    finding('jsonAtPath', ['array'], TEXT, js.pathText),
  ),
  one('@>', 'Does the first JSON value contain the second?', `'{"a": 1, "b": 2}'::jsonb @> '{"a": 1}'`, 't', [
    ofJsonb(['jsonb'], BOOLEAN, kernelOr('jsonContains', js.contains)),
  ]),
  one('<@', 'Is the first JSON value contained in the second?', `'1'::jsonb <@ '[1, 2]'`, 't', [
    ofJsonb(['jsonb'], BOOLEAN, kernelOr('jsonIsContained', js.isContained)),
  ]),
  one('?', 'Is the text a key of the object, or an element of the array?', `'{"a": 1}'::jsonb ? 'a'`, 't', [
    ofJsonb(['text'], BOOLEAN, kernelOr('jsonHasKey', js.hasKey)),
  ]),
  one('?|', 'Is one of the texts a key or an element?', `'{"a": 1}'::jsonb ?| array['a', 'b']`, 't', [
    ofJsonb(['array'], BOOLEAN, kernelOr('jsonHasKeys', js.hasAnyKey, [0])),
  ]),
  one('?&', 'Is each of the texts a key or an element?', `'{"a": 1}'::jsonb ?& array['a', 'b']`, 'f', [
    ofJsonb(['array'], BOOLEAN, kernelOr('jsonHasKeys', js.hasAllKeys, [1])),
  ]),
  one('||', 'Objects merged, or arrays one after the other.', `'{"a": 1}'::jsonb || '{"b": 2}'`, '{"a": 1, "b": 2}', [
    ofJsonb(['jsonb'], JSONB, kernelOr('jsonJoined', js.concatenated)),
  ]),
  one('-', 'Without a key, several keys, or the element of an index.', `'{"a": 1, "b": 2}'::jsonb - 'a'`, '{"b": 2}', [
    ofJsonb(['text'], JSONB, kernelOr('jsonWithoutKey', js.withoutKey)),
    ofJsonb(['integer'], JSONB, kernelOr('jsonWithoutElement', js.withoutIndex)),
    ofJsonb(['array'], JSONB, kernelOr('jsonWithoutKeys', js.withoutKeys)),
  ]),
  one('#-', 'Without what lies at a path.', `'{"a": [1, 2]}'::jsonb #- '{a,0}'`, '{"a": [2]}', [
    ofJsonb(['array'], JSONB, kernelOr('jsonWithoutPath', js.withoutPath)),
  ]),
];
