import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync } from 'node:crypto'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { SignedXml } from 'xml-crypto'
import {
  append,
  C14N,
  DSIG,
  ENVELOPED,
  EXCLUSIVE,
  inside,
  limits,
  parts,
  payment,
  RSA_SHA256,
  SHA256,
  signatureOf,
  signFreely,
  UPI,
} from '../../../test/support/signed-documents.ts'
import { makeSigningKey } from '../../sandbox-keys.ts'
import { type Opened, openSigned, openSignedByLibrary, SignatureError, type SignatureFault, sign } from './signature.ts'

const now = Date.UTC(2026, 10, 22)
const DAY_MS = 86_400_000
const span = { fromMs: now - DAY_MS, untilMs: now + 30 * DAY_MS }
const npci = await makeSigningKey('NPCI', span)
const stranger = await makeSigningKey('somebody', span)
const pinned = [npci.certificate]
const ways = { openSigned, openSignedByLibrary }

type Verdict = Opened | SignatureFault

/** What a way makes of a document: what it opened, or the code of its refusal. Nothing else may be thrown. */
function verdict(way: typeof openSigned, document: string | Uint8Array, certificates = pinned, at = now): Verdict {
  try {
    return way(Buffer.from(document), certificates, at, limits)
  } catch (error) {
    assert.ok(error instanceof SignatureError, String(error))
    return error.code
  }
}

/** Both ways refuse, and for the reason that is named. */
function refused(document: string | Uint8Array, code: SignatureFault, certificates = pinned, at = now): void {
  for (const [name, way] of Object.entries(ways)) {
    assert.equal(verdict(way, document, certificates, at), code, `${name} of ${Buffer.from(document).toString()}`)
  }
}

/** Both ways open it, to this text. */
function opens(document: string, text: string, certificates = pinned): void {
  for (const [name, way] of Object.entries(ways)) {
    const opened = verdict(way, document, certificates)
    assert.ok(typeof opened === 'object', `${name} refuses: ${opened}`)
    assert.equal(opened.text, text, name)
  }
}

const genuine = sign(payment(), npci)
const { before, signature, after } = parts(genuine)
const evil = inside('200000.00')

