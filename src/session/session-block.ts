import type { BlockState } from '../catalog/block/block-state.js';
import type { LakeBlock } from '../catalog/block/lake-block.js';
import type { Lake } from '../catalog/lake.js';
import type { FooterService } from './footer-service.js';
import { LakeCatalogView } from './lake-catalog-view.js';
import type { StatisticsService } from './statistics-service.js';

/** A lake as a transaction block has it, and as the planner sees it there. */
export class SessionBlock {
  readonly lake: LakeBlock;
  readonly catalog: LakeCatalogView;
  /** States to go back to, one a savepoint. */
  private readonly savepoints: (BlockState | undefined)[] = [];

  constructor(lake: Lake, footers: FooterService, statistics: StatisticsService) {
    this.lake = lake.openBlock();
    this.catalog = new LakeCatalogView(this.lake, footers, statistics);
  }

  /** `depth`: how many savepoints there are before this one. */
  keepSavepoint(depth: number): void {
    this.savepoints.length = depth;
    this.savepoints[depth] = this.lake.state;
  }

  /** What came since that savepoint is gone; everything, if the block was not there yet. */
  rollBackTo(depth: number): void {
    const state = this.savepoints[depth];
    if (state === undefined) this.lake.restoreNothing();
    else this.lake.restore(state);
    this.catalog.forgetRelations();
  }
}
