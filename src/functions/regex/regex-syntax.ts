import type { CharacterSet } from './character-set.js';

export type Assertion =
  | 'textStart'
  | 'textEnd'
  /** At the start of the text or after a newline. */
  | 'lineStart'
  | 'lineEnd'
  | 'wordStart'
  | 'wordEnd'
  | 'wordBoundary'
  | 'notWordBoundary';

/** A regular expression as it was written; case and newlines are already part of its sets. */
export type RegexNode =
  | { readonly kind: 'empty' }
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'assert'; readonly assertion: Assertion }
  | LookNode
  /** Counted from 1 in the order of their opening parentheses. */
  | { readonly kind: 'capture'; readonly index: number; readonly child: RegexNode }
  | { readonly kind: 'backReference'; readonly index: number }
  | { readonly kind: 'concat'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'alternate'; readonly branches: readonly RegexNode[] }
  | RepeatNode;

export interface LookNode {
  readonly kind: 'look';
  readonly ahead: boolean;
  readonly negated: boolean;
  readonly child: RegexNode;
}

export interface RepeatNode {
  readonly kind: 'repeat';
  readonly child: RegexNode;
  readonly min: number;
  /** Infinity for no limit. */
  readonly max: number;
  /** Undefined for {m}: it has the preference of what it repeats. */
  readonly greedy: boolean | undefined;
}

export interface ParsedRegex {
  readonly node: RegexNode;
  readonly captures: number;
  /** What back references stand for, by number. */
  readonly groups: ReadonlyMap<number, RegexNode>;
  /** Those given, and what the pattern changed at its start. */
  readonly options: RegexOptions;
}

export interface RegexOptions {
  readonly ignoreCase: boolean;
  /** . and [^…] do not match newlines. */
  readonly newlineStops: boolean;
  /** ^ and $ match at lines. */
  readonly newlineAnchors: boolean;
  readonly expanded: boolean;
  /** The pattern is plain text. */
  readonly literal: boolean;
  /** Flag g, for functions that replace or count. */
  readonly global: boolean;
}

export const NO_OPTIONS: RegexOptions = {
  ignoreCase: false,
  newlineStops: false,
  newlineAnchors: false,
  expanded: false,
  literal: false,
  global: false,
};
