import { useId, useState } from 'react'
import { Box, Button, TextField } from '@mui/material'

/** A value to be taken to the platform's own page. */
export function CopyRow({ what, value }: { what: string; value: string }) {
  const id = useId()
  const [copied, setCopied] = useState(false)
  const copy = () =>
    navigator.clipboard.writeText(value).then(
      () => setCopied(true),
      // Only pages opened by https may copy for one: the text is selected for the keyboard.
      () => (document.getElementById(id) as HTMLInputElement | null)?.select(),
    )
  return (
    <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap' }}>
      <TextField
        id={id}
        size="small"
        label={what}
        value={value}
        onFocus={(event) => event.target.select()}
        slotProps={{ htmlInput: { readOnly: true } }}
        sx={{ flex: '1 1 16rem' }}
      />
      <Button variant="outlined" aria-label={`复制${what}`} onClick={() => void copy()}>
        {copied ? '复制好了' : '复制'}
      </Button>
    </Box>
  )
}
