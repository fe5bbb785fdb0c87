import type { EventEmitter } from 'node:events'
import { types } from 'wechaty-puppet'
import { mock, PuppetMock } from 'wechaty-puppet-mock'
import { wechatyChannel } from '../../bot/channels/wechat/other-puppet.js'
import { until } from '../until.js'
import type { Driver, Someone } from './contract.js'

/** Any other wechaty puppet: the mock, which lives in the process of the bot. */
export const wechaty: Driver = {
  name: 'wechaty',
  has: {
    handed: true,
    receipts: false,
    window: null,
    refuses: null,
    leaving: false,
    fails: ['lost'],
    repeats: false,
    buttons: false,
    outside: false,
    abroad: false,
  },

  open({ store }) {
    const mocker = new mock.Mocker()
    const puppet = new PuppetMock({ mocker })
    const self = () => mocker.ContactMock.load(puppet.currentUserId)

    const someone = (): Promise<Someone> => {
      const contact = mocker.createContact({ type: types.Contact.Individual })
      const read: string[] = []
      const phone = contact as unknown as EventEmitter
      // The phone shows their own words too.
      phone.on('message', (message: mock.MessageMock) => {
        if (message.talker().id !== contact.id) read.push(message.text() ?? '')
      })
      return Promise.resolve({
        address: contact.id,
        async says(text) {
          const kept = async () => {
            const id = await store.conversations.find('wechaty', contact.id)
            return id ? store.messages.model.countDocuments({ conversation: id, from: 'person' }) : 0
          }
          const before = await kept()
          contact.say(text).to(self())
          await until(async () => (await kept()) > before, 'the message to be kept')
        },
        reads: () => Promise.resolve(read.map((text) => ({ text }))),
      })
    }

    return Promise.resolve({
      make: (parts) => wechatyChannel({ ...parts, puppet }),
      async ready({ adapter }) {
        // The mock stays logged in when its bot stops, and tells the next bot nothing.
        if (puppet.isLoggedIn) await puppet.logout()
        mocker.login(mocker.createContact({ name: 'bot' }))
        await until(async () => (await adapter.status()).state === 'ok', 'the login')
      },
      someone,
      fail() {
        const { messageSendText } = puppet
        puppet.messageSendText = async (...message) => {
          puppet.messageSendText = messageSendText
          await messageSendText.apply(puppet, message)
          throw new Error('the gateway is away')
        }
      },
      hostile: () => [],
      stop: () => Promise.resolve(),
    })
  },
}
