import { useState } from 'react'
import { Alert, Box, Button, TextField } from '@mui/material'
import { timeOf } from '../desk/words.js'

/** A one-time link, shown once: to be copied and handed over in person or by a channel only the other reads. */
export function OneTimeLink({
  link,
  expiresAt,
  workName,
}: {
  link: string
  expiresAt: string
  workName: string
}) {
  const [copied, setCopied] = useState(false)
  const url = new URL(link, location.origin).href
  const copy = () =>
    navigator.clipboard.writeText(url).then(
      () => setCopied(true),
      // Only pages opened by https may copy for one: the text is selected for the keyboard.
      () => document.querySelector<HTMLInputElement>('#one-time-link')?.select(),
    )
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      <Alert severity="warning">
        这个链接只显示这一次，也只能用一次，{timeOf(expiresAt, new Date())} 前有效。请当面或用只有{workName}
        能看到的方式交给本人，不要发群里。
      </Alert>
      <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap' }}>
        <TextField
          id="one-time-link"
          label="一次性链接"
          value={url}
          onFocus={(event) => event.target.select()}
          slotProps={{ htmlInput: { readOnly: true } }}
          sx={{ flex: '1 1 16rem' }}
        />
        <Button variant="contained" onClick={() => void copy()}>
          {copied ? '复制好了' : '复制'}
        </Button>
      </Box>
    </Box>
  )
}
