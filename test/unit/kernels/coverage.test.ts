import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { castOf } from '../../../src/functions/casts/casts.js';
import type { FunctionImplementation } from '../../../src/functions/function-types.js';
import { listFunctions } from '../../../src/functions/registry.js';
import { loadKernels } from '../../../src/kernels/kernels.js';
import { canCast } from '../../../src/types/coercion.js';
import { decimal, type SqlType } from '../../../src/types/sql-type.js';
import { SharedMemory } from '../../../src/vector/shared-memory.js';

const pathOf = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

const exported = Object.entries(loadKernels(SharedMemory.create(2 ** 20).memory))
  .filter(([, value]) => typeof value === 'function')
  .map(([name]) => name);

/** The text of all compiled modules in a folder. */
function modulesIn(folder: string, isWanted: (path: string) => boolean): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.js') && isWanted(path))
    .map((path) => readFileSync(`${folder}/${path}`, 'utf8'))
    .join('\n');
}

/** Their names are put together: see src/exec/expression/call-code.ts. */
const likeKernels = [
  ...['textLikePattern', 'textLikePatternEscape', 'textLikeIgnoreCase', 'textLikeIgnoreCaseEscape'],
  'textLikeSegmentsIgnoreCase',
];

/** What functions and casts are implemented with. */
function implementations(): FunctionImplementation[] {
  const kinds = ['boolean', 'smallint', 'integer', 'bigint', 'real', 'double', 'date', 'time', 'timestamp'] as const;
  const others = ['timestamptz', 'interval', 'uuid', 'text', 'bytea', 'json', 'jsonb'] as const;
  const types: SqlType[] = [
    ...[...kinds, ...others].map((kind): SqlType => ({ kind })),
    decimal(12, 2),
    decimal(38, 0),
    { kind: 'array', element: { kind: 'text' } },
  ];
  return [
    ...listFunctions().scalar.flatMap(({ overloads }) => overloads.map(({ implementation }) => implementation)),
    ...types.flatMap((from) =>
      types.filter((to) => from !== to && canCast(from, to, 'explicit')).map((to) => castOf(from, to).implementation),
    ),
  ];
}

const namesIn = (implementation: FunctionImplementation): readonly string[] => {
  if (implementation.kind === 'like') return likeKernels;
  if (implementation.kind === 'zoned') return [implementation.kernel];
  if (implementation.kind === 'memory') return [implementation.kernel];
  if (implementation.kind === 'regex') return [implementation.kernel];
  if (implementation.kind !== 'kernel') return [];
  return [implementation.kernel, implementation.wideKernel ?? implementation.kernel];
};

/** Kernels that leave rows to the TypeScript of a function: kernel-fallback.test.ts runs all of them against it. */
const kernelsWithFallback: readonly string[] = implementations()
  .filter((one) => 'fallback' in one && one.fallback !== undefined)
  .flatMap(namesIn);

/** DictionaryBuilder calls them in dictionary-build.test.ts. */
const dictionaryKernels = exported.filter((name) => /^dictionary(Encode|Rehash)/.test(name));

test('every kernel is called by a test beside this one', () => {
  const tests = modulesIn(pathOf('.'), () => true);
  const called = new Set([...tests.matchAll(/\b(?:kernels|generated)\.(\w+)/g)].map(([, name]) => name));
  const elsewhere = new Set([...kernelsWithFallback, ...dictionaryKernels]);
  assert.deepEqual(
    exported.filter((name) => !called.has(name) && !elsewhere.has(name)),
    [],
  );
});

test('every kernel is used by the engine', () => {
  const engine = modulesIn(pathOf('../../../src'), (path) => !/^kernels[\\/]reference/.test(path));
  const used = new Set([...engine.match(/\w+/g)!, ...implementations().flatMap(namesIn)]);
  assert.deepEqual(
    exported.filter((name) => !used.has(name)),
    [],
  );
});

