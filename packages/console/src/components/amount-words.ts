import { toCurrency as inEnglish } from 'to-words/en-IN'
import { toCurrency as inHindi } from 'to-words/hi-IN'

/**
 * An amount as it is written on a cheque: "One Thousand Five Hundred Rupees Only".
 * @param paise  digits
 */
export function amountInWords(paise: string, language: string): string {
  const digits = paise.padStart(3, '0')
  const amount = `${digits.slice(0, -2)}.${digits.slice(-2)}`
  return (language === 'hi' ? inHindi : inEnglish)(amount, {
    ignoreZeroCurrency: false,
    ignoreDecimal: amount.endsWith('.00'),
  })
}
