import { z } from 'zod'
import { TextHash } from '../content.js'
import { Hotline } from '../hotline.js'
import { LineForm, LineRow, LineVerification } from '../line.js'
import { Done, listOf, ListQuery, routes } from './route.js'

const READERS = ['editor', 'administrator', 'supervisor', 'counselor'] as const
const KEEPERS = ['editor', 'administrator'] as const
const LineParams = z.strictObject({ id: Hotline.shape.number })

/** The lines and their hours: a change is live at once. */
export const lineRoutes = routes({
  'lines.list': {
    method: 'get',
    path: '/lines',
    roles: READERS,
    summary: 'Every line with its hours and whether it answers now',
    query: ListQuery,
    reply: listOf(LineRow),
  },
  'lines.one': {
    method: 'get',
    path: '/lines/:id',
    roles: READERS,
    summary: 'One line, by its number',
    params: LineParams,
    reply: LineRow,
  },
  'lines.add': {
    method: 'post',
    path: '/lines',
    roles: KEEPERS,
    summary: 'Add a line; nobody has verified it yet',
    body: z.strictObject({ hash: TextHash, line: LineForm }),
    reply: LineRow,
  },
  'lines.save': {
    method: 'put',
    path: '/lines/:id',
    roles: KEEPERS,
    summary: 'Change a line; other hours or another number end its verification',
    params: LineParams,
    body: z.strictObject({ hash: TextHash, line: LineForm }),
    reply: LineRow,
  },
  'lines.verify': {
    method: 'post',
    path: '/lines/:id/verify',
    roles: KEEPERS,
    summary: 'State that number and hours were checked today, by whom, and until when that holds',
    params: LineParams,
    body: LineVerification.extend({ hash: TextHash }),
    reply: LineRow,
  },
  'lines.remove': {
    method: 'delete',
    path: '/lines/:id',
    roles: KEEPERS,
    summary: 'Remove a line that no text names; police and ambulance stay',
    params: LineParams,
    body: z.strictObject({ hash: TextHash }),
    reply: Done,
  },
})
