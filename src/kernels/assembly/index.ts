// Every kernel is exported from here; one file a topic.
export * from './vector';
export * from './aggregate';
export * from './byte-places';
export * from './central-moments';
export * from './comoments';
export * from './exact-variance';
export { valueListAppend, valueListAppendWide, valueListRoom } from './value-list';
export * from './value-distances';
export { valueListDiscrete, valueListMode, valueListPercentile } from './value-ranks';
export * from './value-ranks-wide';
export * from './element-list';
export * from './joined-text';
export * from './cardinality-sketch';
export * from './bytes';
export * from './compare';
export * from './dates';
export * from './date-fields';
export * from './decimal';
export * from './rows';
export * from './kept-columns';
export * from './group-table';
export * from './group-values';
export * from './group-spill';
export * from './join-filter';
export * from './join-index';
export * from './join-table';
export { codeRowTexts } from './join-text-codes';
export * from './sort';
export * from './sort-bound';
export * from './sort-key';
export * from './partition-best';
export * from './window-numbers';
export * from './window-bounds';
export * from './window-frames';
export * from './window-positions';
export * from './state-tree';
export * from './dictionary-build';
export * from './parquet-encode';
export * from './shred';
export { countWords, entriesOfRows, leafSlots, viewsOfSlots } from './assemble';
export * from './assemble-arrays';
export * from './assemble-intervals';
export * from './assemble-structs';
export * from './partition-rows';
export * from './snappy-compress';
export * from './value-bounds';
export * from './snappy';
export * from './lz4';
export * from './hybrid';
export * from './parquet-values';
export * from './parquet-conversions';
export * from './delta';
export { encodePostgresRows, measurePostgresRow } from './postgres-text';
export * from './arrow-layout';
export * from './arrow';
export * from './text';
export * from './text-like';
export * from './text-editing';
export * from './text-hash';
export { bytesSha256, textSha2 } from './text-sha2';
export * from './text-checksums';
export { bigintDigits, bytesEncode, integerDigits, textDecode, textToBytes } from './text-encodings';
export * from './array-join';
export * from './loop-arrays';
export * from './regex';
export * from './regex-arrays';
export * from './text-list';
export * from './text-split';
export * from './text-casts';
export * from './float-casts';
export * from './date-formatting';
export * from './name-parts';
export * from './normal-forms';
export * from './size-reading';
export * from './unicode-escapes';
export * from './number-formatting';
export * from './rare-math';
export * from './null-counts';
export * from './text-distance';
export { bytesSha384, bytesSha512 } from './text-sha512';
export * from './date-reading';
export * from './spark-dates';
export {
  textToBigint,
  textToDate,
  textToDecimal64,
  textToDecimal128,
  textToDouble,
  textToInteger,
  textToReal,
  textToTimestamp,
} from './text-readers';
export * from './word-readers';
export * from './interval-reader';
export * from './byte-casts';
export { textToArray } from './array-reader';
export * from './encoding-casts';
export * from './number-reading';
export * from './random-values';
export { sparkHash, sparkHashWide } from './spark-hash';
export * from './spark-texts';
export * from './url-texts';
export { textQuoteIdentifier, textQuoteLiteral } from './quoting';
export * from './format-template';
export * from './zones';
export { jsonElement, jsonMember } from './json-access';
export { jsonAtDollarPath, jsonAtPath, jsonAtSteps } from './json-steps';
export * from './json-tests';
export * from './json-casts';
export { jsonContains, jsonIsContained } from './json-compare';
export {
  jsonInsert,
  jsonJoined,
  jsonSet,
  jsonWithoutElement,
  jsonWithoutKey,
  jsonWithoutKeys,
  jsonWithoutPath,
} from './json-editing';
export { jsonPretty, jsonWithoutNulls } from './json-rewriting';
export { jsonSortKey } from './json-order';
export { jsonbCompare } from './json-text-order';
export { textWithUniqueKeys } from './json-unique';
export { jsonPath } from './json-path-answer';
export { jsonElements, jsonKeys, jsonMembers } from './json-sets';
export * from './json-records';
export { jsonFields } from './json-fields';
export { recordFields } from './record-reader';
export { textToJson } from './json-validation';
export { textToJsonb } from './json-canonical';
export { jsonOfArguments } from './json-building';
export * from './text-lines';
export * from './text-records';
export * from './text-values';
export * from './field-numbers';
export * from './field-dates';
export * from './date-functions';
export * from './statistics';
export { nestedCompare } from './nested-compare';
export { sortKeyNested } from './nested-sort-key';
export { nestedToText } from './nested-text';
export * from './nested-arrays';
export * from './array-search';
export * from './array-quantifiers';
export * from './nested-series';
export * from './unnest';
export * from './nested-order';
export * from './nested-casts';
export * from './nested-structs';
