/** Bytes between which misses go from none to all. */
const FITS_CACHE = 2 ** 18;
const EXCEEDS_CACHE = 2 ** 22;

/** The share of look-ups in a table of so many bytes that wait for memory. */
export function missShare(bytes: number): number {
  if (bytes <= FITS_CACHE) return 0;
  return Math.min(1, Math.log2(bytes / FITS_CACHE) / Math.log2(EXCEEDS_CACHE / FITS_CACHE));
}
