import { Admin, CustomRoutes, reactRouterProvider, Resource } from 'react-admin'
import polyglot from 'ra-i18n-polyglot'
import { createAuthProvider } from './auth-provider.js'
import { createCaller } from './call.js'
import { createDataProvider } from './data-provider.js'
import { Dashboard } from './dashboard/Dashboard.js'
import { Layout } from './layout/Layout.js'
import { Nowhere } from './layout/Nowhere.js'
import { Waiting } from './layout/Waiting.js'
import { lazily } from './lazily.js'
import { openTo } from './pages.js'
import { PAGES } from './resources.js'
import type { Me } from './session.js'
import { SignInPage } from './sign-in/SignInPage.js'
import { WelcomePage } from './sign-in/WelcomePage.js'
import { darkTheme, lightTheme } from './theme.js'
import { zh } from './zh.js'

const caller = createCaller()
const dataProvider = createDataProvider(caller)
const authProvider = createAuthProvider(caller)
const i18nProvider = polyglot(() => zh, 'zh', [{ locale: 'zh', name: '简体中文' }])
const { Route } = reactRouterProvider
const AccountPage = lazily(() => import('./account/AccountPage.js'), 'AccountPage')

/** The console: who may do what comes from the table of routes, what there is from resources.ts. */
export const App = () => (
  <Admin
    title="青安管理台"
    dataProvider={dataProvider}
    authProvider={authProvider}
    i18nProvider={i18nProvider}
    theme={lightTheme}
    darkTheme={darkTheme}
    layout={Layout}
    loading={Waiting}
    loginPage={SignInPage}
    catchAll={Nowhere}
    dashboard={Dashboard}
    requireAuth
    disableTelemetry
  >
    {(me: Me | null) => [
      ...openTo(me ?? undefined, PAGES).map((pages) => <Resource key={pages.name} {...pages} />),
      <CustomRoutes key="account">
        <Route path="/account" element={<AccountPage />} />
      </CustomRoutes>,
    ]}
    <CustomRoutes noLayout>
      <Route path="/welcome/:token" element={<WelcomePage />} />
    </CustomRoutes>
  </Admin>
)
