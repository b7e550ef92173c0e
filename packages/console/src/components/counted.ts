/** 12,34,567: a number as India groups it, in every language of the console; at most three decimals. */
export const counted = (number: number): string => number.toLocaleString('en-IN')
