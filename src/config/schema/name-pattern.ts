/** Letters, digits, space and `. _ - /`; begins and ends with a letter, digit or `_`; 128 at most. */
export const namePattern = '^(?=.{1,128}$)[A-Za-z0-9_]([A-Za-z0-9 ._/-]*[A-Za-z0-9_])?$';
