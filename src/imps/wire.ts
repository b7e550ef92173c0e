import type { Institution, WireKind, WireProfile } from './profile.ts'

/** The wire that carries an institution's payments in one direction: its own where the profile names one, else the common one. */
export const wireOf = (
  profile: Pick<WireProfile, 'wire'>,
  institution: Pick<Institution, 'wire'> | undefined,
  direction: 'outward' | 'inward',
): WireKind => institution?.wire?.[direction] ?? profile.wire
