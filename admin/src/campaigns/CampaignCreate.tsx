import { useMemo } from 'react'
import { Alert, Box } from '@mui/material'
import { reactRouterProvider, Title, useNavigate, useNotify } from 'react-admin'
import { messageOf } from '../call.js'
import { Waiting } from '../layout/Waiting.js'
import { useAsk, useCall } from '../use-api.js'
import { CampaignForm } from './CampaignForm.js'
import { emptyDraft, withTemplate } from './draft.js'

/** A new warning, begun from a template where the address names one: ?template=hiv/aids-day-kind */
export function CampaignCreate() {
  const call = useCall()
  const notify = useNotify()
  const navigate = useNavigate()
  const wanted = new URLSearchParams(reactRouterProvider.useLocation().search).get('template')
  const choices = useAsk('campaigns.choices', {})
  const templates = useAsk('warnings.list', { query: { perPage: 100 } })
  const initial = useMemo(() => {
    if (!choices.data || !templates.data) return null
    const empty = emptyDraft(choices.data.channels)
    const template = templates.data.items.find(({ id }) => id === wanted)
    return template ? withTemplate(empty, template) : empty
  }, [choices.data, templates.data, wanted])

  const failed = choices.error ?? templates.error
  if (failed) return <Alert severity="error">{messageOf(failed)}</Alert>
  if (!initial || !choices.data) return <Waiting />
  return (
    <Box sx={{ maxWidth: 1100, width: '100%', mx: 'auto', py: 2 }}>
      <Title title="写一条预警" />
      <CampaignForm
        initial={initial}
        choices={choices.data}
        onSave={async (body) => {
          const { id } = await call('campaigns.create', { body })
          notify('存下了。看过没问题，就请同事批准。', { type: 'success' })
          navigate(`/campaigns/${id}/show`)
        }}
      />
    </Box>
  )
}