describe('what is signed is opened', () => {
  test('as this hub writes it, to exactly what was signed', () => opens(genuine, payment()))

  test('with a default namespace, none, or several, and any text', () => {
    const documents = [
      `<ReqHbt xmlns="${UPI}"><Head></Head></ReqHbt>`,
      '<ReqHbt><Head></Head></ReqHbt>',
      `<a:ReqHbt xmlns="urn:default" xmlns:a="${UPI}" xmlns:b="urn:b" y="1"><Head note="ಕೆ &amp; &lt;é&quot;>&#xA;"></Head>&lt;&gt;&amp;&#xD;</a:ReqHbt>`,
    ]
    for (const document of documents) opens(sign(document, npci), document)
  })

  test('as another program writes it: prefix, empty tags, declaration, line ends, one transform', () => {
    opens(signFreely(payment(), { key: npci.privateKey, prefix: 'ds:' }), payment())
    opens(signFreely(payment(), { key: npci.privateKey, references: [{ transforms: [ENVELOPED] }] }), payment())
    opens(`<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n${genuine}`, payment())
    opens(genuine.replaceAll(/><\/(Head|Txn|Amount|Transform|DigestMethod)>/g, '/>'), payment())
    opens(genuine.replace('curr="INR" value="1.00"', 'value=\'1.00\'\n curr = "INR"'), payment())
    opens(genuine.replace(/<SignatureValue>(.{76})(.{76})/, '<SignatureValue>$1\n$2\n'), payment())
  })

  test('written differently in any way that means the same', () => {
    const document = `<a:R xmlns="urn:d" xmlns:a="urn:a" x="1" y="&lt;&#x9;"><B c="1" d="2">1 &gt; 0&amp;&#xD;</B><E></E></a:R>`
    const signed = sign(document, npci)
    opens(signed, document)
    for (const [from, to] of [
      ['x="1" y="&lt;&#x9;"', 'y="&lt;&#x9;" x="1"'],
      ['xmlns="urn:d" xmlns:a="urn:a" x="1"', 'x="1" xmlns:a="urn:a" xmlns="urn:d"'],
      ['1 &gt; 0', '1 > 0'],
      ['&amp;&#xD;', '&#38;&#13;'],
      ['&lt;&#x9;', '&#60;&#9;'],
      ['"&lt;&#x9;"', "'&lt;&#x9;'"],
      ['<B ', '<B xmlns="urn:d" '],
      ['<B ', '<B xmlns:a="urn:a" '],
      ['<E></E>', '<E/>'],
      ['<E></E>', '<E ></E>'],
      ['</a:R>', '</a:R>\n'],
      ['x="1"', ' x = "1"'],
      ['<B c="1" d="2"', '<B\nc="1" d="2"'],
    ] as const) {
      const changed = signed.replace(from, to)
      assert.notEqual(changed, signed)
      opens(changed, document)
    }
    const sorted = '<R xmlns:z="urn:1" xmlns:y="urn:2"><B y:b="1" z:a="1"></B></R>'.replace(
      /( xmlns:z="urn:1")( xmlns:y="urn:2")/,
      '$2$1',
    )
    const bySpace = sorted.replace('y:b="1" z:a="1"', 'z:a="1" y:b="1"')
    opens(sign(bySpace, npci), bySpace)
    opens(sign(bySpace, npci).replace('z:a="1" y:b="1"', 'y:b="1" z:a="1"'), bySpace)
  })

  test('by xml-crypto itself, and xml-crypto reads what this hub signs', () => {
    const library = new SignedXml({
      privateKey: npci.privateKey,
      canonicalizationAlgorithm: C14N,
      signatureAlgorithm: RSA_SHA256,
    })
    library.addReference({ xpath: '/*', transforms: [ENVELOPED, C14N], digestAlgorithm: SHA256, isEmptyUri: true })
    library.computeSignature(payment())
    opens(library.getSignedXml(), payment())

    const reader = new SignedXml({ publicCert: npci.certificate.toString(), getCertFromKeyInfo: () => null })
    reader.loadSignature(signature)
    assert.equal(reader.checkSignature(genuine), true)
    assert.deepEqual(reader.getSignedReferences(), [payment()])
  })

  test('whatever stands in KeyInfo, even when nothing does', () => {
    opens(genuine.replace(/<KeyInfo>.*<\/KeyInfo>/, ''), payment())
    opens(genuine.replace(/<KeyInfo>.*<\/KeyInfo>/, '<KeyInfo><KeyName>another</KeyName></KeyInfo>'), payment())
  })
})

describe('a signature that is not a pinned key’s is refused', () => {
  test('another key', () => refused(sign(payment(), stranger), 'bad_signature'))

  test('another key whose value stands in KeyInfo, as it says of itself', () => {
    const value = (document: string): string => /<Modulus>(.*)<\/Modulus>/.exec(document)?.[1] ?? ''
    const theirs = sign(payment(), stranger)
    assert.notEqual(value(theirs), value(genuine))
    refused(theirs, 'bad_signature')
    const certificate = stranger.certificate.raw.toString('base64')
    const keyInfo = `<KeyInfo><X509Data><X509Certificate>${certificate}</X509Certificate></X509Data></KeyInfo>`
    refused(signFreely(payment(), { key: stranger.privateKey, keyInfo }), 'bad_signature')
    refused(
      genuine.replace(
        /<SignatureValue>.*?<\/SignatureValue>/,
        parts(theirs).signature.match(/<SignatureValue>.*?<\/SignatureValue>/)?.[0] ?? '',
      ),
      'bad_signature',
    )
  })

  test('nothing pinned', () => refused(genuine, 'bad_signature', []))

  test('a pinned key that is not RSA, or too short, makes no signature', async () => {
    const elliptic = await makeSigningKey('elliptic', span, generateKeyPairSync('ec', { namedCurve: 'P-256' }))
    refused(signFreely(payment(), { key: elliptic.privateKey }), 'bad_signature', [elliptic.certificate])
    const short = await makeSigningKey('short', span, generateKeyPairSync('rsa', { modulusLength: 1024 }))
    refused(signFreely(payment(), { key: short.privateKey }), 'bad_signature', [short.certificate])
  })

  test('of several pinned ones any may sign, and the one that did is named', () => {
    const both = [npci.certificate, stranger.certificate]
    for (const key of [npci, stranger]) {
      const opened = verdict(openSigned, sign(payment(), key), both)
      assert.ok(typeof opened === 'object')
      assert.equal(opened.certificate.fingerprint256, key.certificate.fingerprint256)
    }
  })
})

