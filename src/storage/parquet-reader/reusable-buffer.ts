import type { Scope } from '../../vector/scope.js';
import { allocateClaimed } from './page-decompressor.js';

/** A buffer that is used again for page after page. */
export class ReusableBuffer {
  private pointer = 0;
  private byteLength = -1;
  private readonly scope: Scope;

  constructor(scope: Scope) {
    this.scope = scope;
  }

  allocate(byteLength: number): number {
    if (byteLength > this.byteLength) {
      const roomy = Math.max(byteLength, Math.min(2 * this.byteLength, 2 ** 24));
      this.pointer = allocateClaimed(this.scope, roomy);
      this.byteLength = roomy;
    }
    return this.pointer;
  }
}
