import { Typography } from '@mui/material'
import { Tile } from '../dashboard/Tile.js'
import { useAsk } from '../use-api.js'

/** Who has not come in yet, and whether there is anybody for the desk at all. */
export function AccountsCard() {
  const list = useAsk('staff.list', { query: { perPage: 100, active: 'true' } })
  const staff = list.data?.items ?? []
  const invited = staff.filter((each) => each.invited)
  const counselors = staff.filter(({ roles }) => roles.includes('counselor') || roles.includes('supervisor'))
  return (
    <Tile title="工作人员" to="/staff" go="管理账号" asked={list}>
      <Typography>
        在用的账号 {list.data?.total ?? 0} 个，其中能接对话的 {counselors.length} 个。
      </Typography>
      {counselors.length === 0 && (
        <Typography sx={{ fontWeight: 700 }}>⚠ 还没有辅导员：有人求助，没有真人能接。</Typography>
      )}
      {invited.length > 0 && (
        <Typography>还没设密码：{invited.map(({ workName }) => workName).join('、')}</Typography>
      )}
    </Tile>
  )
}
