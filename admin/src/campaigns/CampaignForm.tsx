import { useState, type FormEvent } from 'react'
import {
  Alert,
  Box,
  Button,
  Checkbox,
  FormControl,
  FormControlLabel,
  FormGroup,
  FormLabel,
  MenuItem,
  TextField,
} from '@mui/material'
import type { CampaignChoices } from '../../../shared/api/campaigns.js'
import { Audience, CampaignDraft, PUSH_MAX, PushText } from '../../../shared/campaign.js'
import { messageOf } from '../call.js'
import { channelWord } from '../desk/words.js'
import { fault } from '../fault.js'
import { bubbleOf } from './bubble.js'
import { toDraft, withTemplate, type DraftForm } from './draft.js'
import { PhonePreview } from './PhonePreview.js'
import { ScheduleInputs } from './ScheduleInputs.js'
import { TemplatePicker } from './TemplatePicker.js'
import { AUDIENCE_WORDS } from './words.js'

interface FormProps {
  initial: DraftForm
  choices: CampaignChoices
  /** Rejects with the server's own words for what is wrong. */
  onSave(draft: CampaignDraft): Promise<void>
}

/** Writing a warning, with the phone it will be read on beside it. */
export function CampaignForm({ initial, choices, onSave }: FormProps) {
  const [draft, setDraft] = useState(initial)
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState('')
  const set = (part: Partial<DraftForm>) => setDraft((before) => ({ ...before, ...part }))
  const setText = (part: Partial<PushText>) => set({ text: { ...draft.text, ...part } })
  const titleOf = (topic: string) => choices.topics.find(({ id }) => id === topic)?.title ?? topic
  const topic = choices.topics.find(({ id }) => id === draft.topic)
  const shown = (wrong: string) => (tried ? wrong : '')
  const textFault = shown(fault(PushText.shape.zh, draft.text.zh, '写 10 到 180 个字'))
  const topicFault = shown(draft.topic ? '' : '选一种')
  const channelFault = shown(draft.channels.length ? '' : '至少选一个')
  const count = [...draft.text.zh].length

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    const parsed = CampaignDraft.safeParse(toDraft(draft))
    if (!parsed.success) {
      setRefusal(draft.date ? '有的地方没有填对，请看红字。' : '请选哪一天发。')
      return
    }
    setBusy(true)
    setRefusal('')
    try {
      await onSave(parsed.data)
    } catch (error) {
      setRefusal(messageOf(error))
      setBusy(false)
    }
  }

  return (
    <Box sx={{ display: 'grid', gap: 4, gridTemplateColumns: { md: '3fr 2fr' }, alignItems: 'start' }}>
      <Box
        component="form"
        noValidate
        onSubmit={(event: FormEvent) => void submit(event)}
        sx={{ display: 'grid', gap: 2.5, minWidth: 0 }}
      >
        <TemplatePicker
          value={draft.template}
          titleOf={titleOf}
          onPick={(template) => setDraft((before) => withTemplate(before, template))}
        />
        <TextField
          select
          label="哪一种提醒"
          required
          value={draft.topic}
          error={topicFault !== ''}
          helperText={topicFault || (topic ? `${topic.subscribed} 人订了` : '只发给订了这一种的人')}
          onChange={(event) => set({ topic: event.target.value })}
        >
          {choices.topics.map(({ id, title, minAge }) => (
            <MenuItem key={id} value={id}>
              {title}
              {minAge !== null && `（满 ${minAge} 岁）`}
            </MenuItem>
          ))}
        </TextField>
        <TextField
          label="要说的话"
          required
          multiline
          minRows={4}
          value={draft.text.zh}
          error={textFault !== '' || count > PUSH_MAX}
          helperText={
            textFault ||
            `${count} / ${PUSH_MAX} 个字。一件马上能做的事，一个电话（写成 {{hotline.110}}）。不说轻生、方法和案例。`
          }
          onChange={(event) => setText({ zh: event.target.value })}
        />
        <TextField
          label="蒙古文（只由译者填写，可以空着）"
          multiline
          minRows={2}
          value={draft.text.mn ?? ''}
          helperText="有蒙古文时，会接在汉语下面一起发"
          onChange={(event) => setText({ mn: event.target.value || null })}
        />
        <TextField
          select
          label="发给谁"
          value={draft.audience}
          onChange={(event) => set({ audience: Audience.parse(event.target.value) })}
        >
          {Audience.options.map((each) => (
            <MenuItem key={each} value={each}>
              {AUDIENCE_WORDS[each]}
            </MenuItem>
          ))}
        </TextField>
        <ScheduleInputs value={draft} onChange={set} />
        <FormControl component="fieldset" error={channelFault !== ''}>
          <FormLabel component="legend">从哪里发</FormLabel>
          <FormGroup row>
            {choices.channels.map((channel) => (
              <FormControlLabel
                key={channel}
                label={channelWord(channel)}
                control={
                  <Checkbox
                    checked={draft.channels.includes(channel)}
                    onChange={(_, on) =>
                      set({
                        channels: on
                          ? [...draft.channels, channel]
                          : draft.channels.filter((each) => each !== channel),
                      })
                    }
                  />
                }
              />
            ))}
          </FormGroup>
          {channelFault}
        </FormControl>
        {refusal && <Alert severity="error">{refusal}</Alert>}
        <div>
          <Button type="submit" variant="contained" disabled={busy}>
            存下
          </Button>
        </div>
      </Box>
      <Box sx={{ position: { md: 'sticky' }, top: 80 }}>
        <PhonePreview text={bubbleOf(draft.topic, draft.text, choices)} count={count} />
      </Box>
    </Box>
  )
}
