import { join } from 'node:path'
import type { Clock } from './base/clock.ts'
import { type Config, ConfigError } from './config.ts'
import { openFileStore } from './secrecy/file-store.ts'
import type { KeyStore } from './secrecy/key-store.ts'
import { openPkcs11Store } from './secrecy/pkcs11-store.ts'

/** Where the keys are that wrap the keys of the database, as the settings have it. @throws {ConfigError} one line that says what is wrong */
export async function openKeyStore(config: Config, dataDir: string, clock: Clock): Promise<KeyStore> {
  try {
    if (config.keyStore === 'file')
      return openFileStore(config.keyFile ?? join(dataDir, 'kek.json'), config.keyPassphrase)
    const { pkcs11Module: module = '', pkcs11Token: token = '', pkcs11PinFile: pinFile = '' } = config
    return await openPkcs11Store({ module, token, pinFile, refusedFile: join(dataDir, 'pkcs11.refused'), clock })
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new ConfigError(
      why.startsWith('TURANT_')
        ? why
        : `${config.keyStore === 'file' ? 'TURANT_KEY_FILE' : 'TURANT_KEY_STORE'}: ${why}`,
    )
  }
}
