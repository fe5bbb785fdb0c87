import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { contentFolder } from '../../bot/content/folder.js'
import { StatuteFile } from '../../bot/laws/articles.js'
import { citationReader, renderCitation } from '../../bot/laws/citations.js'

const { statutes } = StatuteFile.parse(
  parse(readFileSync(join(contentFolder(), 'laws/articles.yml'), 'utf8')),
)
const read = citationReader(statutes)

const here = fileURLToPath(new URL('.', import.meta.url))
const { forms } = parse(readFileSync(join(here, 'citation-forms.yml'), 'utf8')) as { forms: string[][] }

const rendered = (text: string, context?: { thisLaw?: string }) =>
  read(text, context).map(
    (found) => renderCitation(found) + (found.year ? `【${found.year}】` : '') + (found.known ? '' : '？'),
  )

describe('citations in a text', () => {
  test('When every authored form is read, then each says exactly what it cites', () => {
    expect(forms.length).toBeGreaterThanOrEqual(150)
    const wrong = forms.flatMap(([text, ...expected]) => {
      const found = rendered(text as string)
      return JSON.stringify(found) === JSON.stringify(expected) ? [] : [{ text, expected, found }]
    })
    expect(wrong).toEqual([])
  })

  test('When a form stands inside a sentence, then the same is found, and where it stands', () => {
    const inside = forms.filter(([, ...expected]) => expected.length === 1)
    const wrong = inside.flatMap(([text, ...expected]) => {
      const sentence = `老师说可以看看${text as string}。后来呢？`
      const found = read(sentence)
      const words = found.map(({ start, end }) => sentence.slice(start, end)).join()
      const same = JSON.stringify(rendered(sentence)) === JSON.stringify(expected)
      return same && sentence.includes(words) && words.length > 3
        ? []
        : [{ text, found: rendered(sentence), words }]
    })
    expect(wrong).toEqual([])
  })

  test('When a statute speaks of itself, then its own name is taken', () => {
    const context = { thisLaw: '治安管理处罚法' }
    expect(rendered('依照本法第五十一条的规定处罚', context)).toEqual(['《治安管理处罚法》第五十一条'])
    expect(rendered('依照本法第十二条规定不予处罚或者依照本法第二十三条规定', context)).toEqual([
      '《治安管理处罚法》第十二条',
      '《治安管理处罚法》第二十三条',
    ])
    expect(rendered('依照本法第五十一条的规定处罚')).toEqual([])
  })

  test('When a citation is rendered and read again, then it is the same', () => {
    for (const { name } of statutes) {
      for (const [article, paragraph, item] of [['第一条'], ['第十条', 2], ['第二十一条', 1, 3]] as const) {
        const citation = {
          law: name,
          article,
          ...(paragraph ? { paragraph } : {}),
          ...(item ? { item } : {}),
        }
        expect(read(renderCitation(citation))).toMatchObject([citation])
      }
    }
  })

  test('When a text is long and full of brackets, then reading it stays quick', () => {
    const long =
      '《'.repeat(5_000) + '未成年人保护法第'.repeat(2_000) + '一'.repeat(5_000) + '条、'.repeat(3_000)
    expect(read(long).length).toBeLessThan(5_000)
  })
})
