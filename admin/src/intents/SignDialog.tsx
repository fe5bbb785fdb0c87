import { useState } from 'react'
import { Alert, Button, Dialog, DialogActions, DialogContent, DialogTitle, MenuItem, TextField, Typography } from '@mui/material'
import type { Signature } from '../../../shared/content.js'
import { Review } from '../../../shared/intent.js'
import { messageOf } from '../call.js'
import { REVIEWER_WORDS } from './words.js'

const DAY_MS = 86_400_000
const dayAfter = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10)

interface SignDialogProps {
  /** What is signed, in a sentence. */
  what: string
  onSign(signature: Signature): Promise<void>
  onClose(): void
}

/** A professional's signature under words they have read. Whoever enters it is recorded beside it. */
export function SignDialog({ what, onSign, onClose }: SignDialogProps) {
  const [role, setRole] = useState<Signature['role']>('lawyer')
  const [name, setName] = useState('')
  const [expires, setExpires] = useState(dayAfter(365))
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState('')
  const sign = async () => {
    setBusy(true)
    setRefusal('')
    try {
      await onSign({ role, name: name.trim(), expires })
      onClose()
    } catch (error) {
      setRefusal(messageOf(error))
      setBusy(false)
    }
  }
  return (
    <Dialog open onClose={onClose} aria-labelledby="sign-title" fullWidth maxWidth="xs">
      <DialogTitle id="sign-title">签字</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2 }}>
        <Typography>{what}以后改一个字，签字就失效，要重新签。</Typography>
        <TextField select label="谁签" value={role} onChange={(event) => setRole(event.target.value as Signature['role'])} sx={{ mt: 1 }}>
          {Review.shape.role.options.map((each) => (
            <MenuItem key={each} value={each}>
              {REVIEWER_WORDS[each].label}（看{REVIEWER_WORDS[each].signs}）
            </MenuItem>
          ))}
        </TextField>
        <TextField label="签字人的姓名" value={name} onChange={(event) => setName(event.target.value)} slotProps={{ htmlInput: { maxLength: 30 } }} />
        <TextField
          label="有效到（这一天起要重新签）"
          type="date"
          value={expires}
          onChange={(event) => setExpires(event.target.value)}
          slotProps={{ inputLabel: { shrink: true }, htmlInput: { min: dayAfter(1) } }}
          helperText="法律和电话变得快，最多一年零一个月。"
        />
        {refusal && <Alert severity="error">{refusal}</Alert>}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>先不</Button>
        <Button variant="contained" disabled={busy || name.trim() === '' || expires === ''} onClick={() => void sign()}>
          本人看过，签字
        </Button>
      </DialogActions>
    </Dialog>
  )
}