describe('a certificate outside its time signs nothing', () => {
  test('expired', () => refused(genuine, 'certificate_expired', pinned, span.untilMs + 1000))
  test('not yet valid', () => refused(genuine, 'certificate_not_yet_valid', pinned, span.fromMs - 1000))
  test('a key certified again counts with its later certificate, in whatever order they are pinned', async () => {
    const later = await makeSigningKey('again', { fromMs: now, untilMs: now + 90 * DAY_MS }, npci)
    for (const both of [
      [npci.certificate, later.certificate],
      [later.certificate, npci.certificate],
    ]) {
      assert.ok(typeof verdict(openSigned, genuine, both, span.untilMs + 1000) === 'object')
      assert.ok(typeof verdict(openSigned, genuine, both, now - 1000) === 'object')
    }
  })
})

describe('what was changed after signing is refused', () => {
  test('a value', () => refused(genuine.replace('"1.00"', '"9.00"'), 'bad_digest'))
  test('a character of text, white space, a letter’s case', () => {
    for (const [from, to] of [
      ['</Txn>', ' </Txn>'],
      ['700001', '700002'],
      ['PAY', 'pay'],
    ] as const)
      refused(genuine.replace(from, to), 'bad_digest')
  })
  test('an element more, less or elsewhere', () => {
    refused(`${before}<Amount></Amount>${signature}${after}`, 'bad_digest')
    refused(`${before}${signature}<Amount></Amount>${after}`, 'bad_digest')
    refused(genuine.replace('<Txn id="TRN0456" type="PAY"></Txn>', ''), 'bad_digest')
    refused(genuine.replace(/(<Head.*?<\/Head>)(<Txn.*?<\/Txn>)/, '$2$1'), 'bad_digest')
  })
  test('the digest, so that it fits another document', () => {
    const other = payment('9.00')
    const digest = createHash('sha256').update(other).digest('base64')
    const changed = append(
      other,
      signature.replace(/<DigestValue>.*<\/DigestValue>/, `<DigestValue>${digest}</DigestValue>`),
    )
    refused(changed, 'bad_signature')
  })
  test('the signature of another message under this one', () => {
    refused(append(payment('9.00'), signature), 'bad_digest')
  })
  test('the root’s name, and so what the message is', () => {
    refused(genuine.replaceAll('ReqPay', 'RespPay'), 'bad_digest')
  })
  test('one letter of SignatureValue', () => {
    const at = genuine.indexOf('<SignatureValue>') + 20
    const other = genuine[at] === 'A' ? 'B' : 'A'
    refused(genuine.slice(0, at) + other + genuine.slice(at + 1), 'bad_signature')
  })
})

