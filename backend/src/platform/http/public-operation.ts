/** Marks an operation in the making; set by `@Public` and turned into an operation without security. */
export const PUBLIC_OPERATION = 'x-auscult-public';
