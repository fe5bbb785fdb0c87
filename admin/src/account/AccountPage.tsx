import { Page } from '../layout/Page.js'
import { PasswordForm } from './PasswordForm.js'
import { Sessions } from './Sessions.js'

/** One's own account: password, and where one is signed in. */
export const AccountPage = () => (
  <Page title="我的账号" width={720}>
    <PasswordForm />
    <Sessions />
  </Page>
)