describe('a missing or second signature is refused', () => {
  test('stripped', () => refused(payment(), 'no_signature'))
  test('stripped of its content', () =>
    refused(append(payment(), `<Signature xmlns="${DSIG}"></Signature>`), 'bad_reference'))
  test('a Signature of another namespace', () => {
    refused(append(payment(), '<Signature></Signature>'), 'no_signature')
    refused(genuine.replace(`<Signature xmlns="${DSIG}">`, '<Signature xmlns="urn:x">'), 'no_signature')
  })
  test('two signatures, both good', () => refused(append(genuine, signature), 'many_signatures'))
  test('two signatures, the second of a stranger', () => {
    refused(append(genuine, parts(sign(payment(), stranger)).signature), 'many_signatures')
  })
  test('a second one whose prefix hides it', () => {
    refused(append(genuine, `<x:Signature xmlns:x="${DSIG}"></x:Signature>`), 'many_signatures')
  })
  test('a signature that is not a child of the root', () => {
    refused(`${before}<Extra>${signature}</Extra>${after}`, 'no_signature')
  })
})

// Each moves what was signed to where a reader does not look, and puts something else where it does. The first half of each test
// is about this hub's signatures, of the whole document; the second about one that refers to its element by Id, signed by the
// pinned key all the same. @source Somorovsky et al., "On Breaking SAML: Be Whoever You Want to Be", USENIX Security 2012
describe('signature wrapping is refused', () => {
  const root = (content: string, attributes = ''): string =>
    `<ns2:ReqPay xmlns:ns2="${UPI}"${attributes}>${content}</ns2:ReqPay>`
  const byId = payment('1.00', ' Id="signed"')
  const signatureById = signatureOf(byId, { key: npci.privateKey, references: [{ uri: '#signed' }] })
  const within = (element: string, content: string): string => element.replace(/<\/(ds:)?Signature>$/, `${content}$&`)
  const both = (wrap: (original: string, its: string, attributes: string) => string): readonly string[] => [
    wrap(payment(), signature, ''),
    wrap(byId, signatureById, ' Id="other"'),
    wrap(byId, signatureById, ' Id="signed"'),
  ]
  const allRefused = (documents: readonly string[]): void => {
    for (const document of documents)
      for (const way of Object.values(ways)) {
        const seen = verdict(way, document)
        assert.ok(
          seen === 'bad_digest' || seen === 'bad_reference' || seen === 'no_signature',
          `${JSON.stringify(seen)}`,
        )
      }
  }

  test('XSW 1: a new root, with the signed one inside the signature', () =>
    allRefused(both((original, its, id) => root(`${evil}${within(its, original)}`, id))))
  test('XSW 2: a new root, with the signed one before the detached signature', () =>
    allRefused(both((original, its, id) => root(`${evil}${original}${its}`, id))))
  test('XSW 3: the new element first, beside the signed one, which keeps its signature', () =>
    allRefused(
      both(
        (original, its, id) =>
          `<ns2:Message xmlns:ns2="${UPI}">${root(evil, id)}${append(original, its)}</ns2:Message>`,
      ),
    ))
  test('XSW 4: the new element around the signed one, which keeps its signature', () =>
    allRefused(both((original, its, id) => root(`${evil}${append(original, its)}`, id))))
  test('XSW 5: the signature in the new element, the signed one after it', () =>
    allRefused(
      both(
        (original, its, id) => `<ns2:Message xmlns:ns2="${UPI}">${root(`${evil}${its}`, id)}${original}</ns2:Message>`,
      ),
    ))
  test('XSW 6: the signature in the new element, the signed one inside it', () =>
    allRefused(
      both(
        (original, its, id) =>
          `<ns2:Message xmlns:ns2="${UPI}">${root(`${evil}${within(its, original)}`, id)}</ns2:Message>`,
      ),
    ))
  test('XSW 7: the new element in an extension, before the signed one', () =>
    allRefused(both((original, its, id) => root(`<Extensions>${root(evil, id)}</Extensions>${original}${its}`))))
  test('XSW 8: the signed one in an Object of the signature of the new one', () =>
    allRefused(both((original, its, id) => root(`${evil}${within(its, `<Object>${original}</Object>`)}`, id))))
})

