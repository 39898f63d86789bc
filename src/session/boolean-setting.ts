/** `on` or `off`, whichever of its names a boolean has; undefined of what is none. */
export function toBoolean(value: string): string | undefined {
  if (/^(on|true|yes|1|t)$/i.test(value)) return 'on';
  if (/^(off|false|no|0|f)$/i.test(value)) return 'off';
  return undefined;
}
