/** Told after each step of a commit that changes the lake. Tests stop a process there. */
export type CommitObserver = (step: CommitStep) => void | Promise<void>;

export type CommitStep =
  | 'staged'
  | 'intent written'
  | 'head swapped' // the commit point
  | 'file added' // once per file
  | 'additions synced'
  | 'file removed' // once per file
  | 'removals synced'
  | 'settled'
  | 'staging deleted';
