import { useId, useState } from 'react'
import { Box, Button, TextField, Typography } from '@mui/material'

/** What the platform's own page asks for: an address to be copied, or what to choose or fill in there. */
export function CopyRow({ what, value }: { what: string; value: string }) {
  const id = useId()
  const [copied, setCopied] = useState(false)
  if (!/^https?:/.test(value))
    return (
      <Typography>
        <strong>{what}</strong>：{value}
      </Typography>
    )
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value)
      setCopied(true)
    } catch {
      // Only pages opened by https may copy for one: the text is selected for the keyboard.
      ;(document.getElementById(id) as HTMLInputElement | null)?.select()
    }
  }
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
