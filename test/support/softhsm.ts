import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'

const MODULES = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so',
]
const module = MODULES.find((path) => existsSync(path))
const addon = fileURLToPath(
  new URL('../../packages/pkcs11/node_modules/pkcs11js/build/Release/pkcs11.node', import.meta.url),
)

/** Why nothing can be tested against SoftHSM2 here; undefined when it can. CI sets PKCS11_TESTS=required and then gets no reason. */
export const whyNoHsm: string | undefined =
  process.env.PKCS11_TESTS === 'required'
    ? undefined
    : module === undefined
      ? 'SoftHSM2 is not installed: apt-get install softhsm2'
      : existsSync(addon)
        ? undefined
        : 'pkcs11js is not installed: npm ci --prefix packages/pkcs11'

export type SoftHsm = {
  readonly module: string
  readonly token: string
  readonly pinFile: string
  readonly pin: string
  /** Where its tokens are: a folder that can be taken away and put back. */
  readonly tokens: string
  readonly refusedFile: string
  /** What a process needs to find it. */
  readonly env: { readonly SOFTHSM2_CONF: string }
}

/** A software module with one token of its own for this test file. */
export function openSoftHsm(): SoftHsm {
  const folder = mkdtempSync(join(tmpdir(), 'turant-hsm-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const tokens = join(folder, 'tokens')
  mkdirSync(tokens)
  const conf = join(folder, 'softhsm2.conf')
  writeFileSync(conf, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`)
  process.env.SOFTHSM2_CONF = conf
  const [token, pin] = ['turant test', '48291734']
  execFileSync('softhsm2-util', ['--init-token', '--free', '--label', token, '--pin', pin, '--so-pin', '99887766'])
  const pinFile = join(folder, 'pin')
  writeFileSync(pinFile, `${pin}\n`, { mode: 0o600 })
  return {
    module: module ?? '',
    token,
    pinFile,
    pin,
    tokens,
    refusedFile: join(folder, 'refused'),
    env: { SOFTHSM2_CONF: conf },
  }
}
