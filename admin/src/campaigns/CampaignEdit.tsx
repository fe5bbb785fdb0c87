import { Alert, Box, Button } from '@mui/material'
import { LinkBase, Title, useNavigate, useNotify, useParams } from 'react-admin'
import { useQueryClient } from '@tanstack/react-query'
import { messageOf } from '../call.js'
import { Waiting } from '../layout/Waiting.js'
import { useAsk, useCall } from '../use-api.js'
import { CampaignForm } from './CampaignForm.js'
import { draftFrom } from './draft.js'

/** Changes a warning: whatever was approved must be approved again. */
export function CampaignEdit() {
  const id = useParams().id ?? ''
  const call = useCall()
  const notify = useNotify()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const choices = useAsk('campaigns.choices', {})
  const asked = useAsk('campaigns.one', { params: { id } })
  const failed = choices.error ?? asked.error
  if (failed) return <Alert severity="error">{messageOf(failed)}</Alert>
  if (!asked.data || !choices.data) return <Waiting />
  const { version, state } = asked.data
  return (
    <Box sx={{ maxWidth: 1100, width: '100%', mx: 'auto', py: 2 }}>
      <Title title="改这条预警" />
      {(state === 'approved' || state === 'submitted') && (
        <Alert severity="warning" sx={{ mb: 2 }}>
          存下以后，原来的批准就不算了，要请同事再批准一次。
        </Alert>
      )}
      <CampaignForm
        key={version}
        initial={draftFrom(asked.data)}
        choices={choices.data}
        onSave={async (draft) => {
          await call('campaigns.update', { params: { id }, body: { ...draft, version } })
          await queries.invalidateQueries({ queryKey: ['campaigns'] })
          notify('改好了。', { type: 'success' })
          navigate(`/campaigns/${id}/show`)
        }}
      />
      <Button component={LinkBase} to={`/campaigns/${id}/show`} sx={{ mt: 2 }}>
        不改了，回去
      </Button>
    </Box>
  )
}
