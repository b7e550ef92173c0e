import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { keyStoreContract } from '../../test/support/key-store-contract.ts'
import { rememberSecret } from '../../test/support/logs.ts'
import { openSoftHsm, whyNoHsm } from '../../test/support/softhsm.ts'
import { systemClock } from '../base/clock.ts'
import { openFileStore } from './file-store.ts'
import { openPkcs11Store } from './pkcs11-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'turant-keys-'))
after(() => rmSync(folder, { recursive: true, force: true }))

keyStoreContract('a plain file', async () => openFileStore(join(folder, 'plain.json'), undefined))
keyStoreContract('a sealed file', async () => openFileStore(join(folder, 'sealed.json'), 'correct horse battery'))

describe('PKCS#11', { skip: whyNoHsm ?? false }, () => {
  if (whyNoHsm !== undefined) return
  const hsm = openSoftHsm()
  rememberSecret(hsm.pin)
  const options = { ...hsm, clock: systemClock }
  const open = () => openPkcs11Store(options)
  keyStoreContract('SoftHSM2', open)

  test('keys cannot leave the token', async () => {
    const store = await open()
    const shown = execFileSync('softhsm2-util', ['--show-slots'], { encoding: 'utf8' })
    assert.match(shown, /turant test/)
    // The worker asks for the value of a key as anybody with the PIN could, and the token refuses.
    const { createRequire } = await import('node:module')
    const { PKCS11 } = createRequire(new URL('../../packages/pkcs11/package.json', import.meta.url))('pkcs11js')
    const p = new PKCS11()
    p.load(hsm.module)
    // The module is one for the whole process, whoever loads it.
    assert.throws(() => p.C_Initialize(), /ALREADY_INITIALIZED/)
    const slot = p.C_GetSlotList(true).find((one: Buffer) => p.C_GetTokenInfo(one).label.trimEnd() === hsm.token)
    const session = p.C_OpenSession(slot, 6)
    try {
      p.C_Login(session, 1, hsm.pin)
    } catch (error) {
      assert.match(String(error), /ALREADY_LOGGED_IN/)
    }
    p.C_FindObjectsInit(session, [{ type: 0, value: 4 }])
    const keys = p.C_FindObjects(session, 100)
    assert.ok(keys.length > 0)
    for (const key of keys) {
      assert.throws(() => p.C_GetAttributeValue(session, key, [{ type: 0x11 }]), /SENSITIVE/)
      const [extractable, sensitive] = p.C_GetAttributeValue(session, key, [{ type: 0x162 }, { type: 0x103 }])
      assert.deepEqual([extractable.value[0], sensitive.value[0]], [0, 1])
    }
    p.C_FindObjectsFinal(session)
    p.C_CloseSession(session)
    await store.close()
  })

  test('a token that went away fails every call with one line, and is found again when it is back', async () => {
    const store = await open()
    const kek = await store.current()
    const wrapped = await store.wrap(kek, Buffer.alloc(32, 7), 'a')
    renameSync(hsm.tokens, `${hsm.tokens}-away`)
    await assert.rejects(
      store.unwrap(kek, wrapped, 'a'),
      /^Error: (TURANT_PKCS11_TOKEN: there is no token|the token "turant test" does not answer)[^\n]*$/,
    )
    await assert.rejects(store.current(), /turant test/)
    renameSync(`${hsm.tokens}-away`, hsm.tokens)
    assert.deepEqual(Buffer.from(await store.unwrap(kek, wrapped, 'a')), Buffer.alloc(32, 7))
    await store.close()
  })

  test('what cannot be opened is said in one line', async () => {
    const refusals: readonly (readonly [Partial<typeof options>, RegExp])[] = [
      [{ module: '/nowhere.so' }, /^Error: TURANT_PKCS11_MODULE: \/nowhere\.so cannot be loaded as a PKCS#11 module$/],
      [
        { token: 'other' },
        /^Error: TURANT_PKCS11_TOKEN: there is no token "other" in the \d+ slots of .*libsofthsm2\.so$/,
      ],
      [{ pinFile: '/nowhere' }, /^Error: TURANT_PKCS11_PIN_FILE: \/nowhere: it cannot be read \(ENOENT\)$/],
    ]
    for (const [change, line] of refusals) await assert.rejects(openPkcs11Store({ ...options, ...change }), line)
    chmodSync(hsm.pinFile, 0o644)
    await assert.rejects(open(), /everybody on this machine can read it: chmod 600$/)
    chmodSync(hsm.pinFile, 0o600)
  })

  test('a wrong PIN is tried once, by this process and by every next one, until its file is another', async () => {
    const pinFile = join(folder, 'pin')
    writeFileSync(pinFile, '00000000\n', { mode: 0o600 })
    const wrong = () => openPkcs11Store({ ...options, pinFile })
    await assert.rejects(
      wrong(),
      /^Error: TURANT_PKCS11_PIN_FILE: the token "turant test" refuses the PIN \(CKR_PIN_INCORRECT\); it is not tried again$/,
    )
    for (let i = 0; i < 3; i += 1) await assert.rejects(wrong(), /refused this PIN before, and it is not tried again/)
    writeFileSync(pinFile, `${hsm.pin}`)
    const store = await wrong()
    assert.ok((await store.list()).length > 0)
    await store.close()
  })
})
