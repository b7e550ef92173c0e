/** Why a text is not a message, or a message cannot become one. Stable: programs may branch on it. */
export type XmlCode =
  | 'too_large' //   more bytes, or deeper, than the profile allows
  | 'not_utf8' //    declared to be something else
  | 'forbidden' //   a DOCTYPE, or an entity that is not one of XML's five
  | 'malformed' //   not well-formed XML, or with more in it than elements, attributes and text
  | 'unknown' //     a root element that is no message of this wire, or in another namespace
  | 'twice' //       an element that may be there once
  | 'missing' //     required and absent
  | 'refused' //     a value that does not fit its field

/**
 * A document that is not what the tables say. `path` leads to the field, as in `Payees/Payee/Ac/Detail[ACNUM]@value`.
 * Neither message nor path ever holds a value: an account number must not reach a log by way of an error.
 */
export class XmlError extends Error {
  override readonly name = 'XmlError'
  readonly code: XmlCode
  readonly path: string

  constructor(code: XmlCode, path: string) {
    super(`${path}: ${words[code]}`)
    this.code = code
    this.path = path
  }
}

const words = {
  too_large: 'larger or deeper than allowed',
  not_utf8: 'not UTF-8',
  forbidden: 'a DOCTYPE or an entity',
  malformed: 'not well-formed XML, or more in it than elements, attributes and text',
  unknown: 'not a message of this wire',
  twice: 'appears twice',
  missing: 'required and absent',
  refused: 'does not fit the field',
} as const satisfies Record<XmlCode, string>
