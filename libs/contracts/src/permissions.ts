import { z } from 'zod';

export const Role = z.enum(['admin', 'clinician']);
export type Role = z.infer<typeof Role>;

export const permissions = [
  'users:read',
  'users:write',
  'recordings:read',
  'recordings:write',
  'account:use',
] as const;
export type Permission = (typeof permissions)[number];

/**
 * What each role may do. An admin runs the practice and reads nobody's sessions; a clinician works with her own
 * recordings only (ownership is checked for each record besides).
 */
export const rolePermissions: Record<Role, readonly Permission[]> = {
  admin: ['account:use', 'users:read', 'users:write'],
  clinician: ['account:use', 'recordings:read', 'recordings:write'],
};
