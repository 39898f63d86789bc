/** How much a task has to wait behind others: the quanta that its query has had on this worker. */
export interface QueuePlace {
  readonly quanta: number;
}

interface Waiting<Task> {
  readonly task: Task;
  /** What decides: the query's quanta, less those that others were given while this task waited. */
  place: number;
}

/**
 * The tasks that wait for one worker. Whose query has had the fewest quanta goes first, so that small queries pass long
 * ones; but whoever waits moves up by one place each time another is taken, so that nobody waits for ever. In between,
 * tasks keep their order. The interface is that of piscina's queues.
 */
export class FairQueue<Task extends object> {
  private readonly waiting: Waiting<Task>[] = [];
  private readonly placeOf: (task: Task) => QueuePlace;

  constructor(placeOf: (task: Task) => QueuePlace) {
    this.placeOf = placeOf;
  }

  get size(): number {
    return this.waiting.length;
  }

  push(task: Task): void {
    this.waiting.push({ task, place: this.placeOf(task).quanta });
  }

  shift(): Task | null {
    let first = 0;
    for (let index = 1; index < this.waiting.length; index++) {
      if (this.waiting[index]!.place < this.waiting[first]!.place) first = index;
    }
    const [taken] = this.waiting.splice(first, 1);
    for (const other of this.waiting) other.place--;
    return taken?.task ?? null;
  }

  remove(task: Task): void {
    const index = this.waiting.findIndex((other) => other.task === task);
    if (index >= 0) this.waiting.splice(index, 1);
  }
}
