// Every kernel is exported from here; one file a topic.
export * from './vector';
export * from './rows';
export * from './group-table';
export * from './join-table';
export * from './sort';
export * from './dictionary-build';
export * from './parquet-encode';
export * from './partition-rows';
export * from './snappy-compress';
export * from './value-bounds';
export * from './snappy';
export * from './hybrid';
export * from './parquet-values';
export * from './parquet-conversions';
export * from './delta';
export * from './postgres-text';
