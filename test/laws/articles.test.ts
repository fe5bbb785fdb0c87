import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { contentFolder } from '../../bot/content/folder.js'
import { resolveCitation, StatuteFile } from '../../bot/laws/articles.js'

const { statutes } = StatuteFile.parse(
  parse(readFileSync(join(contentFolder(), 'laws/articles.yml'), 'utf8')),
)

describe('a citation', () => {
  const resolve = (law: string, article: string, day = '2026-06-01') => {
    const found = resolveCitation(statutes, { law, article }, day)
    return 'statute' in found ? found.statute.version : found.fault
  }

  test('When a statute changed on a day, then that day decides which version it is', () => {
    expect(resolve('治安管理处罚法', '第四十三条', '2025-12-31')).toBe('2012-10-26')
    expect(resolve('治安管理处罚法', '第四十三条', '2026-01-01')).toBe('2025-06-27')
    expect(resolve('治安管理处罚法', '第一百四十四条', '2025-12-31')).toBe('no such article')
    expect(resolve('治安管理处罚法', '第四十三条', '2012-12-31')).toBe('not in force')
  })

  test('When a statute is not yet in force, then it cannot be cited', () => {
    expect(resolve('民法典', '第一条', '2020-12-31')).toBe('not in force')
    expect(resolve('民法典', '第一条', '2021-01-01')).toBe('2020-05-28')
  })

  test('When an old version stands before the new one in the list, then the day still decides', () => {
    const version = (version: string, effective: string, until?: string) => ({
      name: '某法',
      aliases: [],
      title: '某法',
      version,
      effective,
      until,
      articles: 9,
      sub: [],
    })
    const listed = [version('old', '2010-01-01', '2020-01-01'), version('new', '2020-01-01', '2025-01-01')]
    const on = (day: string) => resolveCitation(listed, { law: '某法', article: '第九条' }, day)
    expect(on('2019-12-31')).toMatchObject({ statute: { version: 'old' } })
    expect(on('2020-01-01')).toMatchObject({ statute: { version: 'new' } })
    expect(on('2025-01-01')).toEqual({ fault: 'not in force' })
  })

  test('When an alias is used, then it is the same statute', () => {
    expect(resolve('未保法', '第三十九条')).toBe(resolve('未成年人保护法', '第三十九条'))
    expect(resolve('没有的法', '第一条')).toBe('no such statute')
  })

  test('When an article lies at the border of a statute, then only what is inside exists', () => {
    expect(resolve('民法典', '第一千二百六十条')).toBe('2020-05-28')
    expect(resolve('民法典', '第一千二百六十一条')).toBe('no such article')
    expect(resolve('未成年人保护法', '第一百三十二条')).toBe('2024-04-26')
    expect(resolve('未成年人保护法', '第一百三十三条')).toBe('no such article')
    expect(resolve('民法典', '第零条')).toBe('no such article')
    expect(resolve('民法典', '一')).toBe('no such article')
  })

  test('When an article was inserted, then only those that were exist', () => {
    expect(resolve('刑法', '第二百三十六条之一')).toBe('2023-12-29')
    expect(resolve('刑法', '第二百三十六条之二')).toBe('no such article')
    expect(resolve('民法典', '第一百条之一')).toBe('no such article')
  })

  test('When two versions of one statute are listed, then no day has both', () => {
    for (const a of statutes) {
      for (const b of statutes) {
        if (a === b || a.name !== b.name) continue
        const apart = (a.until ?? '9999') <= b.effective || (b.until ?? '9999') <= a.effective
        expect([a.name, a.version, b.version, apart]).toEqual([a.name, a.version, b.version, true])
      }
    }
  })
})
