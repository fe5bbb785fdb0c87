import { useState } from 'react'
import { Alert, Box, Button, Card, Paper, Stack, Typography } from '@mui/material'
import { useQueryClient } from '@tanstack/react-query'
import type { LawReview } from '../../../shared/law.js'
import { messageOf, type ReplyOf } from '../call.js'
import { Asked } from '../layout/Asked.js'
import { Page } from '../layout/Page.js'
import { Pager } from '../layout/Pager.js'
import { useAsk, useCall } from '../use-api.js'
import { ArticleText } from './ArticleText.js'
import { LAYER_WORDS, READER_WORDS } from './words.js'

const PER_PAGE = 20
const WHY: Record<LawReview['why'], string> = {
  changed: '现行的文字和写回答时不一样了。',
  gone: '现行的法律里没有这一条了。',
  'not in force': '这部法今天没有生效。',
  unknown: '写回答时的文字没有导入过，没法自动比较。',
}

/** Citations that young people do not see any more: before and now side by side, until an editor has looked. */
export function ReviewList() {
  const [page, setPage] = useState(1)
  const list = useAsk('law-reviews.list', { query: { page, perPage: PER_PAGE } })
  return (
    <Page title="要核对的法条" width={1100}>
      <Typography>
        法律变了，下面这些引用已经停止显示。看过现行条文、回答仍然对，就确认；不对，请去改那个话题。
      </Typography>
      <Asked asked={list}>
        {({ items, total }) => (
          <>
            <Stack component="ul" aria-label="要核对的法条" sx={{ listStyle: 'none', p: 0, m: 0, gap: 2 }}>
              {items.length === 0 && <Typography component="li">现在没有要核对的。</Typography>}
              {items.map((each) => (
                <Review key={each.key} review={each} />
              ))}
            </Stack>
            <Pager total={total} perPage={PER_PAGE} page={page} onPage={setPage} />
          </>
        )}
      </Asked>
    </Page>
  )
}

function Review({ review }: { review: ReplyOf<'law-reviews.list'>['items'][number] }) {
  const call = useCall()
  const queries = useQueryClient()
  const [refusal, setRefusal] = useState('')
  const { title, intent, law, article, why, places, before, after, successor, textHash } = review
  const confirm = async () => {
    try {
      await call('law-reviews.confirm', { body: { intent, law, article, textHash } })
      await queries.invalidateQueries({ queryKey: ['law-reviews'] })
    } catch (error) {
      setRefusal(messageOf(error))
    }
  }
  return (
    <Card component="li" variant="outlined" sx={{ p: 2, display: 'flex', flexDirection: 'column', gap: 1 }}>
      <Typography component="h2" sx={{ fontWeight: 700 }}>
        {title}：《{law}》{article}
      </Typography>
      <Typography>
        {WHY[why]}
        {successor && `看起来变成了${successor}。`}
      </Typography>
      {places.map(({ reader, layer, plain }) => (
        <Typography key={`${reader}/${layer}/${plain}`} variant="body2" sx={{ color: 'text.secondary' }}>
          {READER_WORDS[reader] ?? reader}，{LAYER_WORDS[layer] ?? layer}：{plain}
        </Typography>
      ))}
      <Box sx={{ display: 'grid', gap: 1, gridTemplateColumns: { xs: '1fr', md: '1fr 1fr' } }}>
        <Side name="写的时候" side={before} />
        <Side name="现在" side={after} />
      </Box>
      {refusal && <Alert severity="error">{refusal}</Alert>}
      {textHash && (
        <Box>
          <Button variant="outlined" onClick={() => void confirm()}>
            看过了，回答仍然对
          </Button>
        </Box>
      )}
    </Card>
  )
}

function Side({ name, side }: { name: string; side: LawReview['before'] }) {
  return (
    <Paper variant="outlined" sx={{ p: 1.5, minWidth: 0 }}>
      <Typography component="h3" variant="body2" sx={{ fontWeight: 700 }}>
        {name}
        {side && ` · ${side.version} 版`}
      </Typography>
      {side ? <ArticleText paragraphs={side.paragraphs} /> : <Typography>没有</Typography>}
    </Paper>
  )
}
