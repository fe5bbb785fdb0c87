import { useState } from 'react'
import {
  Alert,
  Box,
  Button,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  Typography,
} from '@mui/material'
import { LinkBase } from 'react-admin'
import { ADMINISTRATORS_LEAST, DESK_LEAST, type GoLive } from '../../../shared/go-live.js'
import { Asked } from '../layout/Asked.js'
import { Page } from '../layout/Page.js'
import { channelWord } from '../desk/words.js'
import { CHECK_WORDS } from '../lines/words.js'
import { useAct } from '../release/use-act.js'
import { releaseName } from '../release/words.js'
import { allows } from '../session.js'
import { useAsk, useCall, useMe } from '../use-api.js'
import { FILE_WORDS } from '../wording/words.js'
import { Item } from './Item.js'
import { StatementItem } from './StatementItem.js'

/** The list a person goes through before the demo ends, and what has lapsed since. */
export function GoLivePage() {
  const asked = useAsk('go-live.view', {}, { refetchInterval: 60_000 })
  return (
    <Page title="上线清单" width={860}>
      <Asked asked={asked}>
        {(list) => (
          <>
            <Standing list={list} />
            <Box component="ol" sx={{ listStyle: 'none', p: 0, m: 0, display: 'grid', gap: 1.5 }}>
              {list.statements.map((statement) => (
                <StatementItem
                  key={`${statement.name}:${statement.said?.at ?? ''}`}
                  statement={statement}
                  notice={list.notice}
                />
              ))}
              <Computed list={list} />
            </Box>
          </>
        )}
      </Asked>
    </Page>
  )
}

function Standing({ list }: { list: GoLive }) {
  const { real, since, by, ready } = list
  if (real)
    return (
      <>
        {!ready && (
          <Alert severity="error">
            已经正式启用，但清单里有的条件现在不满足了，看下面“还没好”的。热线不会自己停，请尽快补上。
          </Alert>
        )}
        <Alert severity="success">
          这是真正的热线，{by?.workName || '已停用的账号'}
          {since && `，${releaseName(since)} 启用`}。
        </Alert>
        <Switch on={false} ready={ready} />
      </>
    )
  return (
    <>
      <Alert severity={ready ? 'success' : 'info'}>
        现在是演示：每一页、第一句回答都写着“演示系统，不是真正的热线”。
        {ready ? '清单都好了，可以正式启用。' : '下面每一条都好了，才能正式启用。'}
      </Alert>
      <Switch on ready={ready} />
    </>
  )
}

function Switch({ on, ready }: { on: boolean; ready: boolean }) {
  const me = useMe()
  const call = useCall()
  const { act, busy, refusal } = useAct('go-live')
  const [asking, setAsking] = useState(false)
  if (!allows(me, 'go-live.set')) return null
  const label = on ? '正式启用' : '退回演示'
  const set = async () => {
    if (await act(() => call('go-live.set', { body: { real: on } }), on ? '正式启用了。' : '退回演示了。'))
      setAsking(false)
  }
  return (
    <div>
      <Button variant={on ? 'contained' : 'outlined'} disabled={on && !ready} onClick={() => setAsking(true)}>
        {label}
      </Button>
      <Dialog open={asking} onClose={() => setAsking(false)} aria-labelledby="switch-title">
        <DialogTitle id="switch-title">{label}？</DialogTitle>
        <DialogContent>
          <Typography>
            {on
              ? '几秒钟以后，孩子看到的就是真正的热线，“演示系统”几个字不再出现。从这一刻起，会有孩子真的来求助。'
              : '几秒钟以后，每一页又会写上“演示系统，不是真正的热线”。正在等的孩子还在队列里，请先接完。'}
          </Typography>
          {refusal && <Alert severity="error">{refusal}</Alert>}
        </DialogContent>
        <DialogActions>
          <Button onClick={() => setAsking(false)}>先不</Button>
          <Button
            variant="contained"
            color={on ? 'primary' : 'error'}
            disabled={busy}
            onClick={() => void set()}
          >
            {label}
          </Button>
        </DialogActions>
      </Dialog>
    </div>
  )
}

const names = (channels: readonly { name: string }[]) =>
  channels.map(({ name }) => channelWord(name)).join('、')

/** What the program itself can see. */
function Computed({ list: { lines, staff, signed, abroad } }: { list: GoLive }) {
  return (
    <>
      <Item title="电话都核实过" holds={lines.holds}>
        <Typography>每个电话都要有人真的打过，号码和时间是对的。</Typography>
        {lines.missing.length > 0 && (
          <Box component="ul" sx={{ m: 0, pl: 3 }}>
            {lines.missing.map(({ number, name, check }) => (
              <li key={number}>
                <LinkBase to={`/lines/${number}`}>
                  {number} {name}
                </LinkBase>
                ：{CHECK_WORDS[check].label}
              </li>
            ))}
          </Box>
        )}
      </Item>
      <Item title="有人值守" holds={staff.holds}>
        <Typography>
          能接对话的账号（辅导员、督导）至少 {DESK_LEAST} 个，现在 {staff.desk} 个；管理员至少{' '}
          {ADMINISTRATORS_LEAST} 个，现在 {staff.administrators} 个。没设密码的不算。
        </Typography>
        {!staff.holds && <LinkBase to="/staff">去加账号</LinkBase>}
      </Item>
      <Item title="危险时说的话都签过字" holds={signed.holds}>
        <Typography>
          紧急的话题，和系统自己要说的话，都要专业的人读过、签过字，还在有效期里。看的是正在用的版本：签完要发布。
        </Typography>
        {signed.intents.length > 0 && (
          <details>
            <summary>还有 {signed.intents.length} 个紧急的话题没签</summary>
            <ul>
              {signed.intents.map(({ id, title }) => (
                <li key={id}>
                  <LinkBase to={`/intents/${id}`}>{title}</LinkBase>
                </li>
              ))}
            </ul>
          </details>
        )}
        {signed.wording.length > 0 && (
          <Typography>
            <LinkBase to="/wording">系统用语</LinkBase>还没签的：
            {signed.wording.map(({ file, count }) => `${FILE_WORDS[file] ?? file} ${count} 句`).join('，')}
          </Typography>
        )}
        {signed.expiring > 0 && <Alert severity="warning">有 {signed.expiring} 处签字 30 天内到期。</Alert>}
      </Item>
      <Item title="数据不出境" holds={abroad.holds}>
        <Typography>
          {abroad.holds
            ? abroad.channels.length === 0
              ? '现在没有服务器在国外的渠道，不需要另办手续。'
              : `${names(abroad.channels)}的服务器在国外，合规结论已经记下。`
            : `${names(abroad.channels.filter(({ ruled }) => !ruled))}的服务器在国外。要先有书面的法律意见，记下结论才会打开；不用它，就去掉它的设置。`}
        </Typography>
        {abroad.channels.length > 0 && <LinkBase to="/channels">去看渠道</LinkBase>}
      </Item>
    </>
  )
}
