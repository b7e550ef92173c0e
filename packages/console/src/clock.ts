/** The browser's clock: the one place of the console that asks it. Epoch milliseconds. */
export const now = (): number => Date.now()
