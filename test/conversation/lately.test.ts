import { describe, expect, test } from '@jest/globals'
import { latelyAfter, sameTalk, type Lately } from '../../bot/conversation/lately.js'
import { freshState, State } from '../../bot/conversation/state.js'
import { TALK_MAX, TALK_MESSAGES } from '../../bot/safety/assess.js'

const noon = new Date('2026-11-24T04:00:00Z')
const later = (hours: number) => new Date(noon.getTime() + hours * 3_600_000)

describe('what was said lately', () => {
  test('When more is said than is read together, then the oldest goes', () => {
    const kept = ['一', '二', '三', '四', '五'].reduce<Lately>(
      (all, text) => latelyAfter(all, [text], noon),
      [],
    )
    expect(kept).toHaveLength(TALK_MESSAGES)
    expect(sameTalk(kept, noon)).toEqual(['三', '四', '五'])
  })

  test('When a message is long, then its end is kept', () => {
    const [kept] = latelyAfter([], [`${'前'.repeat(5_000)}后`], noon)
    expect(kept?.text).toHaveLength(TALK_MAX)
    expect(kept?.text.at(-1)).toBe('后')
  })

  test('When hours have passed, then a new talk begins', () => {
    const kept = latelyAfter([], ['队友又挂机'], noon)
    expect(sameTalk(kept, later(1))).toEqual(['队友又挂机'])
    expect(sameTalk(kept, later(7))).toEqual([])
  })

  test('When an older version kept a state without it, then it is empty', () => {
    const { lately: _, ...older } = freshState()
    expect(State.parse(older).lately).toEqual([])
  })
})
