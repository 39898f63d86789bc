import type { SqlTypeKind } from '../../types/sql-type.js';

/** Types whose values have an order. */
export const orderedKinds: readonly SqlTypeKind[] = [
  'smallint',
  'integer',
  'bigint',
  'decimal',
  'real',
  'double',
  'text',
  'varchar',
  'char',
  'date',
  'time',
  'timestamp',
  'timestamptz',
  'interval',
  'bytea',
  'uuid',
];
