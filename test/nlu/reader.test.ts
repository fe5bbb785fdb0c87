import { describe, expect, test } from '@jest/globals'
import { readerOf } from '../../bot/nlu/reader.js'

describe('who is asking', () => {
  const readers: [text: string, reader: string | null][] = [
    ['我女儿在学校被人欺负了', 'parent'],
    ['我家孩子不肯去上学', 'parent'],
    ['作为家长我该怎么办', 'parent'],
    ['我是孩子妈妈，想问问抚养费', 'parent'],
    ['孩子最近总是失眠', 'parent'],
    ['我是班主任，班里有学生打架', 'adult'],
    ['我是社工', 'adult'],
    ['邻居家小孩天天哭', 'adult'],
    ['我朋友被人骗了钱', 'friend'],
    ['我闺蜜怀孕了怎么办', 'friend'],
    ['我同桌吸电子烟', 'friend'],
    ['我今年15岁，想打工', 'young'],
    ['我是初三学生', 'young'],
    ['我爸不让我上学', 'young'],
    ['我同学打我', null],
    ['我室友们天天骂我', null],
    ['我朋友偷我的钱', null],
    ['打工不给钱怎么办', null],
    ['', null],
  ]
  test.each(readers)('When 「%s」 is said, then the reader is %s', (text, reader) => {
    expect(readerOf(text)).toBe(reader)
  })
})
