import { describe, expect, test } from '@jest/globals'
import { menu } from '../../../bot/channels/telegram/commands.js'
import { keyboard } from '../../../bot/channels/telegram/keyboard.js'
import { readUpdate, Update } from '../../../bot/channels/telegram/update.js'

const topics = [{ id: 'drugs', title: '禁毒提醒' }]
const chat = { id: 42, type: 'private', first_name: '小明', username: 'xiaoming' }
const from = { id: 42, is_bot: false, first_name: '小明', username: 'xiaoming' }
const read = (fields: object) => readUpdate(Update.parse({ update_id: 7, ...fields }), topics)
const said = (fields: object) => read({ message: { message_id: 1, date: 1, chat, from, ...fields } })
const arrivals = (fields: object) =>
  said(fields).arrivals.map(({ text, unreadable, event }) => ({
    text,
    ...(unreadable ? { unreadable } : {}),
    ...(event ? { event } : {}),
  }))

describe('what somebody writes', () => {
  test('When a text comes, then it is stored under the update, with the address and no name', () => {
    expect(said({ text: '同学打我怎么办' })).toEqual({
      arrivals: [{ address: '42', key: '7', text: '同学打我怎么办' }],
    })
  })

  test.each([
    ['/start', { text: '', event: 'subscribe' }],
    ['/start@qingan_bot', { text: '', event: 'subscribe' }],
    ['/help', { text: '', event: 'subscribe' }],
    ['/start drugs', { text: '订阅禁毒提醒' }],
    ['/start an-old-poster', { text: '', event: 'subscribe' }],
    ['/start 我不想活了', { text: '我不想活了' }],
    ['/human', { text: '找真人' }],
    ['/human 我不想活了', { text: '/human 我不想活了' }],
    ['/unknown', { text: '/unknown' }],
    ['  /danger  ', { text: '我有危险' }],
  ])('When they write %s, then it is read as such', (text, expected) => {
    expect(arrivals({ text })).toEqual([expected])
  })

  test('When the menu is shown, then every command stands for its own words', () => {
    for (const { command, description } of menu()) {
      expect(command).toMatch(/^[a-z0-9_]{1,32}$/)
      expect(arrivals({ text: `/${command}` })).toEqual([{ text: description }])
    }
  })

  test.each([
    [{ photo: [{}] }, 'image'],
    [{ sticker: {} }, 'sticker'],
    [{ voice: {} }, 'voice'],
    [{ video_note: {} }, 'video'],
    [{ animation: {}, document: {} }, 'video'],
    [{ venue: {}, location: {} }, 'location'],
    [{ contact: { phone_number: '13800138000' } }, 'other'],
    [{ something_new: {} }, 'other'],
  ])('When %j comes, then it is kept as what nobody can read: %s', (fields, unreadable) => {
    expect(arrivals(fields)).toEqual([{ text: '', unreadable }])
  })

  test('When words stand under a picture, then both are kept, each under a key of its own', () => {
    expect(said({ photo: [{}], caption: '他们这样发我' }).arrivals).toEqual([
      { address: '42', key: '7', text: '', unreadable: 'image' },
      { address: '42', key: '7.caption', text: '他们这样发我' },
    ])
  })

  test('When Telegram itself writes into the chat, then nobody has said anything', () => {
    expect(said({ pinned_message: {} }).arrivals).toEqual([])
    expect(said({ message_auto_delete_timer_changed: {} }).arrivals).toEqual([])
  })

  test('When a message is changed, then its new words come as an edit; a moving position is none', () => {
    const edited = (fields: object) => read({ edited_message: { chat, from, ...fields } }).arrivals
    expect(edited({ text: '我想死' })).toEqual([{ address: '42', key: '7', text: '我想死', event: 'edit' }])
    expect(edited({ location: {} })).toEqual([])
  })

  test('When the bot is blocked, then they have left; started again says nothing before /start', () => {
    const became = (status: string) =>
      read({ my_chat_member: { chat, new_chat_member: { status, user: {} } } }).arrivals
    expect(became('kicked')).toEqual([{ address: '42', key: '7', text: '', event: 'unsubscribe' }])
    expect(became('member')).toEqual([])
  })
})

describe('buttons', () => {
  const label = '你现在安全吗？这一个按钮上面写了很多很多很多很多的字，放不下'
  const markup = keyboard(['是的', label]).reply_markup
  const press = (data: string | undefined, message: object = { chat, reply_markup: markup }) =>
    read({ callback_query: { id: 'q1', from, data, message } })

  test('When a bubble has buttons, then each carries its words within 64 bytes', () => {
    const sizes = markup?.inline_keyboard.flat().map(({ callback_data: data }) => Buffer.byteLength(data))
    expect(Math.max(...(sizes ?? []))).toBeLessThanOrEqual(64)
    expect(keyboard([])).toEqual({})
  })

  test('When a button is pressed, then it says what stands on it, and is to be answered', () => {
    expect(press('是的')).toEqual({ arrivals: [{ address: '42', key: '7', text: '是的' }], pressed: 'q1' })
    const cut = markup?.inline_keyboard[1]?.[0]?.callback_data
    expect(cut).not.toBe(label)
    expect(press(cut).arrivals[0]?.text).toBe(label)
  })

  test('When the pressed message is too old to be shown, or the data are forged, then they are words', () => {
    expect(press('是的', { chat, date: 0 }).arrivals[0]?.text).toBe('是的')
    expect(press('subscribe.yes:drugs').arrivals[0]?.text).toBe('subscribe.yes:drugs')
    expect(press(undefined)).toEqual({ arrivals: [], pressed: 'q1' })
  })
})

test('When somebody puts the bot into a group, then it leaves, and nothing that is said there is kept', () => {
  const group = { id: -100, type: 'supergroup' }
  expect(said({ text: '在吗', chat: group })).toEqual({ arrivals: [], leave: -100 })
  const became = (status: string) => read({ my_chat_member: { chat: group, new_chat_member: { status } } })
  expect(became('administrator')).toEqual({ arrivals: [], leave: -100 })
  expect(became('left')).toEqual({ arrivals: [] })
})
