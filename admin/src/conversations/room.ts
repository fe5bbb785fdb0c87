import type { ReplyRoom } from '../../../shared/desk.js'
import { timeOf } from '../desk/words.js'

/** What can be sent now, said before a word is typed. Null: nothing to say, anything can be sent. */
export function roomWords(
  room: ReplyRoom | null,
  now: Date,
): { severity: 'info' | 'warning' | 'error'; text: string } | null {
  if (!room) return null
  if (room.state === 'off')
    return { severity: 'error', text: '这个渠道现在关着，写了也发不出去。请告诉管理员。' }
  if (room.state === 'gone')
    return {
      severity: 'error',
      text: '对方取消了关注或拉黑了我们，现在发不过去。对方再来，就又能回。担心安全，请按规程联系学校、民政或 110。',
    }
  if (room.state === 'closed')
    return {
      severity: 'error',
      text: '现在发不出去：平台只许在对方写话之后的一段时间里回，条数也有限。对方再写一句，就又能回。担心安全，请按规程打电话。',
    }
  if (room.left === null) return null
  const until = room.until ? `，${timeOf(room.until, now)} 前有效` : ''
  return {
    severity: room.left === 1 ? 'warning' : 'info',
    text: `还能发 ${room.left} 条${until}。对方再写一句，条数会重新算。请一条说完一件事。`,
  }
}

/** How many messages these words become: longer ones are cut at sentence borders. */
export const messagesFor = (text: string, room: ReplyRoom | null): number =>
  room && room.maxText > 0 ? Math.max(1, Math.ceil(text.length / room.maxText)) : 1
