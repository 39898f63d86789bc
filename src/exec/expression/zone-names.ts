import { TEXT } from '../../types/sql-type.js';
import type { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import { BLOCK_OPERAND, BLOCK_ZONE_ANSWER, BLOCK_ZONE_TABLE } from './argument-block.js';
import { bytesOfZone, MEMO_WORDS } from './memo-constants.js';
import { TextConstants } from './text-constants.js';
import { readValue } from './value-codec.js';

/** Names of zones within dates, which kernels ask for, once each: see kernels/assembly/zone-names.ts. */
export class ZoneNames {
  private readonly shared: SharedMemory;
  private readonly scope: Scope;
  private readonly block: number;
  private constants: TextConstants | undefined;

  /** `block` is what kernels take for an argument block. */
  constructor(shared: SharedMemory, scope: Scope, block: number) {
    this.shared = shared;
    this.scope = scope;
    this.block = block;
  }

  /** Answers the question that the block has. The kernel `putZone` takes the answer over. */
  answer(): void {
    const { shared, block } = this;
    this.constants ??= this.open();
    const name = readValue(shared, block + BLOCK_OPERAND, TEXT) as string;
    shared.u32[(block + BLOCK_ZONE_ANSWER) >>> 2] = this.constants.keep(name, bytesOfZone(name));
  }

  private open(): TextConstants {
    const { shared, scope, block } = this;
    const table = scope.allocateCleared(MEMO_WORDS * 4);
    shared.u32[(block + BLOCK_ZONE_TABLE) >>> 2] = table;
    return new TextConstants(shared, scope, () => shared.clear(table, MEMO_WORDS * 4));
  }
}
