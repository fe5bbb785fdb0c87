import { Button } from '@mui/material'
import { LinkBase, useParams } from 'react-admin'
import { Asked } from '../layout/Asked.js'
import { Page } from '../layout/Page.js'
import { useAsk } from '../use-api.js'
import { AccountDoor } from './AccountDoor.js'
import { AccountForm } from './AccountForm.js'

/** One account: name, roles, whether it is in use; and its way in. */
export function StaffEdit() {
  const id = useParams().id ?? ''
  const asked = useAsk('staff.one', { params: { id } })
  return (
    <Page title={asked.data ? `${asked.data.workName}的账号` : '账号'} width={640}>
      <Asked asked={asked}>
        {(account) => (
          <>
            <AccountForm key={id} account={account} />
            <AccountDoor account={account} />
          </>
        )}
      </Asked>
      <Button component={LinkBase} to="/staff" sx={{ alignSelf: 'start' }}>
        回到列表
      </Button>
    </Page>
  )
}