// ASVS 1.5.1
describe('what two readers could read differently is refused', () => {
  test('a comment in a value', () => {
    refused(genuine.replace('TRN0456', 'TRN<!-- -->0456'), 'malformed')
    refused(genuine.replace('</Txn>', '<!-- --></Txn>'), 'malformed')
  })
  test('a comment in SignedInfo, in DigestValue, in SignatureValue', () => {
    for (const name of ['SignedInfo', 'DigestValue', 'SignatureValue'])
      refused(genuine.replace(`<${name}>`, `<${name}><!-- x -->`), 'malformed')
  })
  test('a comment around the document', () => {
    refused(`<!-- x -->${genuine}`, 'malformed')
    refused(`${genuine}<!-- x -->`, 'malformed')
  })
  test('a CDATA section', () => {
    refused(genuine.replace('</Txn>', '<![CDATA[x]]></Txn>'), 'malformed')
    refused(genuine.replace('<DigestValue>', '<DigestValue><![CDATA[]]>'), 'malformed')
  })
  test('a DOCTYPE, with and without entities', () => {
    refused(`<!DOCTYPE x>${genuine}`, 'doctype')
    refused(`<!DOCTYPE x [<!ENTITY a "1.00">]>${genuine.replace('"1.00"', '"&a;"')}`, 'doctype')
    refused(`<?xml version="1.0"?><!doctype x SYSTEM "file:///etc/passwd">${genuine}`, 'doctype')
  })
  test('an entity that nobody declared, a reference to what is no character', () => {
    refused(genuine.replace('"1.00"', '"&a;"'), 'doctype')
    for (const reference of ['&#0;', '&#xD800;', '&#xFFFF;', '&#x110000;', '&#27;'])
      refused(genuine.replace('"1.00"', `"${reference}"`), 'malformed')
  })
  test('a billion laughs', () => {
    const lines = Array.from({ length: 30 }, (_, i) => `<!ENTITY l${i + 1} "&l${i};&l${i};">`)
    refused(`<!DOCTYPE x [<!ENTITY l0 "ha">${lines.join('')}]><x>&l30;</x>`, 'doctype')
  })
  test('a processing instruction', () => {
    refused(`<?xml-stylesheet href="x"?>${genuine}`, 'malformed')
    refused(genuine.replace('</Txn>', '<?x y?></Txn>'), 'malformed')
  })
  test('another encoding, bytes that are not UTF-8, a byte order mark, a NUL', () => {
    refused(`<?xml version="1.0" encoding="UTF-16"?>${genuine}`, 'not_utf8')
    refused(`<?xml version="1.0" encoding="UTF-7"?>${genuine}`, 'not_utf8')
    refused(Buffer.from(genuine.replace('PAY', 'P\u00e9Y'), 'latin1'), 'not_utf8')
    refused(Buffer.from(genuine, 'utf16le'), 'malformed')
    refused(`\ufeff${genuine}`, 'malformed')
    refused(genuine.replace('PAY', 'P\0AY'), 'malformed')
  })
  test('namespaces that rename what was signed', () => {
    refused(genuine.replace(UPI, 'urn:other'), 'bad_digest')
    refused(genuine.replace('<Txn ', '<Txn xmlns="urn:other" '), 'bad_digest')
    refused(genuine.replace('<ns2:ReqPay ', `<ns2:ReqPay xmlns="${UPI}" `), 'bad_digest')
    refused(genuine.replaceAll('ns2', 'ns3'), 'bad_digest')
    refused(genuine.replace('<SignedInfo>', '<SignedInfo xmlns:x="urn:x">'), 'bad_signature')
    refused(genuine.replace('<SignedInfo>', '<SignedInfo xmlns="urn:x">'), 'bad_reference')
  })
  test('an attribute twice, by name or by namespace', () => {
    refused(genuine.replace('type="PAY"', 'type="PAY" type="CREDIT"'), 'malformed')
    const twice = genuine
      .replace('type="PAY"', 'a:type="PAY" b:type="CREDIT"')
      .replace('<ns2:ReqPay', '<ns2:ReqPay xmlns:a="u" xmlns:b="u"')
    for (const way of Object.values(ways)) assert.ok(typeof verdict(way, twice) === 'string')
  })
  test('a prefix that nobody declared, or that means XML itself', () => {
    for (const way of Object.values(ways))
      assert.ok(typeof verdict(way, genuine.replaceAll('Txn', 'x:Txn')) === 'string')
    refused(genuine.replace('<Txn ', '<Txn xmlns:xml="urn:x" '), 'malformed')
    refused(genuine.replace('<Txn ', '<Txn xmlns:a="" '), 'malformed')
  })
  test('names that XML keeps for itself: the library would leave xmlnsamount out of what it digests', () => {
    for (const name of ['xmlnsamount', 'xml:lang', 'xml:id', 'XMLnote', 'xmlns2'])
      refused(genuine.replace('value="1.00"', `value="1.00" ${name}="x"`), 'malformed')
    refused(genuine.replaceAll('Txn', 'xmlTxn'), 'malformed')
  })
  test('a namespace that would end its own quotes, or is no URI', () => {
    for (const uri of [`'u" evil="1'`, '"u&lt;"', '"u u"', `"http://npci.org/&#117;pi/"`])
      refused(genuine.replace('<Txn ', `<Txn xmlns:a=${uri} `), 'malformed')
  })
  test('white space in an end tag, over which the parser of the library stumbles', () => {
    refused(genuine.replace('</Txn>', '</Txn >'), 'malformed')
  })
  test('text or a second root after the first', () => {
    refused(`${genuine}x`, 'malformed')
    refused(`x${genuine}`, 'malformed')
    refused(`${genuine}${genuine}`, 'malformed')
    refused(genuine.slice(0, -1), 'malformed')
    refused('', 'malformed')
  })
})

