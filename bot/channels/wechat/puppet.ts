import { Puppet, types, type payloads } from 'wechaty-puppet'
import type { Unreadable } from '../../../shared/channel.js'
import type { Arrival } from './inbound.js'

/** How wechaty names what it cannot read either. */
const TYPES: Record<Unreadable, types.Message> = {
  voice: types.Message.Audio,
  image: types.Message.Image,
  sticker: types.Message.Emoticon,
  video: types.Message.Video,
  location: types.Message.Location,
  other: types.Message.Unknown,
}

/** A message between the webhook and the store. */
interface Raw {
  id: string
  arrival: Arrival
  at: Date
  settle: (error?: Error) => void
}

/**
 * A 公众号 as a wechaty puppet: what the webhook has believed comes in by `arrive`, what the bot says goes out through
 * the customer-service interface. It knows nobody's name: WeChat tells a 公众号 none.
 */
export class PuppetOfficialAccount extends Puppet {
  private readonly arriving = new Map<string, Raw>()

  constructor(
    private readonly account: {
      appId: string
      sendText(openId: string, text: string): Promise<void>
    },
  ) {
    super({})
  }

  override name = () => 'wechaty-puppet-official-account'
  override version = () => '1'

  async onStart(): Promise<void> {
    this.login(this.account.appId)
  }

  async onStop(): Promise<void> {
    await this.logout()
    for (const { settle } of this.arriving.values()) settle(new Error('the channel stops'))
  }

  override ding = (data = '') => void this.emit('dong', { data })

  /** Hands a message to the bot; resolves when the bot has stored it, throws when it has not within `withinMs`. */
  arrive(arrival: Arrival, at: Date, withinMs: number): Promise<void> {
    return new Promise((fulfil, reject) => {
      // Sent twice side by side, it is two ways to one stored message.
      const id = `${arrival.address}/${arrival.key}/${counter++}`
      const timer = setTimeout(() => settle(new Error('not stored in time')), withinMs)
      const settle = (error?: Error) => {
        clearTimeout(timer)
        this.arriving.delete(id)
        this.cache.message.delete(id)
        if (error) reject(error)
        else fulfil()
      }
      this.arriving.set(id, { id, arrival, at, settle })
      this.emit('message', { messageId: id })
    })
  }

  /** What the webhook handed in under this id; undefined when it is over. */
  arrivalOf = (id: string): Arrival | undefined => this.arriving.get(id)?.arrival

  /** The bot has stored it, or failed to. */
  settle = (id: string, error?: Error): void => this.arriving.get(id)?.settle(error)

  override async messageRawPayload(id: string): Promise<Raw> {
    const raw = this.arriving.get(id)
    if (!raw) throw new Error('no such message')
    return raw
  }

  override async messageRawPayloadParser({ id, arrival, at }: Raw): Promise<payloads.Message> {
    return {
      id,
      type: arrival.unreadable ? TYPES[arrival.unreadable] : types.Message.Text,
      text: arrival.text,
      talkerId: arrival.address,
      listenerId: this.currentUserId,
      timestamp: at.getTime(),
    }
  }

  override async messageSendText(openId: string, text: string): Promise<void> {
    await this.account.sendText(openId, text)
  }

  override contactRawPayload = (id: string): Promise<string> => Promise.resolve(id)

  override async contactRawPayloadParser(id: string): Promise<payloads.Contact> {
    const type = id === this.account.appId ? types.Contact.Official : types.Contact.Individual
    return { id, type, name: id, avatar: '', gender: types.ContactGender.Unknown, phone: [] }
  }
}

let counter = 0
