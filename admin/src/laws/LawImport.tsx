import { useRef } from 'react'
import { Alert, Box, Button, LinearProgress, Stack, Typography } from '@mui/material'
import Upload from '@mui/icons-material/UploadFile'
import { LinkBase } from 'react-admin'
import type { ImportedVersion } from '../../../shared/law.js'
import { Page } from '../layout/Page.js'
import { useImport, type Progress } from './use-import.js'

const OUTCOMES: Record<ImportedVersion['outcome'], string> = {
  new: '新的',
  changed: '有改动',
  same: '没有变化',
  repealed: '不再有效',
}

/** Choose files, see what they would change and what is wrong, then take them all over. */
export function LawImport() {
  const input = useRef<HTMLInputElement>(null)
  const { progress, choose, take } = useImport()
  const { step, reports, refusal } = progress
  const busy = step === 'checking' || step === 'importing'
  const faults = reports.flatMap((report) => report.faults)
  const versions = reports.flatMap((report) => report.versions)
  const changes = versions.filter(({ outcome }) => outcome !== 'same')
  return (
    <Page title="导入法律原文" width={800}>
      <Typography>
        可以选
        Markdown、纯文本文件或压缩包，一次可以选很多个；有目录文件的请一起选。先检查，不会改动任何东西。
      </Typography>
      <Box>
        <Button
          variant="contained"
          startIcon={<Upload />}
          disabled={busy}
          onClick={() => input.current?.click()}
        >
          选文件
        </Button>
        <input
          hidden
          multiple
          ref={input}
          type="file"
          accept=".md,.markdown,.txt,.zip,.json"
          onChange={(event) => {
            void choose([...(event.target.files ?? [])])
            event.target.value = ''
          }}
        />
      </Box>
      {refusal && <Alert severity="error">{refusal}</Alert>}
      {busy && <Bar progress={progress} />}
      {faults.length > 0 && (
        <Alert severity="error">
          有 {faults.length} 处错误，什么都没有改动。请改好再导入：
          <Stack component="ul" sx={{ m: 0, pl: 2 }}>
            {faults.slice(0, 50).map(({ path, line, what }, i) => (
              <li key={i}>
                {path}
                {line > 0 && ` 第 ${line} 行`}：{what}
              </li>
            ))}
          </Stack>
        </Alert>
      )}
      {step === 'done' && faults.length === 0 && (
        <Alert
          severity="success"
          action={
            <Button component={LinkBase} to="/law-reviews">
              看看要核对的法条
            </Button>
          }
        >
          {changes.length > 0 ? `导入好了：${changes.length} 个版本有变化。` : '都已经有了，没有改动。'}
        </Alert>
      )}
      {(step === 'checked' || step === 'done') && <Changes versions={changes} />}
      {step === 'checked' && faults.length === 0 && (
        <Box>
          {changes.length > 0 ? (
            <Button variant="contained" onClick={() => void take()}>
              导入这 {changes.length} 个版本
            </Button>
          ) : (
            <Alert severity="info">检查完了：都已经有了，没有要导入的。</Alert>
          )}
        </Box>
      )}
    </Page>
  )
}

function Bar({ progress: { step, done, all } }: { progress: Progress }) {
  const label = step === 'checking' ? `正在检查：${done} / ${all}` : '正在导入…'
  return (
    <Box role="status">
      <Typography>{label}</Typography>
      <LinearProgress
        aria-label={label}
        variant={step === 'checking' ? 'determinate' : 'indeterminate'}
        value={all ? Math.round((done / all) * 100) : 0}
      />
    </Box>
  )
}

function Changes({ versions }: { versions: ImportedVersion[] }) {
  return (
    <Stack component="ul" aria-label="会有的变化" sx={{ listStyle: 'none', p: 0, m: 0, gap: 1 }}>
      {versions.map(({ statute, version, effective, outcome, articles, difference, notices }) => (
        <Box key={`${statute}@${version}`} component="li">
          <Typography>
            {OUTCOMES[outcome]}：《{statute}》{version} 版，{effective} 起施行，{articles} 条
          </Typography>
          <Typography variant="body2" sx={{ color: 'text.secondary' }}>
            {difference.added.length + difference.removed.length + difference.changed.length > 0 &&
              `和之前比，多 ${difference.added.length} 条，少 ${difference.removed.length} 条，${difference.changed.length} 条文字不同。`}
            {notices.join('；')}
          </Typography>
        </Box>
      ))}
    </Stack>
  )
}
