import { describe, expect, test } from '@jest/globals'
import { randomBytes, randomInt } from 'node:crypto'
import * as independent from '@wecom/crypto'
import fc from 'fast-check'
import { aesCodec, signatureOf, signedBy } from '../../../bot/channels/wechat/codec.js'
import { Refused } from '../../../bot/channels/wechat/refused.js'
import { readXml } from '../../../bot/channels/wechat/xml.js'

const aesKeyOf = () => randomBytes(32).toString('base64').slice(0, 43)
const appIdOf = () => `wx${randomBytes(8).toString('hex')}`
/** A thousand texts of all lengths, from all of Unicode. */
const texts = fc.sample(fc.string({ unit: 'grapheme', maxLength: 400 }), 1_000)

describe('the codec of the 公众号', () => {
  test('When an independent codec seals a thousand messages, then ours opens each', () => {
    for (const text of texts) {
      const [key, appId] = [aesKeyOf(), appIdOf()]
      expect(aesCodec(key).decrypt(independent.encrypt(key, text, appId))).toEqual({ xml: text, appId })
    }
  })

  test('When ours seals a thousand messages, then an independent one opens each, byte for byte', () => {
    for (const text of texts) {
      const [key, appId, random] = [aesKeyOf(), appIdOf(), randomBytes(16)]
      const sealed = aesCodec(key).encrypt(text, appId, random)
      expect(sealed).toBe(independent.encrypt(key, text, appId, random))
      expect(independent.decrypt(key, sealed)).toEqual({ message: text, id: appId, random })
    }
  })

  test('When a thousand messages are signed, then both agree, and no other part is believed', () => {
    for (const text of texts) {
      const [token, time, nonce] = [
        randomBytes(8).toString('hex'),
        String(randomInt(1e9)),
        String(randomInt(1e9)),
      ]
      const signature = independent.getSignature(token, time, nonce, text)
      expect(signatureOf(token, time, nonce, text)).toBe(signature)
      expect(signedBy(signature, token, time, nonce, text)).toBe(true)
      expect(signedBy(signature, token, time, `${nonce}0`, text)).toBe(false)
      expect(signedBy(signature.slice(1), token, time, nonce, text)).toBe(false)
    }
  })

  test('When bytes were changed, or the key is another, then it is refused and never half opened', () => {
    const [key, appId] = [aesKeyOf(), appIdOf()]
    const { encrypt, decrypt } = aesCodec(key)
    for (let i = 0; i < 300; i++) {
      const sealed = Buffer.from(encrypt('我不想活了'.repeat(randomInt(1, 30)), appId), 'base64')
      // The last block holds the padding.
      const at = sealed.length - randomInt(1, 17)
      sealed[at] = (sealed[at] as number) ^ randomInt(1, 256)
      expect(() => aesCodec(aesKeyOf()).decrypt(sealed.toString('base64'))).toThrow(Refused)
      try {
        expect(decrypt(sealed.toString('base64')).appId).not.toBe(appId)
      } catch (error) {
        expect(error).toBeInstanceOf(Refused)
      }
    }
    for (const junk of ['', 'A', 'AAAA', 'x'.repeat(64), '!!!!', Buffer.alloc(48).toString('base64')])
      expect(() => decrypt(junk)).toThrow(Refused)
  })
})

describe('XML', () => {
  test('When a message is read, then numbers stay words, and words stay as they are', () => {
    const xml =
      '<xml><MsgId>007</MsgId><Content><![CDATA[ <b>&amp;</b> <!DOCTYPE html> ]]></Content><A x="1">y</A></xml>'
    expect(readXml(xml)).toEqual({ MsgId: '007', Content: ' <b>&amp;</b> <!DOCTYPE html> ', A: 'y' })
    expect(readXml('<?xml version="1.0"?>\n<xml><A>1</A></xml>')).toEqual({ A: '1' })
  })

  test('When it is a bomb, a stranger root, broken or no XML at all, then it is refused at once', () => {
    const lol = '<!DOCTYPE xml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><xml><Content>&b;</Content></xml>'
    const deep = `<xml>${'<a>'.repeat(10_000)}${'</a>'.repeat(10_000)}</xml>`
    const proto = '<xml><__proto__><polluted>1</polluted></__proto__></xml>'
    const file = '<!DOCTYPE xml SYSTEM "file:///etc/passwd"><xml><Content>x</Content></xml>'
    for (const text of [
      lol,
      deep,
      proto,
      file,
      '',
      '{}',
      '<xml>',
      '<xml></xml>',
      '<foo><A>1</A></foo>',
      '\u0000',
    ])
      expect(() => readXml(text)).toThrow(Refused)
    expect('polluted' in {}).toBe(false)
  })
})
