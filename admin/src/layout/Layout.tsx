import { Suspense } from 'react'
import { Layout as AdminLayout, type LayoutProps } from 'react-admin'
import { Troubles } from '../channels/Troubles.js'
import { DeskAlerts } from '../desk/DeskAlerts.js'
import { allows } from '../session.js'
import { useMe } from '../use-api.js'
import { AppBar } from './AppBar.js'
import { LiveUpdates } from './LiveUpdates.js'
import { Menu } from './Menu.js'
import { Waiting } from './Waiting.js'

/** The frame of every page inside: bar, menu, live updates, and for the desk its alerts wherever one is. */
export function Layout({ children }: LayoutProps) {
  const me = useMe()
  return (
    <AdminLayout
      appBar={AppBar}
      menu={Menu}
      appBarAlwaysOn
      sx={{ minWidth: 0, '& .RaLayout-content': { minWidth: 0 } }}
    >
      <LiveUpdates>
        {me && <Troubles />}
        {me && allows(me, 'escalations.list') && <DeskAlerts me={me} />}
        <Suspense fallback={<Waiting />}>{children}</Suspense>
      </LiveUpdates>
    </AdminLayout>
  )
}
