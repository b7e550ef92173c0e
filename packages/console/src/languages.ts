/**
 * The languages that there are texts in, each by its own name: a folder beside `locales/en` is one, and what it does not say is said in
 * English.
 * @param paths  of files of texts: `./locales/hi/common.json`
 */
export function languagesOf(paths: readonly string[]): ReadonlyMap<string, string> {
  const codes = new Set(paths.flatMap((path) => /\/locales\/([a-z]{2,3})\//.exec(path)?.[1] ?? []))
  return new Map(
    [...codes].sort().map((code) => [code, new Intl.DisplayNames([code], { type: 'language' }).of(code) ?? code]),
  )
}
