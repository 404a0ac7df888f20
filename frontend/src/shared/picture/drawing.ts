/** Our own drawings, one for each theme of the presets. */
const drawings = import.meta.glob<string>('./theme/*.svg', { query: '?url', import: 'default', eager: true })

/** The address of a theme's drawing; themes that a city has added have the one for ideas of any kind. */
export const drawingOf = (theme = ''): string => drawings[`./theme/${theme}.svg`] ?? drawings['./theme/idea.svg'] ?? ''
