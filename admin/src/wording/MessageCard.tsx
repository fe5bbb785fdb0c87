import { useState } from 'react'
import { Alert, Box, Button, Card, Chip, TextField, Typography } from '@mui/material'
import { useNotify } from 'react-admin'
import { useQueryClient } from '@tanstack/react-query'
import { ContentFault, type Wording } from '../../../shared/content.js'
import { MORE_MAX } from '../../../shared/intent.js'
import { messageOf, Refused } from '../call.js'
import { SIGNED_WORDS } from '../intents/words.js'
import { allows } from '../session.js'
import { useCall, useMe } from '../use-api.js'

/** One message: its words, its buttons, its signature. */
export function MessageCard({ message }: { message: Wording }) {
  const me = useMe()
  const call = useCall()
  const notify = useNotify()
  const queries = useQueryClient()
  const [text, setText] = useState(message.text)
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState('')
  const { id, buttons, signed, until, hash } = message
  const readOnly = !allows(me, 'wording.save')
  const changed = text !== message.text

  const save = async () => {
    setBusy(true)
    setRefusal('')
    try {
      await call('wording.save', { params: { id }, body: { hash, text } })
      notify('存好了，现在是草稿。', { type: 'success' })
      await queries.invalidateQueries({ queryKey: ['wording'] })
    } catch (error) {
      const faults =
        error instanceof Refused && error.code === 'content.faults'
          ? ContentFault.array().catch([]).parse(error.detail.faults)
          : []
      setRefusal(faults.length ? faults.map(({ what }) => what).join('；') : messageOf(error))
    }
    setBusy(false)
  }

  return (
    <Card component="li" variant="outlined" sx={{ p: 2, display: 'grid', gap: 1 }}>
      <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap', alignItems: 'center' }}>
        <Typography variant="body2" sx={{ color: 'text.secondary', flex: 1 }}>
          {id}
        </Typography>
        <Chip
          size="small"
          variant="outlined"
          label={
            until && signed !== 'unsigned'
              ? `${SIGNED_WORDS[signed].label}（${until}）`
              : SIGNED_WORDS[signed].label
          }
        />
      </Box>
      <TextField
        multiline
        size="small"
        disabled={readOnly}
        value={text}
        onChange={(event) => setText(event.target.value)}
        error={refusal !== '' || text.trim().length > MORE_MAX}
        helperText={changed ? `${text.trim().length} / ${MORE_MAX} 个字` : ''}
        slotProps={{ htmlInput: { 'aria-label': `${id} 的文字` } }}
      />
      {buttons.length > 0 && (
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          按钮：{buttons.join('、')}
        </Typography>
      )}
      {refusal && <Alert severity="error">{refusal}</Alert>}
      {changed && !readOnly && (
        <Box>
          <Button
            variant="contained"
            size="small"
            disabled={busy || text.trim() === ''}
            onClick={() => void save()}
          >
            存草稿
          </Button>
          <Button size="small" disabled={busy} onClick={() => setText(message.text)} sx={{ ml: 1 }}>
            不改了
          </Button>
        </Box>
      )}
    </Card>
  )
}