/** Why a file of kernels has no twin of its name. */
const withoutTwin: Readonly<Record<string, string>> = {
  index: 'exports the others',
  status: 'reports to generated code',
  'whole-number': 'serves group-values and join-index',
  'join-index': 'tested beside join-table, by its twin',
  'row-access': 'serves rows, group-table, join-table and sort',
  'row-compare': 'serves sort and window',
  'sort-image': 'serves sort and sort-bound',
  'sort-by-images': 'serves sort',
  'sort-ties': 'serves sort',
  'text-view': 'serves the kernels of texts',
  'value-tags': 'serves postgres-text and the kernels of nested values',
  'memory-call': 'serves the kernels of nested values',
  'nested-access': 'serves the kernels of nested values',
  'array-arguments': 'serves the kernels of arrays',
  'array-search': 'its twins are in nested',
  'find-value': 'serves array-search and array-quantifiers',
  'array-quantifiers': 'its twins are in nested',
  'nested-arrays': 'its twins are in nested',
  'nested-casts': 'its twins are in nested',
  'nested-compare': 'its twins are in nested',
  'nested-order': 'its twins are in nested',
  'nested-series': 'its twins are the fallbacks of the functions, and in nested.test.ts',
  'nested-structs': 'its twins are in nested',
  'nested-text': 'its twins are in src/functions/casts/nested-text.ts',
  'loop-arrays': 'its twin is in element-list',
  'joined-text': 'its twin is in text-list',
  'value-select': 'serves value-ranks',
  'value-distances': 'its twin is in value-list',
  'value-ranks': 'its twin is in value-list',
  'value-ranks-wide': 'its twin is in value-list',
  'assemble-arrays': 'its twins are in assemble',
  'assemble-intervals': 'its twins are in assemble',
  'assemble-structs': 'its twins are in assemble',
  'window-rows': 'serves the other kernels of windows',
  'window-numbers': 'its twins are in window',
  'window-bounds': 'its twins are in window',
  'window-positions': 'its twins are in window',
  'window-frames': 'its twins are in window',
  'frame-part': 'serves window-frames, window-positions and state-tree',
  'state-tree': 'its twins are in window',
  'copy-bytes': 'serves kernels that write strings',
  calendar: 'serves dates',
  'wide-integer': 'serves decimal',
  'format-float': 'its twin is in format',
  hash: 'its twin is in rows',
  'snappy-compress': 'its output is decompressed by the twin of snappy',
  'date-fields': 'its twins are in dates, and the fallbacks of the functions',
  'letter-case': 'serves text, text-like and text-editing',
  'text-like': 'its twins are in text, and the fallbacks of the functions',
  'byte-places': 'its twins are the fallbacks of the functions',
  'text-editing': 'its twins are the fallbacks of the functions',
  'text-sets': 'its twins are the fallbacks of the functions',
  'escaped-bytes': 'serves text-encodings',
  'regex-text': 'serves regex and regex-arrays',
  'json-access': 'its twins are the fallbacks of the functions',
  'json-casts': 'its twins are the fallbacks of the casts',
  'json-compare': 'its twins are the fallbacks of the functions',
  'json-escapes': 'serves the other kernels of JSON',
  'json-members': 'serves json-canonical and json-unique',
  'json-numbers': 'serves json-canonical, with plainDigits as its twin',
  'json-editing': 'its twins are the fallbacks of the functions',
  'json-order': 'its twin is jsonSortKey, in the fallback of sort_key',
  'json-text-order': 'its twin is compareJson, see nested-sort-key.test.ts',
  'json-path': 'serves json-path-answer',
  'json-path-answer': 'its twins are the fallbacks of the functions',
  'json-path-compare': 'serves json-path',
  'json-path-conversions': 'serves json-path-methods',
  'json-path-forms': 'serves json-path-answer',
  'json-path-machine': 'serves json-path and json-path-answer',
  'json-path-methods': 'serves json-path',
  'json-path-numbers': 'serves json-path',
  'json-rewriting': 'its twins are the fallbacks of the functions',
  'ordered-values': 'serves sort-key and nested-sort-key',
  'nested-sort-key': 'its twin is nestedSortKey, in the fallback of sort_key',
  'json-sets': 'its twins are the fallbacks of the functions',
  'json-tests': 'its twins are the fallbacks of the functions',
  'json-canonical': 'its twin is formatJsonb, in the fallback of the cast',
  'json-characters': 'serves the other kernels of JSON',
  'json-output': 'serves the other kernels of JSON',
  'json-scan': 'serves the other kernels of JSON',
  'json-steps': 'its twins are the fallbacks of the functions',
  'json-unique': 'its twins are the fallbacks of the functions',
  'json-strings': 'serves the other kernels of JSON',
  'json-writing': 'serves json-building',
  'json-building': 'its twins are the fallbacks of the functions',
  'json-validation': 'its twin is parseJsonText, the fallback of the cast',
  'text-hash': 'its twin is the fallback of the function',
  'date-reading': 'its twins are the fallbacks of the functions',
  'template-reader': 'serves date-reading',
  'datetime-assembly': 'serves date-reading',
  'datetime-template': 'serves date-reading and date-formatting',
  'calendar-names': 'serves date-reading and date-formatting',
  'spark-dates': 'its twins are the fallbacks of the functions',
  'text-sha2': 'its twins are the fallbacks of the functions',
  'text-sha512': 'its twins are the fallbacks of the functions',
  'text-distance': 'its twin is the fallback of the function',
  'rare-math': 'its twins are the fallbacks of the functions',
  'null-counts': 'held to the nulls of its arguments in nested.test.ts',
  'text-checksums': 'its twins are in text, and the fallback of the function',
  'text-encodings': 'its twins are the fallbacks of the functions',
  'array-join': 'its twin is the fallback of the function',
  'regex-arrays': 'its twins are the fallbacks of the functions',
  regex: 'its twins are the fallbacks of the functions',
  'regex-automaton': 'its twin is src/functions/regex/match-regex.ts, which the fallbacks call',
  'regex-captures': 'its twin is src/functions/regex/match-regex.ts, which the fallbacks call',
  'regex-references': 'its twin is src/functions/regex/match-regex.ts, which the fallbacks call',
  'regex-search': 'its twin is src/functions/regex/match-regex.ts, which the fallbacks call',
  'number-template': 'serves number-formatting',
  'number-formatting': 'its twin is the fallback of the function',
  'printed-time': 'serves date-formatting',
  'number-notation': 'serves number-formatting',
  'date-formatting': 'its twins are the fallbacks of the functions',
  'decimal-digits': 'serves number-reading and float-casts',
  'float-casts': 'its twins are the fallbacks of the casts',
  'significant-digits': 'serves float-casts and json-path-conversions',
  'date-units': 'serves date-fields and zones',
  'zone-table': 'serves zones and format; its twin is in functions/zones',
  zones: 'its twins are the fallbacks of the functions',
  'text-zones': 'serves text-readers and zones',
  'text-field': 'serves text-records and text-values',
  'field-bytes': 'serves field-numbers and field-dates',
  'text-values': 'its twin is parseValue, to which it leaves what it does not read',
  'field-numbers': 'its twin is parseValue, to which it leaves what it does not read',
  'field-dates': 'its twin is parseValue, to which it leaves what it does not read',
  'integer-readers': 'its twin is parseValue, the fallback of the casts',
  'float-readers': 'its twin is parseValue, the fallback of the casts',
  'nearest-float': 'serves float-readers',
  'exact-float': 'serves float-readers',
  'decimal-readers': 'its twin is parseValue, the fallback of the casts',
  'byte-readers': 'its twin is parseValue, the fallback of the cast',
  'number-scan': 'serves float-readers and decimal-readers',
  'text-spaces': 'serves the readers of texts',
  'hex-digits': 'serves byte-readers, word-readers and text-encodings',
  'word-readers': 'its twins are the fallbacks of the casts',
  'interval-reader': 'its twin is the fallback of the cast',
  'verbose-interval': 'its twin is parseInterval, the fallback of the cast',
  'iso-interval': 'serves verbose-interval',
  'interval-sum': 'serves verbose-interval and iso-interval',
  'interval-words': 'serves verbose-interval and interval-sum',
  'datetime-readers': 'its twins are parseDate and its neighbours, the fallbacks of the casts',
  'datetime-decoding': 'serves datetime-readers',
  'datetime-numerals': 'serves datetime-decoding',
  'datetime-fields': 'serves datetime-readers and verbose-interval',
  'datetime-numbers': 'serves datetime-decoding and verbose-interval',
  'datetime-words': 'serves datetime-decoding',
  'zone-abbreviations': 'serves datetime-decoding',
  'zone-names': 'serves datetime-decoding',
  'memo-constants': 'its twin is a map, in memo-constants.test.ts',
  'text-key-hash': 'serves memo-constants and join-text-codes',
  'array-reader': 'its twin is the fallback of the cast',
  'spark-hash': 'its twins are the fallbacks of the functions',
  'spark-texts': 'its twins are the fallbacks of the functions',
  'url-texts': 'its twins are the fallbacks of the functions',
  quoting: 'its twins are the fallbacks of the functions',
  'format-template': 'its twin is the fallback of the function',
  'json-fields': 'its twin is the fallback of the function',
  'number-reading': 'its twin is the fallback of the function',
  'random-bits': 'its twin is chacha20 of node:crypto, in random-values.test.ts',
  'random-values': 'held to what its values must be in random-values.test.ts',
  'encoding-casts': 'its twins are the fallbacks of the functions',
  'name-parts': 'its twin is the fallback of the function',
  'normal-forms': 'its twins are the fallbacks of the functions',
  'size-reading': 'its twin is the fallback of the function',
  'unicode-escapes': 'its twin is the fallback of the function',
  utf8: 'serves encoding-casts and url-texts',
  'date-bounds': 'serves the kernels of dates',
  'record-reader': 'its twin is the fallback of record_fields',
  'text-casts': 'its twin is format',
  'byte-casts': 'its twins are the fallbacks of the casts',
  'text-readers': 'its twins are the fallbacks of the casts',
};

test('every file of kernels has a twin', () => {
  const namesIn = (folder: string): string[] =>
    readdirSync(pathOf(`../../../../src/kernels/${folder}`))
      .filter((file) => file.endsWith('.ts'))
      .map((file) => file.slice(0, -3));
  const twins = namesIn('reference');
  const missing = namesIn('assembly').filter((name) => !twins.includes(name));
  assert.deepEqual(missing.sort(), Object.keys(withoutTwin).sort());
});
