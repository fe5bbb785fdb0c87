import { useRef, useState, type KeyboardEvent } from 'react'
import { Alert, Box, Button, Chip, TextField, Typography } from '@mui/material'
import { REPLY_MAX, type DeskConversation } from '../../../shared/desk.js'
import { firstWords } from '../desk/words.js'
import { useNow } from '../use-now.js'
import type { Me } from '../session.js'
import { placeOf } from './draft.js'
import { messagesFor, roomWords } from './room.js'
import { useOutbox } from './use-outbox.js'

/** The reply: sent by button or Ctrl+Enter, shown until it has arrived, kept and tried again when it has not. */
export function ReplyBox({ conversation, me }: { conversation: DeskConversation; me: Me }) {
  const { id, messages, lines, room } = conversation
  const now = useNow(30_000)
  const draft = placeOf('draft', me.id, id)
  const spoken = messages.some(({ staff }) => staff?.id === me.id)
  const { unsent, send, retry, takeBack } = useOutbox(id, me.id)
  const [text, setText] = useState(
    () => sessionStorage.getItem(draft) ?? (spoken ? '' : firstWords(me.workName)),
  )
  const box = useRef<HTMLTextAreaElement>(null)
  const tooLong = text.trim().length - REPLY_MAX
  const words = roomWords(room, now)
  const needs = messagesFor(text.trim(), room)
  const short = room?.left != null && needs > room.left
  const shut = room !== null && (room.state !== 'open' || short)

  const write = (next: string) => {
    setText(next)
    sessionStorage.setItem(draft, next)
    box.current?.focus()
  }
  const submit = () => {
    if (text.trim() === '' || tooLong > 0 || shut) return
    send(text.trim())
    write('')
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    submit()
  }

  return (
    <Box sx={{ display: 'grid', gap: 1 }}>
      {unsent.map(({ key, text, refusal, late }) => (
        <Alert
          key={key}
          severity={refusal ? 'error' : late ? 'warning' : 'info'}
          action={
            refusal && (
              <>
                <Button color="inherit" onClick={retry}>
                  再发
                </Button>
                <Button color="inherit" onClick={() => write(takeBack(key))}>
                  拿回来改
                </Button>
              </>
            )
          }
        >
          {refusal ? `没发出去：${refusal}` : late ? '还没发出去，正在再试' : '正在发送'}：{text}
        </Alert>
      ))}
      {words && <Alert severity={words.severity}>{words.text}</Alert>}
      <Box
        role="group"
        aria-label="现在能打的电话，点一下写进回复"
        sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}
      >
        <Typography component="span" variant="body2" sx={{ color: 'text.secondary', alignSelf: 'center' }}>
          现在能打：
        </Typography>
        {lines.map(({ number, name, hours }) => (
          <Chip
            key={number}
            label={`${number} ${name}`}
            title={`${hours}，点一下写进回复`}
            variant="outlined"
            onClick={() => write(`${text}${text && !/\s$/.test(text) ? ' ' : ''}${number}（${name}）`)}
          />
        ))}
      </Box>
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'flex-end' }}>
        <TextField
          label="写给对方"
          multiline
          minRows={2}
          maxRows={8}
          fullWidth
          autoFocus
          value={text}
          inputRef={box}
          onChange={(event) => write(event.target.value)}
          onKeyDown={onKeyDown}
          error={tooLong > 0 || (short && room?.state === 'open')}
          helperText={
            tooLong > 0
              ? `多了 ${tooLong} 个字，请分两次发`
              : needs > 1
                ? `会分成 ${needs} 条${short ? `，现在只剩 ${room.left} 条，请写短一点` : ''}`
                : spoken
                  ? 'Ctrl+Enter 发送'
                  : '第一句已替你写好，可以改。Ctrl+Enter 发送'
          }
        />
        <Button
          variant="contained"
          size="large"
          disabled={text.trim() === '' || tooLong > 0 || shut}
          onClick={submit}
          sx={{ mb: 3, whiteSpace: 'nowrap', flexShrink: 0 }}
        >
          发送
        </Button>
      </Box>
    </Box>
  )
}
