import { Typography } from '@mui/material'
import { Asked } from '../layout/Asked.js'
import { Page } from '../layout/Page.js'
import { useAsk } from '../use-api.js'
import { ChannelCard } from './ChannelCard.js'

/** Every network: whether it works, what it lacks, what to register where. */
export function ChannelList() {
  const asked = useAsk('channels.list', { query: { perPage: 100 } }, { refetchInterval: 60_000 })
  return (
    <Page title="渠道" width={860}>
      <Typography>
        密钥只写在服务器的设置里，这里只看得到有没有，看不到内容。系统每两分钟自己看一次通不通，断了会在每一页上面说。
      </Typography>
      <Asked asked={asked}>
        {({ items }) => items.map((channel) => <ChannelCard key={channel.name} channel={channel} />)}
      </Asked>
    </Page>
  )
}
