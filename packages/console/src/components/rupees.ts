const grouped = new Intl.NumberFormat('en-IN', { maximumFractionDigits: 0 })

/**
 * ₹1,23,456.00 of paise, exactly: no amount passes through a float.
 * @param paise  digits, as the API has them; a minus in front of what is owed
 */
export function rupees(paise: string): string {
  const negative = paise.startsWith('-')
  const digits = (negative ? paise.slice(1) : paise).padStart(3, '0')
  const whole = BigInt(digits.slice(0, -2))
  return `${negative ? '−' : ''}₹${grouped.format(whole)}.${digits.slice(-2)}`
}

/** Paise of what somebody typed in rupees; undefined when it is no amount. */
export function paiseOf(typed: string): string | undefined {
  const found = /^₹?\s*([0-9][0-9,]*)(?:\.([0-9]{1,2}))?$/.exec(typed.trim())
  if (found === null) return undefined
  const [, whole = '', part = ''] = found
  return (BigInt(whole.replaceAll(',', '')) * 100n + BigInt(part.padEnd(2, '0'))).toString()
}
