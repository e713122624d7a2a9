import { Accounts } from './001-accounts.js';

/** Every migration, in the order in which they run; the names are written in the database and never change. */
export const migrations = [{ name: '001-accounts', class: Accounts }];