describe('a signature that says something else than it must is refused, though a pinned key made it', () => {
  const key = npci.privateKey
  const refusedWith = (code: SignatureFault, freely: Parameters<typeof signFreely>[1]): void =>
    refused(signFreely(payment(), freely), code)

  test('the control: the same hand, with nothing changed, is accepted', () =>
    opens(signFreely(payment(), { key }), payment()))
  test('SHA-1 in the signature', () =>
    refusedWith('bad_algorithm', { key, hash: 'sha1', algorithm: `${DSIG}rsa-sha1` }))
  test('SHA-1 in the digest', () =>
    refusedWith('bad_algorithm', { key, references: [{ digestMethod: `${DSIG}sha1` }] }))
  test('another RSA: SHA-512', () =>
    refusedWith('bad_algorithm', {
      key,
      hash: 'sha512',
      algorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
    }))
  test('HMAC, with the public key for a secret', () => {
    const secrets = [
      npci.certificate.toString(),
      npci.certificate.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    ]
    for (const secret of secrets)
      for (const algorithm of [`${DSIG}hmac-sha1`, 'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256', RSA_SHA256]) {
        const document = signFreely(payment(), { key, secret, algorithm })
        refused(document, algorithm === RSA_SHA256 ? 'bad_signature' : 'bad_algorithm')
      }
  })
  test('an algorithm of no name, or none', () => {
    refusedWith('bad_algorithm', { key, algorithm: '' })
    refusedWith('bad_algorithm', { key, algorithm: 'constructor' })
    refused(genuine.replace(/<SignatureMethod Algorithm="[^"]*">/, '<SignatureMethod>'), 'bad_algorithm')
  })
  test('exclusive canonicalisation, or one that keeps comments', () => {
    refusedWith('bad_algorithm', { key, canonicalization: EXCLUSIVE })
    refusedWith('bad_algorithm', { key, canonicalization: `${C14N}#WithComments` })
  })
  test('two references', () => {
    refusedWith('bad_reference', { key, references: [{}, {}] })
    refusedWith('bad_reference', { key, references: [{}, { uri: '#x', of: 'x' }] })
  })
  test('no reference', () => refusedWith('bad_reference', { key, references: [] }))
  test('a reference to an Id, to another document, or without a URI', () => {
    const document = payment('1.00', ' Id="signed"')
    refused(signFreely(document, { key, references: [{ uri: '#signed' }] }), 'bad_reference')
    refusedWith('bad_reference', { key, references: [{ uri: 'https://example.org/x' }] })
    refusedWith('bad_reference', { key, references: [{ uri: '#xpointer(/)' }] })
    refusedWith('bad_reference', { key, references: [{ uri: undefined }] })
  })
  test('transforms that are not on the list', () => {
    const xpath = 'http://www.w3.org/TR/1999/REC-xpath-19991116'
    const xslt = 'http://www.w3.org/TR/1999/REC-xslt-19991116'
    for (const transforms of [
      [],
      [C14N],
      [ENVELOPED, xpath],
      [xslt],
      [ENVELOPED, EXCLUSIVE],
      [C14N, ENVELOPED],
      [ENVELOPED, ENVELOPED],
      [ENVELOPED, C14N, C14N],
    ])
      refusedWith('bad_algorithm', { key, references: [{ transforms }] })
  })
  test('transforms with something inside', () => {
    const inTransforms =
      '<InclusiveNamespaces xmlns="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="ns2"></InclusiveNamespaces>'
    refusedWith('bad_reference', { key, references: [{ inTransforms }] })
  })
  test('two SignedInfo, the second one signed', () => {
    const first = /<SignedInfo>.*<\/SignedInfo>/.exec(signature)?.[0] ?? ''
    refused(genuine.replace('<SignedInfo>', `${first}<SignedInfo>`), 'bad_reference')
    refused(genuine.replace('<SignatureValue>', `${first}<SignatureValue>`), 'bad_reference')
  })
  test('two DigestValue, two SignatureValue, an Object', () => {
    refused(genuine.replace('<DigestValue>', '<DigestValue>AAAA</DigestValue><DigestValue>'), 'bad_reference')
    refused(
      genuine.replace('<SignatureValue>', '<SignatureValue>AAAA</SignatureValue><SignatureValue>'),
      'bad_reference',
    )
    refused(genuine.replace('</Signature>', '<Object></Object></Signature>'), 'bad_reference')
  })
  test('an element inside DigestValue or SignatureValue', () => {
    refused(genuine.replace('</DigestValue>', '<x></x></DigestValue>'), 'bad_reference')
    refused(genuine.replace('</SignatureValue>', '<x></x></SignatureValue>'), 'bad_reference')
  })
})

describe('a document that would cost much is refused before anything is built', () => {
  test('too long', () => refused(`${genuine}${' '.repeat(limits.maxBytes)}`, 'too_large'))
  test('too deep', () => refused(`${'<a>'.repeat(17)}${'</a>'.repeat(17)}`, 'too_large'))
  test('too many elements, attributes, namespaces', () => {
    refused(`<a>${'<b></b>'.repeat(5_000)}</a>`, 'too_large')
    refused(`<a ${Array.from({ length: 60 }, (_, i) => `b${i}=""`).join(' ')}></a>`, 'too_large')
    refused(`<a ${Array.from({ length: 9 }, (_, i) => `xmlns:b${i}="u"`).join(' ')}></a>`, 'too_large')
  })
})

// Goal: the way without a tree and the library never differ in what they accept. Method: canonical documents of any shape, signed,
// then changed as text in up to three places; the library is asked about each as well.
test('both ways come to the same verdict on a document, and what is accepted is what was signed', () => {
  const name = fc.constantFrom('Head', 'Txn', 'Payer', 'Ac', 'Detail', 'ns2:Amount')
  const letters = fc.string({
    unit: fc.constantFrom('a', '1', ' ', '<', '>', '&', '"', "'", '\n', '\t', '\r', 'é', 'ಕ', '😀'),
    maxLength: 8,
  })
  const inText = (value: string): string =>
    value.replace(/[&<>\r]/g, (at) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[at] ?? '&#xD;')
  const inValue = (value: string): string =>
    value.replace(
      /[&<"\t\n\r]/g,
      (at) => ({ '&': '&amp;', '<': '&lt;', '"': '&quot;', '\t': '&#x9;', '\n': '&#xA;' })[at] ?? '&#xD;',
    )
  const attributes = fc
    .uniqueArray(fc.tuple(fc.constantFrom('id', 'note', 'ts', 'type', 'value'), letters), {
      selector: ([key]) => key,
      maxLength: 4,
    })
    .map((pairs) =>
      pairs
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => ` ${key}="${inValue(value)}"`)
        .join(''),
    )
  const { element } = fc.letrec<{ element: string }>((tie) => ({
    element: fc
      .tuple(
        name,
        attributes,
        fc.oneof(
          { maxDepth: 3 },
          letters.map(inText),
          fc.array(tie('element'), { maxLength: 3 }).map((all) => all.join('')),
        ),
      )
      .map(([of, its, content]) => `<${of}${its}>${content}</${of}>`),
  }))
  const document = fc
    .tuple(
      fc.constantFrom('', ' xmlns="urn:d"'),
      fc.constantFrom('', ' xmlns:ns3="urn:3"'),
      attributes,
      fc.array(element, { maxLength: 3 }),
    )
    .map(
      ([own, third, its, content]) =>
        `<ns2:ReqPay${own} xmlns:ns2="${UPI}"${third}${its}>${content.join('')}</ns2:ReqPay>`,
    )
  const piece = fc.constantFrom(
    '',
    ' ',
    'x',
    '<',
    '>',
    '/',
    '"',
    '&amp;',
    '&#13;',
    '<a/>',
    '<a></a>',
    '<!---->',
    ' xmlns=""',
    ' xmlns:ns2="u"',
    ' Id="a"',
    '=',
    'A',
  )
  const change = fc.record({ at: fc.nat(5_000), less: fc.nat(3), piece })
  const tally = { accepted: 0, refused: 0 }
  fc.assert(
    fc.property(document, fc.array(change, { maxLength: 3 }), fc.boolean(), (original, changes, near) => {
      const signed = sign(original, npci)
      let changed = signed
      for (const { at, less, piece } of changes) {
        // Half of them in the part before the signature, where a change makes a message of another meaning.
        const place = at % (near ? original.length : changed.length)
        changed = changed.slice(0, place) + piece + changed.slice(place + less)
      }
      const [quick, slow] = [verdict(openSigned, changed), verdict(openSignedByLibrary, changed)]
      assert.equal(typeof quick, typeof slow, `${JSON.stringify(quick)} but ${JSON.stringify(slow)}`)
      if (typeof quick === 'object' && typeof slow === 'object') {
        assert.equal(quick.text, slow.text)
        assert.equal(quick.text, original)
        tally.accepted += 1
      } else tally.refused += 1
      if (changes.length === 0) assert.equal(typeof quick, 'object')
    }),
    { numRuns: 600 },
  )
  assert.ok(tally.accepted > 50 && tally.refused > 200, JSON.stringify(tally))
})

test('an error never quotes the document', () => {
  const secrets = ['TRN0456', '700001', '1.00']
  for (const document of [
    payment(),
    genuine.replace('"1.00"', '"1.00'),
    sign(payment(), stranger),
    genuine.replaceAll('Txn', 'x:Txn'),
  ])
    for (const way of Object.values(ways))
      assert.throws(
        () => way(Buffer.from(document), pinned, now, limits),
        (error) => error instanceof SignatureError && !secrets.some((secret) => error.message.includes(secret)),
      )
})
