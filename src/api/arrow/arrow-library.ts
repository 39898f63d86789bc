/** apache-arrow takes 60 ms to load: only those pay who want Arrow. */
export type ArrowLibrary = typeof import('apache-arrow');

let loaded: Promise<ArrowLibrary> | undefined;

export function loadArrow(): Promise<ArrowLibrary> {
  loaded ??= import('apache-arrow');
  return loaded;
}
