/** apache-arrow takes 60 ms to load: the command line pays for it only where it writes Arrow. */
export type ArrowLibrary = typeof import('apache-arrow');

let loaded: Promise<ArrowLibrary> | undefined;

export function loadArrow(): Promise<ArrowLibrary> {
  loaded ??= import('apache-arrow');
  return loaded;
}
