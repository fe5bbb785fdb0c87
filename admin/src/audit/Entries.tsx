import {
  Button,
  Paper,
  Table,
  TableBody,
  TableCell,
  TableContainer,
  TableHead,
  TableRow,
  Typography,
} from '@mui/material'
import type { AuditEntry } from '../../../shared/api/audit.js'
import { timeOf } from '../desk/words.js'
import { VERB_WORDS } from './words.js'

interface EntriesProps {
  entries: readonly AuditEntry[]
  /** Shows only what was done to one thing; null when that is so already. */
  onlyAbout: ((subject: string) => void) | null
}

/** The entries as a table: on a phone it scrolls by itself. */
export function Entries({ entries, onlyAbout }: EntriesProps) {
  const now = new Date()
  return (
    <TableContainer component={Paper} variant="outlined" tabIndex={0} aria-label="操作记录">
      <Table size="small">
        <TableHead>
          <TableRow>
            <TableCell>时间</TableCell>
            <TableCell>谁</TableCell>
            <TableCell>做了什么</TableCell>
            <TableCell>对象的编号</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {entries.map(({ id, at, staff, verb, subject, times }) => (
            <TableRow key={id}>
              <TableCell sx={{ whiteSpace: 'nowrap' }}>{timeOf(at, now)}</TableCell>
              <TableCell sx={{ whiteSpace: 'nowrap' }}>{staff?.workName ?? '没登录的人'}</TableCell>
              <TableCell sx={{ minWidth: '8rem' }}>
                {VERB_WORDS[verb]}
                {times > 1 && `（一分钟内 ${times} 次）`}
              </TableCell>
              <TableCell>
                {onlyAbout && subject ? (
                  <Button size="small" onClick={() => onlyAbout(subject)} sx={{ fontWeight: 400 }}>
                    {subject}
                  </Button>
                ) : (
                  subject
                )}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {entries.length === 0 && <Typography sx={{ p: 3 }}>没有符合条件的记录。</Typography>}
    </TableContainer>
  )
}
