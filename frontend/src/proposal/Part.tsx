/** A part of what the author wrote, in paragraphs that run in their own direction; the heading is in the page's language. */
export function Part({ heading, text, lang }: { heading: string; text?: string; lang: string }) {
  if (!text) return null
  return (
    <>
      <h2 lang={lang}>{heading}</h2>
      {text.split(/\n\s*\n/).map((paragraph, index) => (
        <p key={index} className="lines" dir="auto">
          {paragraph}
        </p>
      ))}
    </>
  )
}
