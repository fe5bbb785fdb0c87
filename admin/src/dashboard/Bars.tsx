import { Box } from '@mui/material'

interface Bar {
  label: string
  count: number
  colour: string
}

/** A few figures as bars; the table itself is what a screen reader reads. */
export function Bars({ caption, bars }: { caption: string; bars: readonly Bar[] }) {
  const most = Math.max(1, ...bars.map(({ count }) => count))
  return (
    <Box component="table" sx={{ width: '100%', borderCollapse: 'collapse' }}>
      <Box component="caption" sx={{ textAlign: 'left', color: 'text.secondary', pb: 0.5 }}>
        {caption}
      </Box>
      <tbody>
        {bars.map(({ label, count, colour }) => (
          <tr key={label}>
            <Box
              component="th"
              scope="row"
              sx={{ textAlign: 'left', fontWeight: 400, width: '6.5em', py: 0.5 }}
            >
              {label}
            </Box>
            <Box component="td" sx={{ position: 'relative', width: 'auto' }}>
              <Box
                aria-hidden
                sx={{ height: 14, borderRadius: 1, bgcolor: colour, width: `${(count / most) * 100}%` }}
              />
            </Box>
            <Box component="td" sx={{ textAlign: 'right', width: '2.5em', fontWeight: 700 }}>
              {count}
            </Box>
          </tr>
        ))}
      </tbody>
    </Box>
  )
}
