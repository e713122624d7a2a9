import { z } from 'zod';
import { Id, Timestamp, pageOf } from './common.js';
import { Role } from './permissions.js';

export const Email = z.string().trim().toLowerCase().max(254).pipe(z.email());
/** At least 12 characters, any characters; the upper bound keeps argon2id from being used as a weapon. */
export const Password = z.string().min(12).max(200);
export const DisplayName = z.string().trim().min(1).max(120);

export const UserView = z.object({
  id: Id,
  email: z.string(),
  displayName: z.string(),
  role: Role,
  practiceName: z.string(),
  createdAt: Timestamp,
});
export type UserView = z.infer<typeof UserView>;

export const UserPage = pageOf(UserView);
export type UserPage = z.infer<typeof UserPage>;

/** POST /api/users (admin): adds a person to the admin's own practice. */
export const CreateUserBody = z.object({ email: Email, displayName: DisplayName, role: Role, password: Password });
export type CreateUserBody = z.infer<typeof CreateUserBody>;
