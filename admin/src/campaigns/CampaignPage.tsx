import { Alert, Box, Button, Card, CardContent, Skeleton, Stack, Typography } from '@mui/material'
import { LinkBase, Title, useParams } from 'react-admin'
import type { Campaign } from '../../../shared/campaign.js'
import { messageOf } from '../call.js'
import { channelWord } from '../desk/words.js'
import { Waiting } from '../layout/Waiting.js'
import { useAsk } from '../use-api.js'
import { Actions } from './Actions.js'
import { AudienceCard } from './AudienceCard.js'
import { PhonePreview } from './PhonePreview.js'
import { ReportCard } from './ReportCard.js'
import { StateChip } from './StateChip.js'
import { AUDIENCE_WORDS, CAUTION_WORDS, planOf, STATE_WORDS, STEP_WORDS, whenOf } from './words.js'

const OVER: Campaign['state'][] = ['done', 'stopped']

/** One warning: what will be said, to how many, when, what to mind, who has decided; and what became of it. */
export function CampaignPage() {
  const id = useParams().id ?? ''
  const asked = useAsk('campaigns.one', { params: { id } })
  const choices = useAsk('campaigns.choices', {})
  const preview = useAsk('campaigns.preview', { params: { id } })
  if (asked.isPending) return <Waiting />
  if (!asked.data)
    return (
      <Alert severity="error" sx={{ my: 2 }}>
        {messageOf(asked.error)}
      </Alert>
    )
  const campaign = asked.data
  const { state, topic, nextAt, occurrences, channels, audience, history, approver } = campaign
  const title = choices.data?.topics.find((each) => each.id === topic)?.title ?? ''
  const over = OVER.includes(state)
  return (
    <Box sx={{ maxWidth: 1100, width: '100%', mx: 'auto', py: 2 }}>
      <Title title={title} />
      <Stack direction="row" sx={{ gap: 1, alignItems: 'center', flexWrap: 'wrap', mb: 1 }}>
        <Typography component="h1" variant="h5">
          {title}
        </Typography>
        <StateChip state={state} />
        <Typography sx={{ color: 'text.secondary' }}>{STATE_WORDS[state].meaning}</Typography>
      </Stack>
      <Box sx={{ mb: 3 }}>
        <Actions campaign={campaign} />
      </Box>
      <Box sx={{ display: 'grid', gap: 3, gridTemplateColumns: { md: '2fr 3fr' }, alignItems: 'start' }}>
        {preview.data ? <PhonePreview text={preview.data.text} /> : <Skeleton height={320} />}
        <Stack sx={{ gap: 2, minWidth: 0 }}>
          {!over && preview.data?.cautions.length ? (
            <Alert severity="warning">
              <Typography sx={{ fontWeight: 700 }}>批准之前要留意</Typography>
              <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
                {preview.data.cautions.map(({ code, about }) => (
                  <li key={code + about}>{CAUTION_WORDS[code](about)}</li>
                ))}
              </Box>
            </Alert>
          ) : null}
          <Card variant="outlined">
            <CardContent>
              <Typography component="h2" variant="h6">
                什么时候，发给谁
              </Typography>
              <Typography>
                {nextAt ? `下一次：${whenOf(nextAt)}` : `最后一次：${whenOf(occurrences.at(-1) ?? '')}`}
              </Typography>
              <Typography>{planOf(campaign)}</Typography>
              <Typography>
                {AUDIENCE_WORDS[audience]}，从{channels.map(channelWord).join('、')}发
              </Typography>
              <Typography>{approver ? `${approver.workName} 批准的` : '还没有人批准'}</Typography>
            </CardContent>
          </Card>
          <ReportCard id={id} />
          {!over && <AudienceCard id={id} />}
          <Card variant="outlined">
            <CardContent>
              <Typography component="h2" variant="h6">
                经过
              </Typography>
              <Box component="ol" sx={{ m: 0, pl: 2.5 }}>
                {history.map(({ at, by, did, note }) => (
                  <li key={at + did}>
                    {whenOf(at)} · {by.workName} {STEP_WORDS[did]}
                    {note && `：${note}`}
                  </li>
                ))}
              </Box>
            </CardContent>
          </Card>
        </Stack>
      </Box>
      <Button component={LinkBase} to="/campaigns" sx={{ mt: 2 }}>
        回到列表
      </Button>
    </Box>
  )
}
