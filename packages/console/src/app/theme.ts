import {
  Badge,
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  Menu,
  Modal,
  Notification,
} from '@mantine/core'

/** A blue green that has 4.5:1 against white from its seventh shade on. */
const turant: MantineColorsTuple = [
  '#e6f6f8',
  '#d0eaee',
  '#a2d5dd',
  '#70bfcb',
  '#4badbc',
  '#35a2b3',
  '#1b8a9c',
  '#0b7285',
  '#0a5f6f',
  '#054d5b',
]

export const theme = createTheme({
  primaryColor: 'turant',
  // The kit reckons the words on a filled button from the light shade: the dark one must carry white as well.
  primaryShade: { light: 7, dark: 7 },
  autoContrast: true,
  colors: { turant },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Badge: Badge.extend({ defaultProps: { miw: 'max-content' } }), // a state that is cut off says nothing
    // A place for the focus that is no item: no child of a menu may be such.
    Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false } }),
    // Under a title the kit writes in a grey that has 3.3:1 against white.
    Notification: Notification.extend({ styles: { description: { color: 'var(--mantine-color-dimmed)' } } }),
    // The head of a dialog is no banner of the page.
    Modal: Modal.extend({ defaultProps: { attributes: { header: { role: 'presentation' } } } }),
  },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Devanagari", sans-serif',
})

/** White words on red: 5.6:1. */
const filledRed = { '--mantine-color-red-filled': '#c92a2a', '--mantine-color-red-filled-hover': '#b02525' }

/** Words on the light shade of their own colour, and words that step back: 4.5:1 at least, where the kit's own have less. */
export const readable: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...filledRed,
    '--mantine-color-dimmed': '#545b62',
    '--mantine-color-placeholder': '#6b7279',
    '--mantine-color-yellow-light-color': '#7a4100',
    '--mantine-color-red-light-color': '#a01717',
    '--mantine-color-green-light-color': '#1b6030',
    '--mantine-color-blue-light-color': '#114a85',
    '--mantine-color-gray-light-color': '#3d4348',
    '--mantine-color-turant-light-color': '#074c58',
    '--mantine-color-error': '#b42318',
    '--mantine-color-red-outline': '#a01717',
  },
  dark: {
    ...filledRed,
    '--mantine-color-dimmed': '#a9afb5',
    '--mantine-color-placeholder': '#949aa0',
    '--mantine-color-error': '#ff9c9c',
  },
})
