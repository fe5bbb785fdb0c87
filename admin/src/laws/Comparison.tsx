import { useState } from 'react'
import { Alert, Box, Button, FormControlLabel, Paper, Stack, Switch, Typography } from '@mui/material'
import { useQueryClient } from '@tanstack/react-query'
import type { ComparedPair } from '../../../shared/law.js'
import { messageOf, type ReplyOf } from '../call.js'
import { Asked } from '../layout/Asked.js'
import { allows } from '../session.js'
import { useAsk, useCall, useMe } from '../use-api.js'
import { ArticleText } from './ArticleText.js'

interface ComparisonProps {
  code: string
  from: string
  to: string
}

/** Two versions side by side, and the map of their numbers for an editor to confirm. */
export function Comparison({ code, from, to }: ComparisonProps) {
  const asked = useAsk('laws.compare', { params: { id: code }, query: { from, to } })
  return <Asked asked={asked}>{(reply) => <Compared reply={reply} code={code} from={from} to={to} />}</Asked>
}

function Compared({ reply, code, from, to }: ComparisonProps & { reply: ReplyOf<'laws.compare'> }) {
  const me = useMe()
  const [all, setAll] = useState(false)
  const { pairs, confirmed } = reply
  const shown = pairs.filter(({ same }) => all || !same)
  return (
    <>
      <Stack direction="row" useFlexGap sx={{ gap: 2, flexWrap: 'wrap', alignItems: 'center' }}>
        <FormControlLabel
          control={<Switch checked={all} onChange={(_, on) => setAll(on)} />}
          label="也看没有变的条"
        />
        <Typography>
          {pairs.length} 组，{pairs.filter(({ same }) => !same).length} 组有变化
        </Typography>
      </Stack>
      {confirmed ? (
        <Alert severity="success">条号对照由{confirmed.by}确认过。</Alert>
      ) : (
        allows(me, 'laws.map') && <ConfirmMap pairs={pairs} code={code} from={from} to={to} />
      )}
      <Stack component="ul" aria-label="两个版本对照" sx={{ listStyle: 'none', p: 0, m: 0, gap: 1 }}>
        {shown.map((pair) => (
          <Pair key={`${pair.from?.number}>${pair.to?.number}`} pair={pair} from={from} to={to} />
        ))}
      </Stack>
    </>
  )
}

function Pair({ pair, from, to }: { pair: ComparedPair; from: string; to: string }) {
  const side = (article: ComparedPair['from'], version: string, missing: string) => (
    <Paper variant="outlined" sx={{ p: 1.5, minWidth: 0 }}>
      <Typography component="h3" sx={{ fontWeight: 700 }}>
        {article ? article.number : missing}
        <Typography component="span" variant="body2" sx={{ color: 'text.secondary', ml: 1 }}>
          {version} 版
        </Typography>
      </Typography>
      {article && <ArticleText paragraphs={article.paragraphs} />}
    </Paper>
  )
  return (
    <Box component="li" sx={{ display: 'grid', gap: 1, gridTemplateColumns: { xs: '1fr', md: '1fr 1fr' } }}>
      {side(pair.from, from, '没有对应的条')}
      {side(pair.to, to, '没有对应的条')}
    </Box>
  )
}

/** An editor has read the pairs: from then on reviews lead by them. */
function ConfirmMap({ pairs, code, from, to }: ComparisonProps & { pairs: ComparedPair[] }) {
  const call = useCall()
  const queries = useQueryClient()
  const [refusal, setRefusal] = useState('')
  const confirm = async () => {
    const map = pairs.flatMap((pair) =>
      pair.from ? [{ from: pair.from.number, to: pair.to?.number ?? null, likeness: pair.likeness }] : [],
    )
    try {
      await call('laws.map', { params: { id: code }, body: { from, to, pairs: map } })
      await queries.invalidateQueries({ queryKey: ['laws'] })
    } catch (error) {
      setRefusal(messageOf(error))
    }
  }
  return (
    <Alert severity="info" action={<Button onClick={() => void confirm()}>对照看过了，确认</Button>}>
      左右两边是按文字的相像程度配成对的，还没有人确认。{refusal}
    </Alert>
  )
}
