import { test } from 'node:test'
import { options } from './support/chromium.ts'
import { openWallet } from './support/wallet.ts'

// The wallet of a bank that speaks NPCI's XML: there the bank of the payee tells the name before anything is paid.

const { at, fillPayment, isSound, page, person, press, prove, signIn, stands } = openWallet('wallet-xml', {
  TURANT_RAIL: 'xml',
})

test('the bank of the payee tells the name: the same, another, or that it takes no payment', options, async () => {
  await page().goto(`${at()}/wallet`)
  await signIn(person('asha'))
  await fillPayment('250.00')
  await page().getByText('The bank says that this is').waitFor()
  await isSound('name-same')
  await fillPayment('250.00', 'Somebody Else')
  await page().getByText('another name than you entered').waitFor()
  await isSound('name-other')
  await press(/^Pay ₹/)
  await page().getByRole('heading', { name: 'Confirm that it is you' }).waitFor()
  await prove(person('asha'), person('asha').mpin)
  await stands('succeeded')
})
