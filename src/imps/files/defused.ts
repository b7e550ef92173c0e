/**
 * A text as a cell of a file that people open in a spreadsheet: one that would be a formula begins with an apostrophe. For CSV and
 * workbooks alike; never for files that a program reads. @source OWASP, CSV Injection
 */
export const defused = (text: string): string =>
  /^[\s\0]*[=+\-@\t\r\n|%＝＋－＠]/.test(text) && !isNumber(text) ? `'${text}` : text

/** A negative amount is a number, and no formula. */
const isNumber = (text: string): boolean => /^[+-]?\d+(\.\d+)?$/.test(text)
