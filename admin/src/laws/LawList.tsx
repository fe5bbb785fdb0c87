import { useState } from 'react'
import { Box, Button, Card, Chip, Stack, TextField, Typography } from '@mui/material'
import Upload from '@mui/icons-material/UploadFile'
import { LinkBase } from 'react-admin'
import { Asked } from '../layout/Asked.js'
import { Page } from '../layout/Page.js'
import { Pager } from '../layout/Pager.js'
import { allows } from '../session.js'
import { useAsk, useMe } from '../use-api.js'
import { LawSearch } from './LawSearch.js'
import { datesOf, lawPath } from './words.js'

const PER_PAGE = 50

/** Every imported version; above it the search over all articles in force. */
export function LawList() {
  const me = useMe()
  const [name, setName] = useState('')
  const [page, setPage] = useState(1)
  const q = name.trim()
  const list = useAsk('laws.list', { query: { page, perPage: PER_PAGE, ...(q && { q }) } })
  return (
    <Page title="法律原文" width={960}>
      <LawSearch />
      <Stack direction="row" useFlexGap sx={{ gap: 2, flexWrap: 'wrap', alignItems: 'center' }}>
        <TextField
          size="small"
          label="按名字找法律"
          value={name}
          onChange={(event) => {
            setName(event.target.value)
            setPage(1)
          }}
          slotProps={{ htmlInput: { maxLength: 40 } }}
        />
        {allows(me, 'laws.import') && (
          <Button variant="contained" startIcon={<Upload />} component={LinkBase} to="/laws/create">
            导入
          </Button>
        )}
      </Stack>
      <Asked asked={list}>
        {({ items, total }) => (
          <>
            <Stack component="ul" aria-label="法律" sx={{ listStyle: 'none', p: 0, m: 0, gap: 1 }}>
              {items.length === 0 && (
                <Typography component="li">{q ? '没有这个名字的法律。' : '还没有导入法律原文。'}</Typography>
              )}
              {items.map((each) => (
                <Card
                  key={`${each.code}@${each.version}`}
                  component="li"
                  variant="outlined"
                  sx={{ p: 1.5, display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}
                >
                  <Box sx={{ flex: '1 1 18rem', minWidth: 0 }}>
                    <LinkBase to={lawPath(each.code, { version: each.version })}>{each.title}</LinkBase>
                    <Typography variant="body2" sx={{ color: 'text.secondary' }}>
                      {datesOf(each)} · {each.articles} 条
                    </Typography>
                  </Box>
                  {each.inForce ? (
                    <Chip size="small" color="success" label="现行" />
                  ) : (
                    <Chip size="small" variant="outlined" label="今天不适用" />
                  )}
                </Card>
              ))}
            </Stack>
            <Pager total={total} perPage={PER_PAGE} page={page} onPage={setPage} />
          </>
        )}
      </Asked>
    </Page>
  )
}
