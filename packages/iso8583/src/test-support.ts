import assert from 'node:assert/strict'
import {
  binary,
  type DecodeCode,
  type Decoded,
  DecodeError,
  digits,
  type EncodeCode,
  EncodeError,
  hex,
  message,
  minorUnits,
  text,
} from './index.ts'

/** What several test files of the codec use. */
export const ascii = (value: string): Buffer => Buffer.from(value, 'latin1')
export const hexBytes = (value: string): Buffer => Buffer.from(value.replaceAll(' ', ''), 'hex')

export const refuses = (code: DecodeCode, path: readonly string[], run: () => unknown): void => {
  assert.throws(run, (error) => {
    assert.ok(error instanceof DecodeError)
    assert.deepEqual([error.code, error.path], [code, path])
    return true
  })
}
export const cannot = (code: EncodeCode, path: readonly string[], run: () => unknown): void => {
  assert.throws(run, (error) => {
    assert.ok(error instanceof EncodeError)
    assert.deepEqual([error.code, error.path], [code, path])
    return true
  })
}

export const Sale = message('0200', {
  card: { de: 2, is: digits(19, 2) },
  amount: { de: 4, is: minorUnits(12) },
  stan: { de: 11, is: digits(6) },
  entryMode: { de: 22, is: digits(3) },
  terminal: { de: 41, is: text(8) },
  mac: { de: 64, is: binary(8), optional: true },
  account: { de: 102, is: text(28, 2), optional: true },
  key: { de: 105, is: hex(16, 3), optional: true },
})
export const sale: Decoded<typeof Sale> = {
  card: '70020009109876543',
  amount: 150000n,
  stan: '123456',
  entryMode: '019',
  terminal: 'TRN12345',
}
