import type { ComponentProps } from 'react'

/** Words and choices that a list is searched by: there is nothing to do wrong. */
export function SearchForm({ onSearch, ...rest }: Omit<ComponentProps<'form'>, 'onSubmit'> & { onSearch: () => void }) {
  return (
    <form
      role="search"
      {...rest}
      onSubmit={(event) => {
        event.preventDefault()
        onSearch()
      }}
    />
  )
}
