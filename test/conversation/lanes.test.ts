import { describe, expect, test } from '@jest/globals'
import { lanes } from '../../bot/conversation/lanes.js'

const soon = () => new Promise((fulfil) => setImmediate(fulfil))

describe('lanes', () => {
  test('When more come than may, then so many are in at once, in the order they came', async () => {
    const own = lanes(() => 2)
    const order: string[] = []
    let inside = 0
    let most = 0
    const one = async (id: string) => {
      const leave = await own.enter(id, false)
      order.push(id)
      most = Math.max(most, ++inside)
      await soon()
      inside--
      leave()
      // Leaving twice lets nobody else in.
      leave()
    }
    const ids = Array.from({ length: 50 }, (_, i) => String(i))
    await Promise.all(ids.map(one))
    expect({ order, most, waiting: own.waiting() }).toEqual({ order: ids, most: 2, waiting: 0 })
  })

  test('When somebody presses, at the door or while waiting, then they go before all who came earlier', async () => {
    const own = lanes(() => 1)
    const order: string[] = []
    const first = await own.enter('first', false)
    const one = (id: string, presses: boolean) =>
      own.enter(id, presses).then((leave) => {
        order.push(id)
        leave()
      })
    const all = [...['a', 'b', 'c'].map((id) => one(id, false)), one('d', true)]
    own.press('c')
    own.press('nobody')
    first()
    await Promise.all(all)
    expect(order).toEqual(['d', 'c', 'a', 'b'])
  })

  test('When fewer may be in for a while, then nobody else comes in until it is over', async () => {
    let may = 1
    const own = lanes(() => may)
    const first = await own.enter('first', false)
    may = 0
    let second = false
    void own.enter('second', true).then(() => (second = true))
    first()
    await soon()
    expect(second).toBe(false)
    may = 1
    own.letIn()
    await soon()
    expect(second).toBe(true)
  })
})
