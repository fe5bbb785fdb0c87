import { describe, expect, test } from '@jest/globals'
import { checkPassword, hashPassword, isPassword } from '../../bot/staff/passwords.js'
import { delayAfter } from '../../bot/staff/sign-in.js'

describe('passwords', () => {
  test('When one is hashed, then by argon2id with 19 MiB and two passes, salted anew each time', async () => {
    const [a, b] = [await hashPassword('山丹-河套-1947'), await hashPassword('山丹-河套-1947')]
    for (const hash of [a, b]) expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(a).not.toBe(b)
    expect(await isPassword('山丹-河套-1947', a)).toBe(true)
    expect(await isPassword('山丹-河套-1948', a)).toBe(false)
  })

  test('When there is no account, then nothing is its password', async () => {
    expect(await isPassword('', null)).toBe(false)
    expect(await isPassword('山丹-河套-1947', null)).toBe(false)
  })

  const weak = [
    '123456789012',
    '987654321098',
    'aaaaaaaaaaaaaaa',
    'abababababab',
    'abcdefghijkl',
    '我我我我我我我我我我我我',
    'xiaolin-xiaolin',
    'XiaoLin20261234',
    '１２３４５６７８９０１２',
  ]
  test.each(weak)('When it is %s, then it is too easily guessed', (password) => {
    expect(() => checkPassword(password, 'xiaolin')).toThrow(/^password\.weak/)
  })

  const good = ['correct horse battery', '山丹-河套-马头琴-雪', 'g7#kQ2!mZp9w', '我家的猫昨天又打翻了奶茶']
  test.each(good)('When it is %s, then it is taken', (password) => {
    expect(() => checkPassword(password, 'xiaolin')).not.toThrow()
  })
})

describe('the wait after wrong attempts', () => {
  test('When attempts are wrong, then four cost nothing, the fifth 15 seconds, and none more than five minutes', () => {
    expect([1, 4, 5, 6, 7, 8, 9, 10, 1000].map(delayAfter)).toEqual(
      [0, 0, 15, 30, 60, 120, 240, 300, 300].map((seconds) => seconds * 1000),
    )
  })
})
