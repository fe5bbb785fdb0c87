import { Button, Card, CardContent } from '@mui/material'
import { LinkBase, useNavigate, useNotify } from 'react-admin'
import { useQueryClient } from '@tanstack/react-query'
import { Asked } from '../layout/Asked.js'
import { Page } from '../layout/Page.js'
import { useAsk, useCall } from '../use-api.js'
import { LineForm } from './LineForm.js'

const NEW = {
  number: '',
  name: '',
  purpose: '',
  region: '内蒙古',
  contact: ['call' as const],
  danger: [],
  hours: { workday: [{ from: '09:00', to: '17:00' }], restday: [], holiday: [] },
}

/** A new line: live at once, and called unverified until somebody has checked it. */
export function LineCreate() {
  const call = useCall()
  const notify = useNotify()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const asked = useAsk('lines.list', { query: { perPage: 100 } })
  return (
    <Page title="加一个电话" width={720}>
      <Asked asked={asked}>
        {({ items }) => (
          <Card variant="outlined">
            <CardContent>
              <LineForm
                initial={NEW}
                isProtected={false}
                onSave={async (line) => {
                  await call('lines.add', { body: { hash: items[0]?.hash ?? '', line } })
                  await queries.invalidateQueries({ queryKey: ['lines'] })
                  notify('加好了。打过去问清楚，再点“核实”。', { type: 'success' })
                  navigate(`/lines/${line.number}`)
                }}
              />
            </CardContent>
          </Card>
        )}
      </Asked>
      <Button component={LinkBase} to="/lines" sx={{ alignSelf: 'start' }}>
        回到列表
      </Button>
    </Page>
  )
}
