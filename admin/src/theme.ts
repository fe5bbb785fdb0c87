import { defaultTheme, type RaThemeOptions } from 'react-admin'
import { zhCN } from '@mui/material/locale'

const fontFamily =
  'system-ui, -apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif'

/** A ring that is seen on every background, for those who work by keyboard. */
const ring = (color: string) => ({ outline: `3px solid ${color}`, outlineOffset: '2px' })

interface Colours {
  mode: 'light' | 'dark'
  primary: string
  onPrimary: string
  focus: string
  page: string
  paper: string
  text: string
  quiet: string
  line: string
  error: string
  warning: string
  success: string
  info: string
}

/** Calm and plain; every pair of text and ground keeps a contrast of 4.5 to 1 (WCAG 2.2 AA). */
function themeOf(colours: Colours): RaThemeOptions {
  return {
    ...defaultTheme,
    ...zhCN,
    palette: {
      mode: colours.mode,
      primary: { main: colours.primary, contrastText: colours.onPrimary },
      secondary: { main: colours.primary, contrastText: colours.onPrimary },
      background: { default: colours.page, paper: colours.paper },
      text: { primary: colours.text, secondary: colours.quiet },
      divider: colours.line,
      error: { main: colours.error },
      warning: { main: colours.warning },
      success: { main: colours.success },
      info: { main: colours.info },
    },
    shape: { borderRadius: 8 },
    typography: { fontFamily, fontSize: 15, button: { textTransform: 'none', fontWeight: 600 } },
    sidebar: { width: 208, closedWidth: 56 },
    components: {
      ...defaultTheme.components,
      ...zhCN.components,
      MuiButtonBase: {
        defaultProps: { disableRipple: true },
        styleOverrides: { root: { '&.Mui-focusVisible': ring(colours.focus) } },
      },
      MuiCssBaseline: {
        styleOverrides: {
          'a:focus-visible, summary:focus-visible, [tabindex]:focus-visible': ring(colours.focus),
          '@media (prefers-reduced-motion: reduce)': {
            '*': { animation: 'none !important', transition: 'none !important' },
          },
        },
      },
      MuiPaper: { styleOverrides: { root: { backgroundImage: 'none' } } },
      MuiAppBar: {
        defaultProps: { color: 'inherit', elevation: 0 },
        styleOverrides: {
          root: { borderBottom: `1px solid ${colours.line}`, backgroundColor: colours.paper },
        },
      },
      MuiTextField: { defaultProps: { variant: 'outlined' } },
      MuiFormControl: { defaultProps: { variant: 'outlined' } },
    },
  }
}

export const lightTheme = themeOf({
  mode: 'light',
  primary: '#17625e',
  onPrimary: '#ffffff',
  focus: '#b35900',
  page: '#f3f6f5',
  paper: '#ffffff',
  text: '#18231f',
  quiet: '#4a5955',
  line: '#d5dedb',
  error: '#b3261e',
  warning: '#8a4b00',
  success: '#1f6f3a',
  info: '#1f5f99',
})

export const darkTheme = themeOf({
  mode: 'dark',
  primary: '#83d0c7',
  onPrimary: '#06201d',
  focus: '#ffb866',
  page: '#101615',
  paper: '#18211f',
  text: '#e7eeeb',
  quiet: '#aebdb8',
  line: '#33423e',
  error: '#ff9a92',
  warning: '#ffb866',
  success: '#84d69a',
  info: '#8cc4ff',
})
