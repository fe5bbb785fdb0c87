import { useState, type FormEvent } from 'react'
import { Box, Button, Card, Stack, TextField, Typography } from '@mui/material'
import { LinkBase } from 'react-admin'
import { Asked } from '../layout/Asked.js'
import { useAsk } from '../use-api.js'
import { lawPath } from './words.js'

/** 哪条法律管……: articles in force that may be about it, in their own first words. Never advice. */
export function LawSearch() {
  const [typed, setTyped] = useState('')
  const [question, setQuestion] = useState('')
  const found = useAsk('laws.search', { query: { q: question || '-' } }, { enabled: question !== '' })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setQuestion(typed.trim())
  }
  return (
    <Box>
      <Box component="form" onSubmit={submit} role="search" sx={{ display: 'flex', gap: 1 }}>
        <TextField
          fullWidth
          size="small"
          label="哪条法律管……"
          placeholder="比如：老板不发工资"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          slotProps={{ htmlInput: { maxLength: 300 } }}
        />
        <Button type="submit" variant="outlined" sx={{ whiteSpace: 'nowrap' }}>
          查找
        </Button>
      </Box>
      {question !== '' && (
        <Asked asked={found}>
          {({ items }) => (
            <Stack
              component="ul"
              aria-label="可能有关的条文"
              sx={{ listStyle: 'none', p: 0, m: 0, mt: 1, gap: 1 }}
            >
              {items.length === 0 && <Typography component="li">没有找到可能有关的条文。</Typography>}
              {items.map(({ law, article, under, excerpt, path }) => (
                <Card key={path} component="li" variant="outlined" sx={{ p: 1.5 }}>
                  <LinkBase to={lawPath(law, { article })}>
                    《{law}》{article}
                  </LinkBase>
                  <Typography variant="body2" sx={{ color: 'text.secondary' }}>
                    {under.join(' › ')}
                  </Typography>
                  <Typography variant="body2">{excerpt}</Typography>
                </Card>
              ))}
            </Stack>
          )}
        </Asked>
      )}
    </Box>
  )
}
