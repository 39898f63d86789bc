import { toBoolean } from './boolean-setting.js';
import type { SettingDeclaration } from './settings-registry.js';

/**
 * Settings of PostgreSQL that scripts, dumps and drivers set, and that have no say here: they cannot change what a
 * statement answers. SHOW gives back what was set, by default what PostgreSQL has. Those that could change an answer
 * take only the value that holds here anyway.
 */
const DOC = 'Accepted for scripts and clients that set it.';

const inert = (name: string, defaultValue: string): SettingDeclaration => ({
  name,
  defaultValue,
  doc: DOC,
  outsidePlans: true,
});

const only = (name: string, value: string, doc: string): SettingDeclaration => ({
  name,
  defaultValue: value,
  doc,
  normalize: (given) => (given.toLowerCase() === value || toBoolean(given) === value ? value : undefined),
  outsidePlans: true,
});

const planning: readonly string[] = [
  ...['async_append', 'bitmapscan', 'gathermerge', 'group_by_reordering', 'hashagg', 'hashjoin', 'incremental_sort'],
  ...['indexonlyscan', 'indexscan', 'material', 'memoize', 'mergejoin', 'nestloop', 'parallel_append', 'parallel_hash'],
  ...['partition_pruning', 'partitionwise_aggregate', 'partitionwise_join', 'presorted_aggregate', 'seqscan', 'sort'],
  'tidscan',
];

const OFF_BY_DEFAULT: ReadonlySet<string> = new Set(['partitionwise_aggregate', 'partitionwise_join']);

const others: Readonly<Record<string, string>> = {
  check_function_bodies: 'on',
  constraint_exclusion: 'partition',
  cpu_index_tuple_cost: '0.005',
  cpu_operator_cost: '0.0025',
  cpu_tuple_cost: '0.01',
  cursor_tuple_fraction: '0.1',
  debug_parallel_query: 'off',
  default_statistics_target: '100',
  default_table_access_method: 'heap',
  default_tablespace: '',
  effective_cache_size: '4GB',
  effective_io_concurrency: '1',
  escape_string_warning: 'on',
  from_collapse_limit: '8',
  geqo: 'on',
  geqo_threshold: '12',
  hash_mem_multiplier: '2',
  idle_session_timeout: '0',
  jit: 'on',
  join_collapse_limit: '8',
  lc_messages: 'C',
  lc_monetary: 'C',
  lc_numeric: 'C',
  lc_time: 'C',
  log_min_duration_statement: '-1',
  log_min_messages: 'warning',
  log_statement: 'none',
  maintenance_work_mem: '64MB',
  max_parallel_maintenance_workers: '2',
  max_parallel_workers: '8',
  max_parallel_workers_per_gather: '2',
  min_parallel_index_scan_size: '512kB',
  min_parallel_table_scan_size: '8MB',
  parallel_leader_participation: 'on',
  parallel_setup_cost: '1000',
  parallel_tuple_cost: '0.1',
  plan_cache_mode: 'auto',
  quote_all_identifiers: 'off',
  random_page_cost: '4',
  row_security: 'on',
  seq_page_cost: '1',
  session_replication_role: 'origin',
  synchronous_commit: 'on',
  synchronize_seqscans: 'on',
  temp_buffers: '8MB',
  temp_tablespaces: '',
  transaction_timeout: '0',
  work_mem: '4MB',
  xmloption: 'content',
};

export const IDLE_SETTINGS: readonly SettingDeclaration[] = [
  ...planning.map((name) => inert(`enable_${name}`, OFF_BY_DEFAULT.has(name) ? 'off' : 'on')),
  ...Object.entries(others).map(([name, value]) => inert(name, value)),
  only('array_nulls', 'on', 'NULL in the text of an array is NULL.'),
  only('backslash_quote', 'safe_encoding', "A quote in a string is written twice, or \\' in E'…'."),
  only('bytea_output', 'hex', "bytea is shown in hexadecimal digits: encode(x, 'escape') gives the other form."),
  only('transform_null_equals', 'off', 'x = NULL is NULL: write x IS NULL.'),
];
