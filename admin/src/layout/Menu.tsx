import { Fragment } from 'react'
import { ListSubheader } from '@mui/material'
import { Menu as AdminMenu, useSidebarState } from 'react-admin'
import { openTo, type Pages } from '../pages.js'
import { PAGES } from '../resources.js'
import { useMe } from '../use-api.js'

const GROUPS: readonly Pages['options']['group'][] = ['值守', '内容', '管理']

/** The pages this person may open, under their headings. */
export function Menu() {
  const pages = openTo(useMe(), PAGES)
  const [open] = useSidebarState()
  return (
    <AdminMenu>
      <AdminMenu.DashboardItem primaryText="首页" />
      {GROUPS.map((group) => {
        const ours = pages.filter(({ options }) => options.group === group)
        if (ours.length === 0) return null
        return (
          <Fragment key={group}>
            {open && (
              <ListSubheader component="div" disableSticky sx={{ bgcolor: 'transparent', lineHeight: '2.4' }}>
                {group}
              </ListSubheader>
            )}
            {ours.map(({ name }) => (
              <AdminMenu.ResourceItem key={name} name={name} />
            ))}
          </Fragment>
        )
      })}
    </AdminMenu>
  )
}
