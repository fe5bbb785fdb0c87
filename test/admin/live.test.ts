import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { openLive, type Live } from '../../admin/src/live.js'

/** A stream in the hands of the test. */
class Stream {
  static opened: Stream[] = []
  readyState = 0
  onopen?: () => void
  onerror?: () => void
  closed = false
  private listeners: Record<string, (event: { data: string }) => void> = {}
  constructor(readonly url: string) {
    Stream.opened.push(this)
  }
  addEventListener(name: string, listener: (event: { data: string }) => void) {
    this.listeners[name] = listener
  }
  close() {
    this.closed = true
  }
  open() {
    this.readyState = 1
    this.onopen?.()
  }
  cut() {
    this.readyState = 0
    this.onerror?.()
  }
  refuse() {
    this.readyState = 2
    this.onerror?.()
  }
  tell(change: unknown) {
    this.listeners.changed?.({ data: JSON.stringify(change) })
  }
  beat() {
    this.listeners.here?.({ data: '{}' })
  }
}

let refreshed: (string[] | null)[]
let down: boolean[]
let refused: number
let live: Live
const stream = () => Stream.opened.at(-1) as Stream

beforeEach(() => {
  jest.useFakeTimers()
  Stream.opened = []
  refreshed = []
  down = []
  refused = 0
  live = openLive({
    refresh: (resources) => refreshed.push(resources && [...resources].sort()),
    down: (isDown) => down.push(isDown),
    refused: () => refused++,
    source: Stream as unknown as new (url: string) => EventSource,
  })
})
afterEach(() => {
  live.close()
  jest.useRealTimers()
})

describe('live updates', () => {
  test('When a topic changes, then what shows it is read again at once', () => {
    stream().open()
    stream().tell({ topic: 'staff' })
    expect(refreshed).toEqual([['audit', 'staff']])
  })

  test('When a hundred changes come, then they are read again at most every 300 ms, and the last is not lost', () => {
    stream().open()
    for (let i = 0; i < 100; i++) {
      stream().tell({ topic: 'desk' })
      jest.advanceTimersByTime(10)
    }
    jest.advanceTimersByTime(1_000)
    expect(refreshed.length).toBeGreaterThanOrEqual(3)
    expect(refreshed.length).toBeLessThanOrEqual(5)
    const before = refreshed.length
    stream().tell({ topic: 'desk' })
    expect(refreshed).toHaveLength(before + 1)
  })

  test('When the stream comes back after a cut, then all is read again: changes may have been missed', () => {
    stream().open()
    stream().cut()
    stream().open()
    expect(refreshed).toEqual([null])
    expect(down).not.toContain(true)
  })

  test('When the stream is away for five seconds, then it is said, and said again when it is back', () => {
    stream().open()
    stream().cut()
    jest.advanceTimersByTime(4_900)
    expect(down).not.toContain(true)
    jest.advanceTimersByTime(200)
    expect(down.at(-1)).toBe(true)
    stream().open()
    expect(down.at(-1)).toBe(false)
  })

  test('When a line is silent though the browser believes in it, then it is given up and another is opened', () => {
    stream().open()
    for (let i = 0; i < 6; i++) {
      jest.advanceTimersByTime(10_000)
      stream().beat()
    }
    expect(Stream.opened).toHaveLength(1)
    jest.advanceTimersByTime(25_000)
    expect(Stream.opened).toHaveLength(2)
    jest.advanceTimersByTime(5_000)
    expect(down.at(-1)).toBe(true)
  })

  test('When the machine loses its network, then it is said after five seconds, and the line is opened when it is back', () => {
    stream().open()
    live.network(false)
    jest.advanceTimersByTime(5_000)
    expect(down.at(-1)).toBe(true)
    live.network(true)
    stream().open()
    expect(down.at(-1)).toBe(false)
    expect(refreshed).toEqual([null])
  })

  test('When the server refuses, then it is asked why, and the stream is tried again', () => {
    stream().refuse()
    expect(refused).toBe(1)
    expect(Stream.opened).toHaveLength(1)
    jest.advanceTimersByTime(3_000)
    expect(Stream.opened).toHaveLength(2)
  })

  test('When a conversation is on the screen, then its stream is asked for, and what happened in between is read', () => {
    stream().open()
    const first = stream()
    live.follow('c1')
    expect(first.closed).toBe(true)
    expect(stream().url).toBe('/api/live?conversation=c1')
    stream().open()
    expect(refreshed).toEqual([null])
    live.follow('c1')
    expect(Stream.opened).toHaveLength(2)
  })

  test('When that conversation is no longer ours, then the desk stays live without it', () => {
    stream().open()
    live.follow('c1')
    stream().refuse()
    expect(stream().url).toBe('/api/live')
    expect(refused).toBe(0)
  })

  test('When a newer server tells of what this page does not know, then all is read again', () => {
    stream().open()
    stream().tell({ topic: 'weather' })
    expect(refreshed).toEqual([null])
  })
})
