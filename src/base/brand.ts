/**
 * base: the words every room speaks. It promises that a value with a brand was checked once, at the door,
 * and that time, chance and the network come in from outside, so that a seed can replay a whole run.
 */

declare const brand: unique symbol

/** A `Base` that has passed the check named `Name`. Only `base/identifiers.ts`, `base/money.ts`, the codec and the SQL edge make one. */
export type Branded<Base, Name extends string> = Base & { readonly [brand]: Name }

/** Closes a switch: a new member of the union is a compile error here, and a bug at run time. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}
