import { beforeAll, expect, test } from '@jest/globals'
import { bubbleOf, isQuietTime } from '../../admin/src/campaigns/bubble.js'
import { pushBubble } from '../../bot/campaigns/message.js'
import { isQuiet } from '../../bot/campaigns/schedule.js'
import type { Content } from '../../bot/content/content.js'
import { contentFolder, contentOf, readFolder } from '../../bot/content/folder.js'
import { at } from './house.js'

let content: Content
beforeAll(async () => {
  content = contentOf(await readFolder(contentFolder()))
})

test('When any warning is written in the console, then its phone shows what the person will get', () => {
  const choices = {
    topics: content.topics.map(({ id, title, gets }) => ({ id, title, gets, minAge: null, subscribed: 0 })),
    channels: ['web'],
    lines: content.hotlines.map(({ number, name }) => ({ number, name })),
    howToStop: content.system.get('subscribe.stop')?.text ?? '',
  }
  for (const { topic, text } of content.warnings) {
    for (const words of [text, { ...text, mn: 'ᠲᠤᠰᠠᠯᠠᠮᠵᠢ {{hotline.110}}' }]) {
      const sent = pushBubble({ topic, text: words }, content).text
      expect(bubbleOf(topic, words, choices)).toBe(sent)
      expect(sent).not.toContain('{{')
      expect(sent.endsWith('回复“退订”。')).toBe(true)
    }
  }
})

test('When an hour is quiet for the server, then the form says so', () => {
  for (let hour = 0; hour < 24; hour++) {
    for (const minute of ['00', '59']) {
      const time = `2026-12-01T${String(hour).padStart(2, '0')}:${minute}`
      expect([time, isQuietTime(time)]).toEqual([time, isQuiet(at(time))])
    }
  }
})
