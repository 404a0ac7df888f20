/** The names of classes that hold, as className wants them. */
export const classes = (...names: (string | false | undefined)[]) => names.filter(Boolean).join(' ')
