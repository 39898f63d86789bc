import { type MillraceError, userError } from '../../common/errors.js';
import { posixZone } from './posix-zone.js';
import { abbreviationOffset } from './zone-abbreviations.js';
import { canonicalZoneName } from './zone-names.js';
import { fixedZone, type ZoneTable, zoneTable } from './zone-table.js';

const zones = new Map<string, ZoneTable | undefined>();

/**
 * What a name means: an abbreviation of PostgreSQL's, a name of the tz database, or a rule after POSIX, where `+` is
 * west. Undefined for what is none of them.
 */
export function zoneOf(name: string): ZoneTable | undefined {
  if (!zones.has(name)) {
    if (zones.size > 1000) zones.clear();
    zones.set(name, findZone(name));
  }
  return zones.get(name);
}

function findZone(name: string): ZoneTable | undefined {
  // With a colon before it, it is the name of a zone and no abbreviation.
  const abbreviation = abbreviationOffset(name);
  if (abbreviation !== undefined) return fixedZone(abbreviation);
  const written = name.replace(/^:/, '');
  const known = canonicalZoneName(written);
  return known === undefined ? posixZone(written) : zoneTable(known);
}

/** Throws 22023. */
export function requiredZone(name: string): ZoneTable {
  const zone = zoneOf(name);
  if (zone === undefined) throw unknownZone(name);
  return zone;
}

export function unknownZone(name: string): MillraceError {
  return userError('22023', `time zone "${name}" not recognized`, {
    hint: 'Give a name of the tz database, such as Europe/Berlin, or an offset.',
  });
}
