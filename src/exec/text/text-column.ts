import { bugError } from '../../common/errors.js';
import { parseTimestamp } from '../../functions/casts/datetime/parse-timestamp.js';
import { parseValue } from '../../functions/casts/parse-value.js';
import type { FunctionValue } from '../../functions/function-types.js';
import { zoneBytes } from '../../functions/zones/zone-layout.js';
import { requiredZone } from '../../functions/zones/zone-of.js';
import type { ZoneTable } from '../../functions/zones/zone-table.js';
import { powersOfTenTable } from '../../kernels/constant-tables.js';
import type { Kernels } from '../../kernels/kernels.js';
import { byteWidthOf, physicalTypeOf, type SqlType } from '../../types/sql-type.js';
import type { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import { BATCH_ROWS, Vector } from '../../vector/vector.js';
import { BLOCK_STATUS, STATUS_ZONE } from '../expression/argument-block.js';
import { ZoneNames } from '../expression/zone-names.js';

/** How fields say NULL, and what stands before a byte that means itself. */
export interface FieldSyntax {
  /** Pointer to 8 bytes each, as fields. */
  readonly nulls: number;
  readonly nullCount: number;
  readonly emptyIsNull: boolean;
  readonly escapeByte: number;
}

/** See kernels/assembly/field-dates.ts. */
const DATE_WORK_BYTES = 1024;

/** Turns the fields of one column into its values, a batch at a time, in buffers of its own. */
export class TextColumn {
  readonly type: SqlType;
  readonly vector: Vector;
  /** Rows of the last batch that no kernel could read, one u32 each. */
  readonly declined: number;
  private readonly shared: SharedMemory;
  private readonly kernels: Kernels;
  private readonly data: number;
  private readonly validity: number;
  private readonly powers: number;
  /** What dates of rare forms are read with; 0 of other types. */
  private readonly work: number;
  private readonly zoneNames: ZoneNames;
  /** By whose clocks texts without an offset are; UTC if undefined. */
  private readonly zone: ZoneTable | undefined;
  private readonly zonePointer: number;

  constructor(shared: SharedMemory, kernels: Kernels, scope: Scope, type: SqlType, zoneName?: string) {
    const physical = physicalTypeOf(type);
    this.shared = shared;
    this.kernels = kernels;
    this.type = type;
    this.vector = new Vector(physical);
    this.data = scope.allocate(BATCH_ROWS * byteWidthOf(physical));
    this.validity = scope.allocate(BATCH_ROWS);
    this.declined = scope.allocate(BATCH_ROWS * 4);
    this.powers = powersOfTenTable(shared);
    this.work = /^(date|timestamp)/.test(type.kind) ? scope.allocateCleared(DATE_WORK_BYTES) : 0;
    this.zoneNames = new ZoneNames(shared, scope, this.work);
    this.zone = zoneName === undefined || type.kind !== 'timestamptz' ? undefined : requiredZone(zoneName);
    this.zonePointer = this.zone === undefined ? 0 : this.writeZone(scope, zoneBytes(this.zone));
  }

  private writeZone(scope: Scope, bytes: Uint8Array): number {
    const pointer = scope.allocate(bytes.length);
    this.shared.u8.set(bytes, pointer);
    return pointer;
  }

  /** Reads the values; returns how many rows were declined. Texts may lie in `heap` until it is reset. */
  read(fields: number, count: number, syntax: FieldSyntax, heap: Scope): number {
    const { kernels, validity } = this;
    const emptyIsNull = syntax.emptyIsNull && this.type.kind !== 'text';
    const nulls = kernels.fieldValidity(fields, count, validity, syntax.nulls, syntax.nullCount, Number(emptyIsNull));
    this.vector.setFlat(this.data, nulls === 0 ? 0 : validity);
    return this.convert(fields, count, syntax.escapeByte, heap);
  }

  /** No field of the column is in the file. */
  setMissing(count: number): void {
    this.shared.clear(this.validity, count);
    this.shared.clear(this.data, count * byteWidthOf(this.vector.physical));
    this.vector.setFlat(this.data, this.validity);
  }

  /** Where the value of a row lies, for those that were declined. */
  valueAt(row: number): number {
    return this.data + row * byteWidthOf(this.vector.physical);
  }

  /** What kernels decline. */
  parse(text: string): Exclude<FunctionValue, null> {
    const { type, zone } = this;
    return zone === undefined ? parseValue(text, type) : parseTimestamp(text, 'timestamptz', zone);
  }

  private convert(fields: number, count: number, escapeByte: number, heap: Scope): number {
    const { type, kernels, data, validity, declined, powers, work } = this;
    switch (type.kind) {
      case 'boolean':
        return kernels.fieldsToBooleans(fields, count, data, validity, declined);
      case 'smallint':
        return kernels.fieldsToIntegers(fields, count, 4, -(2n ** 15n), 2n ** 15n - 1n, data, validity, declined);
      case 'integer':
        return kernels.fieldsToIntegers(fields, count, 4, -(2n ** 31n), 2n ** 31n - 1n, data, validity, declined);
      case 'bigint':
        return kernels.fieldsToIntegers(fields, count, 8, -(2n ** 63n), 2n ** 63n - 1n, data, validity, declined);
      case 'real':
        return kernels.fieldsToReals(fields, count, data, validity, declined, powers);
      case 'double':
        return kernels.fieldsToDoubles(fields, count, data, validity, declined, powers);
      case 'decimal': {
        const { precision, scale } = type;
        const width = byteWidthOf(this.vector.physical);
        return kernels.fieldsToDecimals(fields, count, width, precision, scale, data, validity, declined);
      }
      case 'date':
        return this.withZones(() => kernels.fieldsToDates(fields, count, data, validity, declined, work));
      case 'timestamp':
      case 'timestamptz': {
        const withZone = Number(type.kind === 'timestamptz');
        return this.withZones(() =>
          kernels.fieldsToTimestamps(fields, count, withZone, this.zonePointer, data, validity, declined, work),
        );
      }
      case 'text': {
        const room = kernels.escapedBytes(fields, count);
        kernels.fieldsToTexts(fields, count, escapeByte, data, validity, room === 0 ? 0 : heap.allocate(room));
        return 0;
      }
      case 'json':
        kernels.fieldsToJson(fields, count, data, validity);
        return 0;
      default:
        throw bugError(`text is not read as ${type.kind}`);
    }
  }

  /** A kernel that stops where it asks for a zone, and then goes on. */
  private withZones(read: () => number): number {
    const { shared, work } = this;
    for (;;) {
      const found = read();
      if (shared.u32[(work + BLOCK_STATUS) >>> 2] !== STATUS_ZONE) return found;
      this.zoneNames.answer();
      this.kernels.putZone(work);
    }
  }
}
