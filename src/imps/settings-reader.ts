/** Reads one setting: gives the value its type, or throws one line that starts with `path`. */
export type Read<T> = (value: unknown, path: string) => T

/** A setting that is not what it must be. One line, for whoever starts the hub. */
export class SettingError extends Error {
  override name = 'SettingError'
}

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 40 ? `${text.slice(0, 37)}...` : text
}

/** Throws the one line every bad setting ends in. */
export function refuseSetting(path: string, mustBe: string, value: unknown): never {
  throw new SettingError(`${path} must be ${mustBe}, not ${shown(value)}`)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export type Section = {
  /** A setting with a default. */
  take<T>(key: string, read: Read<T>, fallback: T): T
  /** A setting that has no default. */
  need<T>(key: string, read: Read<T>): T
  /** A setting that may be absent for good. */
  maybe<T>(key: string, read: Read<T>): T | undefined
}

/** Reads an object key by key; a key that nobody asked for is refused, so a misspelt setting cannot be ignored. */
export const section =
  <T>(build: (section: Section, path: string) => T): Read<T> =>
  (value, path) => {
    if (!isRecord(value)) return refuseSetting(path, 'an object', value)
    const known = new Set<string>()
    const at = (key: string) => `${path}.${/^\w{1,40}$/.test(key) ? key : shown(key)}`
    const given = (key: string): unknown => {
      known.add(key)
      return Object.hasOwn(value, key) ? value[key] : undefined
    }
    const built = build(
      {
        take(key, read, fallback) {
          const setting = given(key)
          return setting === undefined ? fallback : read(setting, at(key))
        },
        need(key, read) {
          const setting = given(key)
          if (setting === undefined) throw new SettingError(`${at(key)} is missing`)
          return read(setting, at(key))
        },
        maybe(key, read) {
          const setting = given(key)
          return setting === undefined ? undefined : read(setting, at(key))
        },
      },
      path,
    )
    for (const key of Object.keys(value)) {
      if (!known.has(key)) throw new SettingError(`${at(key)} is not a setting; known: ${[...known].join(', ')}`)
    }
    return built
  }

export const whole =
  (low: number, high: number): Read<number> =>
  (value, path) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= low && value <= high
      ? value
      : refuseSetting(path, `a whole number from ${low} to ${high}`, value)

export const matching =
  (pattern: RegExp, mustBe: string): Read<string> =>
  (value, path) =>
    typeof value === 'string' && pattern.test(value) ? value : refuseSetting(path, mustBe, value)

/** A value with a brand, earned by a `parse…` of `base/identifiers.ts` or `base/money.ts`. */
export const parsed =
  <T>(parse: (value: unknown) => T | undefined, mustBe: string): Read<T> =>
  (value, path) =>
    parse(value) ?? refuseSetting(path, mustBe, value)

export const oneOf =
  <T extends string | boolean>(...choices: readonly T[]): Read<T> =>
  (value, path) =>
    choices.find((choice) => choice === value) ??
    refuseSetting(path, choices.map((c) => JSON.stringify(c)).join(' or '), value)

export const list =
  <T>(read: Read<T>, least: number, most: number): Read<readonly T[]> =>
  (value, path) => {
    if (!Array.isArray(value) || value.length < least || value.length > most) {
      return refuseSetting(path, `a list of ${least} to ${most}`, value)
    }
    return value.map((item: unknown, index) => read(item, `${path}[${index}]`))
  }

/** ` (name)` where a row has a name that can be shown: a person finds it by that. */
export function labelOf(value: unknown, key: string): string {
  const name = isRecord(value) ? value[key] : undefined
  return typeof name === 'string' && /^[\x20-\x7e]{1,80}$/.test(name) ? ` (${name})` : ''
}

/** Reads with the row's own name in the path of whatever is wrong in it. */
export const labelled =
  <T>(key: string, read: Read<T>): Read<T> =>
  (value, path) =>
    read(value, `${path}${labelOf(value, key)}`)

/** Refuses two rows that share what must be unique. */
export function distinct<T>(rows: readonly T[], path: string, what: string, key: (row: T) => string): void {
  const seen = new Set<string>()
  for (const row of rows) {
    if (seen.has(key(row))) throw new SettingError(`${path}: ${what} ${JSON.stringify(key(row))} is there twice`)
    seen.add(key(row))
  }
}
